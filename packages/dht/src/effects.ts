import type { DhtCode, DhtDropCode, DhtIgnoreCode } from './codes.ts';
import type { Endpoint } from './endpoint.ts';
import type { SignedValue } from './value.ts';

/** What a `DhtNode` wants done, or has to tell (DHT-32 to DHT-46). Effects stand in the order of what happened. */
export type DhtEffect =
  /** Send this datagram. */
  | { readonly type: 'send'; readonly to: Endpoint; readonly bytes: Uint8Array }
  /** A value is held from now on, one that came in or an own one. */
  | { readonly type: 'stored'; readonly target: Uint8Array; readonly entry: SignedValue }
  /**
   * A value was not taken: one that was put, one in a reply, or an own one; or, with `entry`, one that was held is given up.
   * `code` is the rule that speaks against it.
   */
  | {
      readonly type: 'dropped';
      readonly target: Uint8Array;
      readonly code: DhtCode | DhtDropCode;
      readonly entry?: SignedValue;
    }
  /**
   * A search has found values that it had not found before. Of a single target one value, newer than those before; of a multi
   * target those with another `v` than all before.
   */
  | {
      readonly type: 'value';
      readonly handle: number;
      readonly target: Uint8Array;
      readonly entries: readonly SignedValue[];
    }
  /** A search has found peers of a swarm that it had not found before; `followers` is the most that anybody counted. */
  | {
      readonly type: 'peers';
      readonly handle: number;
      readonly target: Uint8Array;
      readonly peers: readonly Endpoint[];
      readonly followers: number;
    }
  /**
   * A search is over. `found`: whether there was a value or a peer, or whether anybody acknowledged the put or the announcement;
   * `acknowledged`: how many did.
   */
  | {
      readonly type: 'done';
      readonly handle: number;
      readonly target: Uint8Array;
      readonly found: boolean;
      readonly acknowledged: number;
    }
  /** Others say that this is the own address, and the own id does not fit it: see `DhtNode.setAddress` (DHT-45). */
  | { readonly type: 'external-address'; readonly ip: string }
  /**
   * Take part in the swarm of this registered user, so that it has members near its target: somebody asked for it, no 8 nodes that
   * answered are nearer to the target than the own id, and the user has a `status` (DHT-46). Told at most once an hour for a user, and never
   * for one of whom `DhtNodeOptions.isInSwarm` says that the application takes part already. Nothing is lost by not doing it.
   */
  | { readonly type: 'join-swarm'; readonly user: string }
  /** A packet was not even answered. */
  | { readonly type: 'ignored'; readonly from: Endpoint; readonly code: DhtIgnoreCode };

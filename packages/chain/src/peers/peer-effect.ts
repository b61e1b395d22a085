import type { NetworkAddress, TimedAddress, WireErrorCode } from '@rookery/wire';
import type { ChainEffect } from '../chain-effect.ts';
import type { ChainCode, PeerCode } from '../codes.ts';

/** What {@link ChainPeers} wants done, or tells. `peer` is the application's name of a connection. */
export type PeerEffect =
  /** Send bytes to a peer. */
  | { readonly type: 'send'; readonly peer: string; readonly bytes: Uint8Array }
  /** Close a connection; the session is forgotten already. */
  | { readonly type: 'close'; readonly peer: string; readonly code: CloseCode }
  /** Take no connection from the peer's group of addresses until then; a `close` follows. */
  | { readonly type: 'ban'; readonly peer: string; readonly code: CloseCode; readonly untilMs: number }
  /** A peer has told who it is. */
  | {
      readonly type: 'ready';
      readonly peer: string;
      readonly outgoing: boolean;
      readonly version: number;
      readonly services: bigint;
      /** Undefined where it is no UTF-8. */
      readonly userAgent: string | undefined;
      readonly startHeight: number;
      /** Where the peer says that this node is, unchecked; deployed peers say 0.0.0.0 of an address that is not routable. */
      readonly seenAs: NetworkAddress;
    }
  /** A peer has told where others are; their times are corrected. Nothing else about them is checked. */
  | { readonly type: 'addresses'; readonly peer: string; readonly items: readonly TimedAddress[] }
  /** Answer with `deliverBlock`: a peer asks for a stored block whose bytes are not at hand. One at a time for each peer. */
  | { readonly type: 'need-block'; readonly peer: string; readonly id: Uint8Array }
  /** The chain has come up to what the peers had when they connected. */
  | { readonly type: 'synced'; readonly height: number }
  /** Votes decided a soft checkpoint. It is a hint, never a rule (CHAIN-51). */
  | { readonly type: 'checkpoint'; readonly height: number; readonly id: Uint8Array }
  /** What blocks and transactions of peers did to the chain. */
  | ChainEffect;

/** Why a connection is closed or banned. */
export type CloseCode = ChainCode | PeerCode | WireErrorCode;

import type { GossipCode, MessageCode, OrderCode } from './codes.ts';
import type { PeersterErrorCode } from './errors.ts';
import type { MessageKind } from './message.ts';
import type { StoredMessage } from './store.ts';

/** What a node wants done or has to tell. */
export type PeersterEffect =
  | SendEffect
  | StoredEffect
  | DeliverEffect
  | SubmittedEffect
  | PrunedEffect
  | LearnedEffect
  | DroppedEffect;

/** Send a datagram. */
export interface SendEffect {
  readonly type: 'send';
  readonly to: string;
  readonly bytes: Uint8Array;
}

/** A message was put in the store: write it down. `replaced` is the hash of the version that it took the place of. */
export interface StoredEffect {
  readonly type: 'stored';
  readonly message: StoredMessage;
  readonly replaced?: Uint8Array;
}

/** A message that people here may want to see: announcements, public messages, and private ones of our identities. */
export interface DeliverEffect {
  readonly type: 'deliver';
  readonly kind: MessageKind;
  readonly message: StoredMessage;
}

/** A message of our own got its number and its proof of work. A `stored` effect comes before it. */
export interface SubmittedEffect {
  readonly type: 'submitted';
  readonly ticket: number;
  readonly message: StoredMessage;
}

/** Messages were dropped for space (PEERSTER-28): numbers `from` to `to` − 1. Their hashes stay. */
export interface PrunedEffect {
  readonly type: 'pruned';
  readonly origin: string;
  readonly from: number;
  readonly to: number;
}

/** A sender became a peer (PEERSTER-29); `evicted` had to make room. */
export interface LearnedEffect {
  readonly type: 'learned';
  readonly peer: string;
  readonly evicted?: string;
}

/** Something received led to nothing. `detail` is one sentence for people. */
export interface DroppedEffect {
  readonly type: 'dropped';
  readonly from: string;
  readonly code: PeersterErrorCode | MessageCode | OrderCode | GossipCode;
  readonly detail: string;
}

import { bytesToHex } from '@noble/hashes/utils.js';
import type { NetworkAddress } from '@rookery/wire';
import type { Chain } from '../chain.ts';
import type { PeerLimits } from '../limits.ts';
import type { CloseCode, PeerEffect } from './peer-effect.ts';
import type { PeerSession } from './session.ts';

/** What the parts of {@link ChainPeers} share: the call that is being answered, and the sessions. */
export interface PeerContext {
  readonly chain: Chain;
  readonly limits: PeerLimits;
  /** The time of the call, in milliseconds since the Unix epoch. */
  readonly now: number;
  /** The same by the network's clock (CHAIN-73). */
  readonly networkNow: number;
  /** The same by the network's clock, in seconds. */
  readonly seconds: number;
  /** Every session, the handshake done or not, the oldest first. */
  readonly sessions: ReadonlyMap<string, PeerSession>;
  readonly random: (length: number) => Uint8Array;
  /** Adds an effect to those of the call. */
  tell(effect: PeerEffect): void;
  /** Sends a message. */
  send(session: PeerSession, command: string, payload?: Uint8Array): void;
  /** Raises a peer's score, or ends its session, for what it did. */
  punish(session: PeerSession, fault: Fault): void;
  /** Whether a peer has had so much that the next answers have to wait (CHAIN-70). */
  isPaused(session: PeerSession): boolean;
  /** A digest in hexadecimal, salted so that nobody can foresee what is chosen by it. */
  digest(text: string): string;
}

/** What was wrong with a message: a score, or where that is undefined the end of the session. */
export interface Fault {
  readonly code: CloseCode;
  readonly penalty: number | undefined;
}

/** The key of an inventory. */
export function inventoryKey(type: number, hash: Uint8Array): string {
  return `${type}:${bytesToHex(hash)}`;
}

/** The key of an address. */
export function addressKey({ ip, port }: NetworkAddress): string {
  return `${bytesToHex(ip)}:${port}`;
}

import type { CurveBackend, UserDirectory } from '@rookery/keys';
import { encodePeerMessage, type PeerMessage, type Profile } from '@rookery/wire';
import { greatestIndex, type SwarmContext, swarmContext } from './ceiling.ts';
import type { SwarmCloseCode, SwarmEffect } from './effects.ts';
import { piecesWith } from './have.ts';
import { SWARM_LIMITS, type SwarmBounds } from './limits.ts';
import type { PeekWork } from './peek-work.ts';
import { addBounded, type Peer } from './peer.ts';
import type { PieceSet } from './piece-set.ts';
import type { PieceStore } from './piece-store.ts';

/** All that the parts of the engine share. Each part is functions over it; `effects` is what the present call has to give out. */
export interface SwarmState {
  readonly user: string;
  readonly infoHash: Uint8Array;
  readonly peerId: Uint8Array;
  readonly users: UserDirectory;
  readonly profile: Profile;
  readonly backend: CurveBackend | undefined;
  readonly checkTime: boolean;
  readonly bounds: SwarmBounds;
  readonly dhtPort: number | undefined;
  readonly port: number | undefined;
  readonly clientName: string | undefined;
  readonly groupOf: (peer: string) => string;
  readonly store: PieceStore;
  readonly work: PeekWork;

  tip: number;
  /** Greatest number that a piece may have at this tip; −1 while the user is not registered. */
  ceiling: number;
  /** Own count of pieces, which only grows (SWARM-6). */
  pieces: number;
  /** Pieces in the store. */
  readonly owned: PieceSet;
  /** All pieces below are in the store. */
  firstMissing: number;
  /** Those among them that were judged since the tip was last set (SWARM-8). */
  readonly judged: PieceSet;
  /** Pieces in the store that are neither told nor served for now (SWARM-18). */
  readonly withheld: Map<number, Withheld>;
  /** When the first of them ends by its time; infinite while none does. */
  nextRelease: number;
  /** Pieces that some peer is asked for. */
  readonly asked: PieceSet;
  readonly evidence: Map<number, { readonly bytes: Uint8Array; readonly other: Uint8Array }>;
  readonly bans: Set<string>;

  readonly peers: Map<string, Peer>;
  /** When waiting peers take the slots of others; never while nobody waits. */
  nextRotation: number;
  /** Whether the present call has freed a slot, or a piece that was asked for: others may have it. */
  released: boolean;
  effects: SwarmEffect[];
}

/** When a withheld piece is told: at whichever comes first. */
export interface Withheld {
  /** Height of the tip. */
  readonly tip: number;
  /** Ms since the Unix epoch. */
  readonly at: number;
}

/** What the rules want to know of the chain. */
export function contextOf(state: SwarmState): SwarmContext {
  return swarmContext(state.user, state.users, state.tip, state.profile);
}

/** The greatest number that a piece may have now: by the ceiling, and in both profiles what 19 bits hold (SWARM-18). */
export function ceilingOf(state: SwarmState): number {
  const registeredAt = state.users.registeredAt(state.user);
  if (registeredAt === undefined) return -1;
  const greatest = greatestIndex(state.tip, registeredAt, state.profile) ?? SWARM_LIMITS.pieceIndex;
  return Math.min(greatest, SWARM_LIMITS.pieceIndex);
}

/** Whether a piece is told and served: it is stored, not above the ceiling, and not withheld (SWARM-18). */
export function isOffered(state: SwarmState, piece: number): boolean {
  return piece <= state.ceiling && state.owned.has(piece) && !state.withheld.has(piece);
}

/** Neither tells nor serves a piece for now. */
export function withhold(state: SwarmState, piece: number, until: Withheld): void {
  state.withheld.set(piece, until);
  state.nextRelease = Math.min(state.nextRelease, until.at);
}

/** Lets the count of pieces grow (SWARM-6). */
export function growWith(state: SwarmState, k: number): void {
  state.pieces = Math.max(state.pieces, piecesWith(k));
}

/** Sends one message. */
export function send(state: SwarmState, peer: Peer, message: PeerMessage, now: number): void {
  sendBytes(state, peer, encodePeerMessage(message), now);
}

/** Sends bytes as they are. */
export function sendBytes(state: SwarmState, peer: Peer, bytes: Uint8Array, now: number): void {
  peer.lastSent = now;
  state.effects.push({ type: 'send', peer: peer.name, bytes });
}

/** Ends a connection. What it was asked for is free for others, once the caller has them ask. */
export function close(state: SwarmState, peer: Peer, code: SwarmCloseCode): void {
  if (peer.closed) return;
  forget(state, peer);
  state.effects.push({ type: 'close', peer: peer.name, code });
}

/** Ends a connection and keeps its address from coming back (SWARM-20). */
export function ban(state: SwarmState, peer: Peer, code: SwarmCloseCode): void {
  addBounded(state.bans, state.groupOf(peer.name), state.bounds.bans);
  state.effects.push({ type: 'ban', peer: peer.name, code });
  close(state, peer, code);
}

/** Forgets a connection that has ended. */
export function forget(state: SwarmState, peer: Peer): void {
  peer.closed = true;
  for (const piece of peer.requests.keys()) release(state, peer, piece);
  state.released = true;
  state.peers.delete(peer.name);
}

/** Takes back a request, so that others may be asked. */
export function release(state: SwarmState, peer: Peer, piece: number): void {
  if (!peer.requests.delete(piece)) return;
  state.asked.delete(piece);
  state.released = true;
}

/** Ends a request whose piece is here. */
export function finish(state: SwarmState, peer: Peer, piece: number): void {
  if (peer.requests.delete(piece)) state.asked.delete(piece);
}

/** The peers whose handshake is through, as they are now: the list does not change when one is closed. */
export function openPeers(state: SwarmState): Peer[] {
  return [...state.peers.values()].filter(({ stage }) => stage === 'messages');
}

import {
  decodePeerHandshake,
  encodeExtensionHandshake,
  encodePeerHandshake,
  offersFeature,
  PEER_FEATURES,
  type PeerHandshake,
  WIRE_LIMITS,
  WireError,
} from '@rookery/wire';
import { allowedFastSet } from './allowed-fast.ts';
import { piecesWith } from './have.ts';
import { SWARM_LIMITS } from './limits.ts';
import type { Peer } from './peer.ts';
import { readInfoHash } from './read-info-hash.ts';
import { close, isOffered, openPeers, type SwarmState, send, sendBytes } from './state.ts';

const BYTE_BITS = 8;
const ALL_BITS = 0xff;
const FIRST_BIT = 0x80;
const LAST_BIT = 1;

/** The id under which this side wants peer exchange, as deployed nodes choose it. */
export const EXCHANGE_ID = 1;

/** Sends the own handshake (SWARM-14). */
export function sendHandshake(state: SwarmState, peer: Peer, now: number): void {
  const reserved = new Uint8Array(WIRE_LIMITS.reservedBytes);
  const { dhtPort, ...always } = PEER_FEATURES;
  for (const { byte, mask } of Object.values(always)) reserved[byte]! |= mask;
  if (state.dhtPort !== undefined) reserved[dhtPort.byte]! |= dhtPort.mask;
  sendBytes(state, peer, encodePeerHandshake({ infoHash: state.infoHash, peerId: state.peerId, reserved }), now);
}

/**
 * Reads the other side's handshake as far as it has come, answers it, and begins the conversation when it is whole (SWARM-14, SWARM-15).
 * An incoming connection is answered as soon as its info-hash is known, before its peer id.
 */
export function readHandshake(state: SwarmState, peer: Peer, now: number): void {
  const { stream } = peer;
  if (peer.stage === 'info-hash') {
    const infoHash = readInfoHash(stream.bytes);
    if (infoHash === 'invalid') {
      close(state, peer, 'bad-handshake');
      return;
    }
    if (infoHash === undefined) return;
    if (!equal(infoHash, state.infoHash)) {
      close(state, peer, 'wrong-info-hash');
      return;
    }
    if (!peer.outgoing) sendHandshake(state, peer, now);
    peer.stage = 'peer-id';
  }
  if (stream.bytes.length < WIRE_LIMITS.handshakeBytes) return;
  const handshake = decodePeerHandshake(stream.bytes.subarray(0, WIRE_LIMITS.handshakeBytes));
  peer.peerId = handshake.peerId.slice();
  stream.skip(WIRE_LIMITS.handshakeBytes);
  if (equal(peer.peerId, state.peerId)) {
    close(state, peer, 'self-connection');
    return;
  }
  if (state.users.registeredAt(state.user) === undefined) {
    close(state, peer, 'unknown-user');
    return;
  }
  const twins = openPeers(state).filter((other) => isSamePeer(other, peer));
  if (twins.some(({ outgoing }) => outgoing === peer.outgoing)) {
    close(state, peer, 'duplicate-peer');
    return;
  }
  if (twins.length > 0) peer.twinUntil = now + state.bounds.twinMs;
  openConversation(state, peer, handshake, now);
}

/**
 * Of two connections to one peer, one opened by each side, both sides end the one that the smaller peer id opened (SWARM-15). Not at once: deployed
 * nodes choose by other rules, so that both connections would end.
 */
export function settleTwins(state: SwarmState, peer: Peer): void {
  peer.twinUntil = Number.POSITIVE_INFINITY;
  const twin = openPeers(state).find((other) => other !== peer && isSamePeer(other, peer));
  if (twin === undefined) return;
  const keepOutgoing = compare(state.peerId, peer.peerId) > 0;
  close(state, peer.outgoing === keepOutgoing ? twin : peer, 'duplicate-peer');
}

/** Whether two connections lead to one peer. */
export function isSamePeer(one: Peer, other: Peer): boolean {
  return equal(one.peerId, other.peerId);
}

/** What each side says first (SWARM-16): extension handshake, pieces, allowed-fast set, port of its DHT node, price of a peek. */
function openConversation(state: SwarmState, peer: Peer, { reserved }: PeerHandshake, now: number): void {
  peer.stage = 'messages';
  peer.features = {
    extensions: offersFeature(reserved, 'extensions'),
    dhtPort: offersFeature(reserved, 'dhtPort'),
    fast: offersFeature(reserved, 'fast'),
    peek: offersFeature(reserved, 'peek'),
  };
  if (peer.features.extensions) sendExtensionHandshake(state, peer, now);
  sendPieces(state, peer, now);
  if (peer.features.fast) sendAllowedFast(state, peer, now);
  if (peer.features.dhtPort && state.dhtPort !== undefined) {
    send(state, peer, { id: 9, name: 'dht_port', port: state.dhtPort }, now);
  }
  if (peer.features.peek) {
    peer.nbits = state.work.nbits(now);
    send(state, peer, { id: 10, name: 'hashcash_nbits', nbits: peer.nbits }, now);
  }
}

function sendExtensionHandshake(state: SwarmState, peer: Peer, now: number): void {
  const payload = encodeExtensionHandshake({
    extensions: { ut_pex: EXCHANGE_ID },
    port: peer.outgoing ? state.port : undefined,
    version: state.clientName,
    yourIp: peer.ip === undefined ? undefined : Uint8Array.from(peer.ip.split('.').map(Number)),
    requestQueue: SWARM_LIMITS.waitingRequests,
    completeAgo: -1,
  });
  send(state, peer, { id: 20, name: 'extended', extId: 0, payload }, now);
}

/**
 * Tells a peer what is there (SWARM-5, SWARM-16), or what is still offered of it (SWARM-18). Deployed nodes refuse a bitfield by its length
 * where its last byte reaches past the ceiling, although all of its pieces are legal: those are then left out and told by `have`, which nobody
 * refuses. They take a bitfield without a zero for that of a seed, and who has all of a seed's pieces for a seed itself, which gets no further
 * posts: its last piece is left out and told too.
 */
export function sendPieces(state: SwarmState, peer: Peer, now: number): void {
  peer.toldAt = now;
  const { ceiling } = state;
  const pieces = Math.min(state.pieces, piecesWith(ceiling));
  const longest = Math.floor((ceiling + SWARM_LIMITS.bitfieldSlack) / BYTE_BITS);
  const bytes = Math.max(0, Math.min(Math.ceil(pieces / BYTE_BITS), longest));
  const bitfield = state.owned.bitfield(bytes, ceiling);
  for (const piece of state.withheld.keys()) {
    if (piece < BYTE_BITS * bytes) bitfield[piece >> 3]! &= ~(FIRST_BIT >> (piece & 7));
  }
  const isFull = bytes > 0 && bitfield.every((byte) => byte === ALL_BITS);
  if (isFull) bitfield[bytes - 1]! &= ~LAST_BIT;
  if (bitfield.some((byte) => byte !== 0)) send(state, peer, { id: 5, name: 'bitfield', bitfield }, now);
  else if (peer.features.fast) send(state, peer, { id: 15, name: 'have_none' }, now);
  for (const piece of state.owned.values(BYTE_BITS * bytes - (isFull ? 1 : 0), ceiling)) {
    if (isOffered(state, piece)) send(state, peer, { id: 4, name: 'have', piece }, now);
  }
}

function sendAllowedFast(state: SwarmState, peer: Peer, now: number): void {
  const pieces = Math.min(state.pieces, piecesWith(state.ceiling));
  const set = allowedFastSet(state.infoHash, peer.ip, pieces, state.bounds.allowedFast);
  peer.allowedByUs = new Set(set);
  for (const piece of set) send(state, peer, { id: 17, name: 'allowed_fast', piece }, now);
}

/** Whether a thrown error says that bytes cannot be read; anything else is a fault of this package and is thrown on. */
export function wireCode(error: unknown): WireError['code'] {
  if (error instanceof WireError) return error.code;
  throw error;
}

function equal(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}

function compare(left: Uint8Array, right: Uint8Array): number {
  const at = left.findIndex((byte, index) => byte !== right[index]);
  return at < 0 ? 0 : left[at]! - right[at]!;
}

import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import type { UserDirectory } from '@rookery/keys';
import {
  decodeExtensionHandshake,
  decodePeerHandshake,
  decodePeerMessages,
  type PeerHandshake,
  type PeerMessage,
} from '@rookery/wire';
import {
  allowedFastSet,
  hasPiece,
  infoHashOf,
  memoryPieces,
  SWARM_LIMITS,
  type Swarm,
  type SwarmBounds,
  type SwarmEffect,
} from '../src/index.ts';
import { capturedUsers, frames, HANDSHAKE_BYTES, handshakeOf, idOf, newSwarm } from './harness.ts';

/** One captured message: seconds, direction, the whole frame or handshake. */
export interface Recorded {
  readonly t: number;
  readonly dir?: string;
  readonly msg?: string;
  readonly hex?: string;
}

/** What one side of a connection said. */
export interface Said {
  readonly handshake: PeerHandshake | undefined;
  readonly messages: readonly PeerMessage[];
}

export function said(log: readonly Recorded[], dir: string): Said {
  return fromFrames(log.flatMap((message) => (message.dir === dir && message.hex ? [hexToBytes(message.hex)] : [])));
}

export function saidBy(effects: readonly SwarmEffect[], peer: string): Said {
  return fromFrames(
    effects.flatMap((effect) => (effect.type === 'send' && effect.peer === peer ? [effect.bytes] : [])),
  );
}

function fromFrames(all: readonly Uint8Array[]): Said {
  const first = all[0]?.length === HANDSHAKE_BYTES && all[0][0] === 19 ? all[0] : undefined;
  return {
    handshake: first && decodePeerHandshake(first),
    messages: (first === undefined ? all : all.slice(1)).flatMap((frame) => decodePeerMessages(frame).value),
  };
}

/**
 * What of some messages can be compared with what a daemon said: the price of a peek is uninitialised there, two messages are repeated
 * whenever it counts more pieces, its extension handshake offers more, and whom it knows is not in the capture.
 */
export function comparable(messages: readonly PeerMessage[]): unknown[] {
  const once = new Set<string>();
  return messages.flatMap((message): unknown[] => {
    switch (message.name) {
      case 'dht_port':
      case 'hashcash_nbits': {
        const repeated = once.has(message.name);
        once.add(message.name);
        return repeated ? [] : [message.name === 'dht_port' ? message : message.name];
      }
      case 'bitfield':
        return [{ ...message, bitfield: bytesToHex(message.bitfield) }];
      case 'piece':
        return [{ ...message, data: bytesToHex(message.data) }];
      case 'keepalive':
        return [];
      case 'extended': {
        if (message.extId !== 0) return [];
        const { extensions, requestQueue, yourIp, port } = decodeExtensionHandshake(message.payload);
        return [{ exchange: extensions.ut_pex, requestQueue, port, yourIp: yourIp && bytesToHex(yourIp) }];
      }
      default:
        return [message];
    }
  });
}

/** Which side of a captured connection the engine plays. */
export interface Part {
  readonly user: string;
  readonly tip: number;
  /** Who is registered, where that is not the captured directory at this tip. */
  readonly users?: UserDirectory;
  readonly log: readonly Recorded[];
  /** Direction of the messages that the engine is to say. */
  readonly own: string;
  readonly outgoing?: boolean;
  readonly profile?: 'canonical' | 'deployed';
  readonly limits?: Partial<SwarmBounds>;
  /** Bytes of pieces of this user, for all that the side has at first or gets elsewhere. */
  readonly pieces: ReadonlyMap<number, Uint8Array>;
}

export const PEER = 'other';
/** A time after all captured posts. */
const START_MS = 1_795_246_800_000;

/** The engine in the state that a daemon shows at the start of a captured connection. */
export function engineFor(part: Part): Swarm {
  const { handshake, messages } = said(part.log, part.own);
  const bitfield = messages.find(({ name }) => name === 'bitfield');
  const owned = Array.from({ length: 200 }, (_, k) => k).filter(
    (k) => bitfield?.name === 'bitfield' && hasPiece(bitfield.bitfield, k),
  );
  const swarm = newSwarm({
    user: part.user,
    users: part.users ?? capturedUsers(part.tip),
    tip: part.tip,
    profile: part.profile ?? 'deployed',
    peerId: handshake!.peerId,
    pieces: memoryPieces(owned.map((k) => [k, part.pieces.get(k) ?? new Uint8Array(1)])),
    limits: part.limits,
    dhtPort: portOf(messages),
    port: portOf(messages),
  });
  const counted = countOf(part);
  if (counted > (owned.at(-1) ?? -1) + 2) {
    swarm.connect('before', { outgoing: false }, START_MS);
    swarm.receive('before', handshakeOf(part.user, idOf(9)), START_MS);
    swarm.receive('before', frames({ id: 4, name: 'have', piece: counted - 2 }), START_MS);
    swarm.disconnect('before', START_MS);
  }
  return swarm;
}

/**
 * How many pieces the daemon counted at the start, which may be more than it has: the only number of those that fit the length of its
 * bitfield for which it could draw its allowed-fast set.
 */
function countOf({ user, log, own }: Part): number {
  const { messages } = said(log, own);
  const fast = messages.flatMap((message) => (message.name === 'allowed_fast' ? [message.piece] : []));
  if (fast.length < SWARM_LIMITS.allowedFast) return fast.length;
  const bitfield = messages.find(({ name }) => name === 'bitfield');
  const most = bitfield?.name === 'bitfield' ? 8 * bitfield.bitfield.length : 0;
  const ip = toldAddress(messages);
  for (let count = most; count > most - 8; count -= 1) {
    const set = allowedFastSet(infoHashOf(user), ip, count, SWARM_LIMITS.allowedFast);
    if (set.every((piece, at) => piece === fast[at])) return count;
  }
  throw new Error(`no count of pieces gives the allowed-fast set ${fast}`);
}

/** The address of the other side, as the own side tells it. */
function toldAddress(messages: readonly PeerMessage[]): string | undefined {
  const hello = messages.find(({ name }) => name === 'extended');
  return hello?.name === 'extended' ? decodeExtensionHandshake(hello.payload).yourIp?.join('.') : undefined;
}

/**
 * Plays the other side of a captured connection against an engine, each message at its time, with ticks between as the engine wants them.
 * Pieces that the own side says it has although nobody sent them here are published at that moment.
 */
export function replay(part: Part): { readonly effects: SwarmEffect[]; readonly swarm: Swarm } {
  const swarm = engineFor(part);
  const ip = toldAddress(said(part.log, part.own).messages);
  const effects: SwarmEffect[] = [...swarm.connect(PEER, { outgoing: part.outgoing ?? false, ip }, START_MS)];
  const first = part.log[0]?.t ?? 0;
  let now = START_MS;
  for (const message of part.log) {
    const at = START_MS + Math.round(1000 * (message.t - first));
    for (let due = swarm.nextDeadline(); due !== undefined && due <= at; due = swarm.nextDeadline()) {
      now = Math.max(now, due);
      effects.push(...swarm.tick(now));
    }
    now = Math.max(now, at);
    if (message.hex === undefined) continue;
    const bytes = hexToBytes(message.hex);
    if (message.dir !== part.own) {
      effects.push(...swarm.receive(PEER, bytes, now));
      continue;
    }
    const [told] = message.msg === 'have' ? decodePeerMessages(bytes).value : [];
    if (told?.name !== 'have' || swarm.piece(told.piece) !== undefined) continue;
    const piece = part.pieces.get(told.piece);
    if (piece !== undefined) effects.push(...swarm.publish(told.piece, piece, now));
  }
  return { effects, swarm };
}

function portOf(messages: readonly PeerMessage[]): number {
  const message = messages.find(({ name }) => name === 'dht_port');
  return message?.name === 'dht_port' ? message.port : 1;
}

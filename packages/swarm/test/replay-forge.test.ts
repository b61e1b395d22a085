import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { decodeExtensionHandshake, type PeerMessage } from '@rookery/wire';
import { describe, expect, test } from 'vitest';
import { hasPiece, memoryPieces, type SwarmEffect } from '../src/index.ts';
import { readCaptured } from './captured.ts';
import { capturedUsers, frames, handshakeOf, idOf, newSwarm } from './harness.ts';
import { type Recorded, replay, said, saidBy } from './replay.ts';

interface ForgeCase {
  readonly name: string;
  readonly closedByNode?: boolean;
  readonly sent?: string;
  readonly log: readonly Recorded[];
}
interface ForgeFile {
  readonly tip: number;
  readonly cases: readonly ForgeCase[];
}

const START_MS = 1_795_246_800_000;

/** Pieces that were accepted in some case, for engines that must have them. */
const files = ['swarm-forge.json', 'swarm-extra.json'].map((name) => readCaptured<ForgeFile>(name));
const accepted = new Map<number, Uint8Array>();
for (const { cases } of files) {
  for (const { sent, closedByNode, log } of cases) {
    const piece = log === undefined ? undefined : said(log, 'c2n').messages.find(({ name }) => name === 'piece');
    if (sent !== undefined && sent !== '' && closedByNode === false && piece?.name === 'piece') {
      accepted.set(piece.piece, hexToBytes(sent));
    }
  }
}

/** The captured daemon repeats two messages whenever it counts more pieces; the engine says them once. */
function withoutRepeats(messages: readonly PeerMessage[]): PeerMessage[] {
  const once = new Set<string>();
  return messages.filter(({ name }) => {
    if (name !== 'dht_port' && name !== 'hashcash_nbits') return true;
    const repeated = once.has(name);
    once.add(name);
    return !repeated;
  });
}

/** What can be compared: the price of a peek is uninitialised there, and the extension handshake has a page of its own. */
function comparable(messages: readonly PeerMessage[]): unknown[] {
  return withoutRepeats(messages).map((message) => {
    if (message.name === 'hashcash_nbits') return message.name;
    if (message.name === 'bitfield') return { ...message, bitfield: bytesToHex(message.bitfield) };
    if (message.name !== 'extended') return message;
    const { extensions, requestQueue, yourIp } = decodeExtensionHandshake(message.payload);
    return { exchange: extensions.ut_pex, requestQueue, yourIp: yourIp && bytesToHex(yourIp) };
  });
}

/** A daemon's state at the start of a captured connection, from what it says there. */
function play(file: ForgeFile, one: ForgeCase, profile: 'canonical' | 'deployed'): SwarmEffect[] {
  const { handshake, messages } = said(one.log, 'n2c');
  const bitfield = messages.find(({ name }) => name === 'bitfield');
  const owned = Array.from({ length: 64 }, (_, k) => k).filter(
    (k) => bitfield?.name === 'bitfield' && hasPiece(bitfield.bitfield, k),
  );
  const hello = messages[0];
  const ip = hello?.name === 'extended' ? decodeExtensionHandshake(hello.payload).yourIp?.join('.') : undefined;
  const swarm = newSwarm({
    user: 'erin',
    users: capturedUsers(file.tip),
    tip: file.tip,
    profile,
    peerId: handshake!.peerId,
    pieces: memoryPieces(owned.map((k) => [k, accepted.get(k) ?? new Uint8Array(1)])),
  });
  // Somebody announced pieces before, as the number of allowed ones or the length of the bitfield shows.
  const fast = messages.filter(({ name }) => name === 'allowed_fast').length;
  const counted = Math.max(fast < 10 ? fast : 0, (owned.at(-1) ?? -1) + 2);
  if (counted > 1) {
    swarm.connect('before', { outgoing: false }, START_MS);
    swarm.receive('before', handshakeOf('erin', idOf(9)), START_MS);
    swarm.receive('before', frames({ id: 4, name: 'have', piece: counted - 2 }), START_MS);
    swarm.disconnect('before', START_MS);
  }
  swarm.connect('client', { outgoing: false, ip }, START_MS);
  return replay(swarm, one.log, { peer: 'client', from: 'c2n', startMs: START_MS });
}

const cases = files.flatMap((file) =>
  file.cases.filter(({ sent }) => sent !== undefined).map((one) => [one.name, file, one] as const),
);

describe('pieces that a scripted peer sent to a deployed daemon, by its rules (SWARM-9, SWARM-20)', () => {
  test.each(cases)('%s', (_, file, one) => {
    const effects = play(file, one, 'deployed');
    expect(comparable(saidBy(effects, 'client').messages)).toEqual(comparable(said(one.log, 'n2c').messages));
    const types = effects.map(({ type }) => type).filter((type) => type !== 'send' && type !== 'dht-port');
    expect(types).toEqual(one.closedByNode ? ['ban', 'close'] : one.sent === '' ? [] : ['piece']);
  });
});

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { encodePeerMessage, type PeerMessage } from '@rookery/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { memoryPieces, SWARM_LIMITS, type Swarm, type SwarmEffect } from '../src/index.ts';
import { forgedPost, NOW, post, USER, WORLD } from './author.ts';
import { frames, handshakeOf, idOf, join, newSwarm } from './harness.ts';

const integer = fc.oneof(
  { weight: 3, arbitrary: fc.nat(40) },
  fc.constantFrom(-1, 16_384, 524_287, 524_288, 0x7fffffff, -0x80000000),
);
const range = fc.record({
  piece: integer,
  begin: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, integer),
  length: fc.oneof({ weight: 4, arbitrary: fc.constant(16_384) }, integer),
});
const bytes = fc.uint8Array({ maxLength: 80 });
const extension = fc.oneof(
  bytes,
  fc
    .constantFrom('d1:md6:ut_pexi7eee', 'd1:md6:ut_pexi0eee', 'd1:pi99999e4:reqqi-5ee', 'd1:mi1ee', 'de')
    .map((text) => new TextEncoder().encode(text)),
);

/** Any message, most of them of the kinds that mean something. */
const message: fc.Arbitrary<PeerMessage> = fc.oneof(
  fc.constantFrom<PeerMessage>(
    { id: null, name: 'keepalive' },
    { id: 0, name: 'choke' },
    { id: 1, name: 'unchoke' },
    { id: 2, name: 'interested' },
    { id: 3, name: 'not_interested' },
    { id: 14, name: 'have_all' },
    { id: 15, name: 'have_none' },
  ),
  fc.nat(40).map((piece): PeerMessage => ({ id: 4, name: 'have', piece })),
  integer.map((piece): PeerMessage => ({ id: 4, name: 'have', piece })),
  bytes.map((bitfield): PeerMessage => ({ id: 5, name: 'bitfield', bitfield })),
  range.map((fields): PeerMessage => ({ id: 6, name: 'request', ...fields })),
  range.map((fields): PeerMessage => ({ id: 8, name: 'cancel', ...fields })),
  range.map((fields): PeerMessage => ({ id: 16, name: 'reject', ...fields })),
  fc
    .tuple(fc.nat(40), fc.constantFrom('good', 'twin', 'other', 'junk', 'empty'), bytes)
    .map(([k, kind, junk]): PeerMessage => {
      const data = {
        good: post(k),
        twin: post(k, { text: 'twin' }),
        other: post(k + 1),
        junk,
        empty: new Uint8Array(0),
      };
      return { id: 7, name: 'piece', piece: k, begin: 0, data: data[kind as 'good'] };
    }),
  integer.map((piece): PeerMessage => ({ id: 17, name: 'allowed_fast', piece })),
  integer.map((piece): PeerMessage => ({ id: 13, name: 'suggest', piece })),
  fc.uint8Array({ maxLength: 9 }).map((nonce): PeerMessage => ({ id: 11, name: 'hashcash_nonce', nonce })),
  fc.nat(0xffff).map((nbits): PeerMessage => ({ id: 10, name: 'hashcash_nbits', nbits })),
  fc.nat(0xffff).map((port): PeerMessage => ({ id: 9, name: 'dht_port', port })),
  fc
    .tuple(fc.constantFrom(0, 1, 7, 255), extension)
    .map(([extId, payload]): PeerMessage => ({ id: 20, name: 'extended', extId, payload })),
);

function victim(): Swarm {
  return newSwarm({ ...WORLD, pieces: memoryPieces([0, 1, 2].map((k) => [k, post(k)])) });
}

/** Laws that no peer can break. */
function checkEffects(effects: readonly SwarmEffect[], swarm: Swarm): void {
  const closed = new Set<string>();
  for (const effect of effects) {
    if ('peer' in effect && effect.peer !== undefined) expect(closed.has(effect.peer)).toBe(false);
    if (effect.type === 'close') closed.add(effect.peer);
    if (effect.type === 'piece') {
      expect([post(effect.k), post(effect.k, { text: 'twin' })]).toContainEqual(effect.bytes);
    }
  }
  for (const k of [0, 1, 2]) expect(swarm.piece(k)).toEqual(post(k));
}

describe('whatever a peer sends', () => {
  test('any bytes throw nothing, from the first one on', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 }), fc.boolean(), (chunks, outgoing) => {
        const swarm = victim();
        swarm.connect('p', { outgoing }, NOW);
        for (const chunk of chunks) checkEffects(swarm.receive('p', chunk, NOW), swarm);
        swarm.tick(NOW + 200_000);
        expect(swarm.nextDeadline()).toBeUndefined();
      }),
    );
  });

  test('any messages, broken anywhere, keep the laws', () => {
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 60 }),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }),
        fc.nat(200),
        (messages, flips, step) => {
          const swarm = victim();
          swarm.connect('q', { outgoing: false, ip: '10.0.0.1' }, NOW);
          swarm.receive('q', handshakeOf(USER, idOf(3)), NOW);
          swarm.connect('p', { outgoing: false, ip: '192.0.2.1' }, NOW);
          const stream = join(handshakeOf(USER), ...messages.map(encodePeerMessage));
          for (const [at, value] of flips) stream[at % stream.length] = value;
          let now = NOW;
          for (let at = 0; at < stream.length; at += step + 1) {
            checkEffects(swarm.receive('p', stream.subarray(at, at + step + 1), now), swarm);
            now += 1_000;
            if (at % 3 === 0) checkEffects(swarm.tick(now), swarm);
            const due = swarm.nextDeadline();
            if (due !== undefined && at % 3 === 0) expect(due).toBeGreaterThan(now);
          }
        },
      ),
    );
  });

  test('how a stream is cut changes nothing', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 40 }), fc.array(fc.integer({ min: 1, max: 90 })), (messages, cuts) => {
        const stream = join(handshakeOf(USER), ...messages.map(encodePeerMessage));
        const play = (sizes: readonly number[]): SwarmEffect[] => {
          const swarm = victim();
          const effects = [...swarm.connect('p', { outgoing: false }, NOW)];
          let at = 0;
          for (const size of [...sizes, stream.length]) {
            effects.push(...swarm.receive('p', stream.slice(at, at + size), NOW));
            at += size;
          }
          return effects;
        };
        expect(play(cuts)).toEqual(play([]));
      }),
    );
  });

  test('what is handed in is neither kept nor changed', () => {
    const swarm = victim();
    swarm.connect('p', { outgoing: false }, NOW);
    const stream = join(
      handshakeOf(USER),
      frames({ id: 4, name: 'have', piece: 5 }, { id: 1, name: 'unchoke' }),
      frames({ id: 7, name: 'piece', piece: 5, begin: 0, data: post(5) }),
    );
    const before = stream.slice();
    swarm.receive('p', stream, NOW);
    expect(stream).toEqual(before);
    stream.fill(0);
    expect(swarm.piece(5)).toEqual(post(5));
  });
});

describe('memory', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const used = async (): Promise<number> => {
    // What the first collection frees of array buffers is given back a little later.
    for (let round = 0; round < 3; round += 1) {
      collect();
      await new Promise((resolve) => setImmediate(resolve));
    }
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const MIB = 1_048_576;

  test('hostile peers who come, say everything and go leave nothing behind', async () => {
    const samples = fc.sample(fc.array(message, { minLength: 200, maxLength: 200 }), { numRuns: 20, seed: 1 });
    const streams = samples.map((messages) => join(...messages.map(encodePeerMessage)));
    const swarm = newSwarm({ ...WORLD, groupOf: (name) => name });
    let made = 0;
    const round = (): void => {
      for (let count = 0; count < 1_000; count += 1) {
        const name = `192.0.2.${made % 250}:${made}`;
        made += 1;
        swarm.connect(name, { outgoing: false, ip: `192.0.2.${made % 250}` }, NOW);
        swarm.receive(name, handshakeOf(USER, idOf(made & 0xffff)), NOW);
        const stream = streams[made % streams.length]!;
        swarm.receive(name, stream, NOW);
        swarm.receive(name, frames({ id: 4, name: 'have', piece: 60 }, { id: 1, name: 'unchoke' }), NOW);
        swarm.receive(name, frames({ id: 7, name: 'piece', piece: 60, begin: 0, data: forgedPost(60) }), NOW);
        if (made % 60 === 0) swarm.tick(NOW);
        if (made % 2 === 0) swarm.disconnect(name, NOW);
      }
    };
    round();
    const before = await used();
    round();
    round();
    expect((await used()) - before).toBeLessThan(4 * MIB);
    expect(swarm.have().length).toBeGreaterThan(0);
  });

  test('peers who fill every table hold no more than their share', async () => {
    const tip = 300_000;
    const swarm = newSwarm({ ...WORLD, tip });
    const before = await used();
    const bitfield = new Uint8Array(65_536).fill(255);
    for (let peer = 0; peer < 2 * SWARM_LIMITS.peers; peer += 1) {
      const name = `p${peer}`;
      swarm.connect(name, { outgoing: false, ip: '192.0.2.1' }, NOW);
      swarm.receive(name, handshakeOf(USER, idOf(peer + 2)), NOW);
      swarm.receive(name, frames({ id: 5, name: 'bitfield', bitfield }, { id: 1, name: 'unchoke' }), NOW);
      for (let k = 0; k < 400; k += 1) {
        swarm.receive(
          name,
          frames(
            { id: 17, name: 'allowed_fast', piece: k },
            { id: 7, name: 'piece', piece: k, begin: 0, data: new Uint8Array(1) },
            { id: 6, name: 'request', piece: k, begin: 0, length: 16_384 },
          ),
          NOW,
        );
      }
      // A frame of 1 MiB that never ends.
      const open = new Uint8Array(1_000_000);
      open.set([0, 15, 255, 255, 5]);
      for (let at = 0; at < open.length; at += 60_000) swarm.receive(name, open.subarray(at, at + 60_000), NOW);
    }
    // One frame, grown by doubling, and three sets of 64 KiB for each.
    expect((await used()) - before).toBeLessThan(SWARM_LIMITS.peers * 2.5 * MIB);
    for (let peer = 0; peer < 2 * SWARM_LIMITS.peers; peer += 1) swarm.disconnect(`p${peer}`, NOW);
    expect((await used()) - before).toBeLessThan(4 * MIB);
  });
});

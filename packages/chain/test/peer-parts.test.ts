import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { signTyped } from '@rookery/keys';
import { encodeCheckpointVote, encodeMessage, encodeUtf8, type Message } from '@rookery/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Chain, isRoutable } from '../src/index.ts';
import { BloomFilter, murmur3 } from '../src/peers/bloom-filter.ts';
import { MessageStream } from '../src/peers/message-stream.ts';
import { RecentMap } from '../src/peers/recent-map.ts';
import { RecentSet } from '../src/peers/recent-set.ts';
import { blockOn, genesis, keyPair, NOW, noWork, registration } from './dev-chain.ts';
import { Bench } from './peer-kit.ts';

describe('MurmurHash3, by the vectors of Bitcoin (hash_tests.cpp)', () => {
  test.each([
    [0x00000000, 0x00000000, ''],
    [0x6a396f08, 0xfba4c795, ''],
    [0x81f16f39, 0xffffffff, ''],
    [0x514e28b7, 0x00000000, '00'],
    [0xea3f0b17, 0xfba4c795, '00'],
    [0xfd6cf10d, 0x00000000, 'ff'],
    [0x16c6b7ab, 0x00000000, '0011'],
    [0x8eb51c3d, 0x00000000, '001122'],
    [0xb4471bf8, 0x00000000, '00112233'],
    [0xe2301fa8, 0x00000000, '0011223344'],
    [0xfc2e4a15, 0x00000000, '001122334455'],
    [0xb074502c, 0x00000000, '00112233445566'],
    [0x8034d2a0, 0x00000000, '0011223344556677'],
    [0xb4698def, 0x00000000, '001122334455667788'],
  ])('%i from seed %i', (hash, seed, bytes) => {
    expect(murmur3(seed, hexToBytes(bytes))).toBe(hash);
  });
});

describe('Bloom filters, by the vectors of BIP 37 (bloom_tests.cpp)', () => {
  const elements = [
    '99108ad8ed9bb6274d3980bab5a85c048f0950c8',
    'b5a2c786d9ef4658287ced5914b37a1b4aa32eee',
    'b9300670b4c5366e95b2699e8b18bc75e5f729c5',
  ].map((hex) => hexToBytes(hex));

  test.each([
    [0, '614e9b'],
    [2147483649, 'ce4299'],
  ])('tweak %i', (tweak, hex) => {
    const filled = new BloomFilter({ data: hexToBytes(hex), hashFuncs: 5, tweak, flags: 1 });
    const grown = new BloomFilter({ data: new Uint8Array(3), hashFuncs: 5, tweak, flags: 1 });
    const close = hexToBytes('19108ad8ed9bb6274d3980bab5a85c048f0950c8');
    for (const element of elements) {
      expect(grown.contains(element)).toBe(false);
      grown.add(element);
    }
    for (const filter of [filled, grown]) {
      expect(elements.map((element) => filter.contains(element))).toEqual([true, true, true]);
      expect(filter.contains(close)).toBe(false);
    }
  });

  test('what was added is contained, for any filter', () => {
    const filters = fc.record({
      data: fc.uint8Array({ minLength: 1, maxLength: 64 }),
      hashFuncs: fc.nat(50),
      tweak: fc.nat(0xffff_ffff),
      flags: fc.nat(2),
    });
    fc.assert(
      fc.property(filters, fc.uint8Array({ maxLength: 64 }), (load, element) => {
        const before = load.data.slice();
        const filter = new BloomFilter(load);
        filter.add(element);
        expect(filter.contains(element)).toBe(true);
        expect(load.data).toEqual(before);
      }),
    );
  });

  test('an empty one cannot be', () => {
    expect(() => new BloomFilter({ data: new Uint8Array(0), hashFuncs: 1, tweak: 0, flags: 0 })).toThrow(RangeError);
  });
});

describe('a message stream (CHAIN-69)', () => {
  const messages = fc.array(
    fc.record({
      command: fc.constantFrom('ping', 'inv', 'verack', 'unknown'),
      payload: fc.uint8Array({ maxLength: 300 }),
      fault: fc.constantFrom('none', 'none', 'none', 'magic', 'command', 'checksum'),
    }),
    { maxLength: 12 },
  );
  const damaged = { magic: 0, command: 6, checksum: 20 };

  test('gives the same whatever the cuts are, and skips what is damaged', () => {
    fc.assert(
      fc.property(messages, fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }), (list, cuts) => {
        const encoded = list.map(({ command, payload, fault }) => {
          const bytes = encodeMessage('dev', command, payload);
          if (fault !== 'none') bytes[damaged[fault]]! ^= 0x80;
          return [...bytes];
        });
        const bytes = Uint8Array.from(encoded.flat());
        const stream = new MessageStream('dev', 1000);
        const read: Message[] = [];
        for (let at = 0, cut = 0; at < bytes.length; cut += 1) {
          const length = cuts[cut % cuts.length]!;
          const chunk = bytes.slice(at, at + length);
          stream.push(chunk);
          chunk.fill(0);
          at += length;
          for (let item = stream.next(); item !== undefined; item = stream.next())
            if (item.type === 'message') read.push(item.message);
        }
        const whole = list.filter(({ fault }) => fault === 'none');
        expect(read.map(({ command, payload }) => [command, bytesToHex(payload)])).toEqual(
          whole.map(({ command, payload }) => [command, bytesToHex(payload)]),
        );
        expect(stream.heldBytes).toBe(0);
      }),
    );
  });

  test('ends on any bytes, and never holds more than it is told to', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 })), (chunks) => {
        const stream = new MessageStream('dev', 500);
        for (const chunk of chunks) {
          stream.push(chunk);
          for (let item = stream.next(); item !== undefined && item.type !== 'unreadable'; ) item = stream.next();
        }
        expect(stream.heldBytes).toBeLessThanOrEqual(chunks.reduce((sum, { length }) => sum + length, 0));
      }),
    );
  });

  test('takes a large message byte by byte in linear time', () => {
    const stream = new MessageStream('dev', 2_000_000);
    const bytes = encodeMessage('dev', 'inv', new Uint8Array(1_000_000));
    for (let at = 0; at < bytes.length; at += 7) stream.push(bytes.subarray(at, at + 7));
    expect(stream.next()).toMatchObject({ type: 'message', message: { command: 'inv' } });
    expect(stream.next()).toBeUndefined();
  });
});

describe('bounded memories', () => {
  test('a set remembers the newest', () => {
    const set = new RecentSet(2);
    expect(['a', 'b', 'a', 'c'].map((key) => set.add(key))).toEqual([true, true, false, true]);
    expect(['a', 'b', 'c'].map((key) => set.has(key))).toEqual([false, true, true]);
    expect(set.size).toBe(2);
  });

  test('a map remembers what was set last', () => {
    const map = new RecentMap<number>(2);
    for (const [key, value] of [
      ['a', 1],
      ['b', 2],
      ['a', 3],
      ['c', 4],
    ] as const)
      map.set(key, value);
    expect([...map.entries()]).toEqual([
      ['a', 3],
      ['c', 4],
    ]);
    map.delete('a');
    expect([map.get('a'), map.get('c'), map.size]).toEqual([undefined, 4, 1]);
  });
});

describe('routable addresses', () => {
  const mapped = (...bytes: number[]) => Uint8Array.from([...new Array<number>(10).fill(0), 0xff, 0xff, ...bytes]);
  const six = (hex: string) => hexToBytes(hex.padEnd(32, '0'));

  test.each([
    [true, mapped(203, 0, 113, 1)],
    [true, mapped(172, 32, 0, 1)],
    [true, six('20010db8')],
    [false, mapped(0, 0, 0, 0)],
    [false, mapped(10, 1, 2, 3)],
    [false, mapped(127, 0, 0, 1)],
    [false, mapped(172, 31, 255, 255)],
    [false, mapped(192, 168, 1, 1)],
    [false, mapped(169, 254, 1, 1)],
    [false, mapped(255, 255, 255, 255)],
    [false, six('')],
    [false, six('00000000000000000000000000000001')],
    [false, six('fc00')],
    [false, six('fd12')],
    [false, six('fe80')],
    [false, six('20010010')],
    [false, new Uint8Array(4)],
  ])('%s', (routable, ip) => {
    expect(isRoutable(ip)).toBe(routable);
  });
});

describe('votes for soft checkpoints (CHAIN-84)', () => {
  const voters = ['mf1', 'mf2', 'mf3', 'omgasm'];
  const chain = new Chain({ network: 'dev', powHash: noWork });
  const registered = blockOn(genesis, { registrations: voters.map((name, at) => registration(name, at + 1)) });
  chain.addBlock(registered.bytes, NOW);
  const vote = (name: string, height = 0, id = genesis.id, signer = voters.indexOf(name) + 1) =>
    encodeCheckpointVote({
      height,
      hash: id,
      user: encodeUtf8(name),
      signature: signTyped({ type: 'checkpoint', height, hash: id }, keyPair(signer).secret),
    });

  test('are counted once each, passed on, and told to newcomers when they have decided', () => {
    const node = new Bench(chain, NOW);
    for (const peer of ['source', 'other']) node.welcome(peer, { startHeight: -500 });
    node.welcome('old', { version: 70_001, startHeight: -500 });
    const say = (payload: Uint8Array) =>
      ['other', 'old', 'source'].map((peer) =>
        node
          .run(peer, (peers, now) =>
            peer === 'other' ? peers.receive('source', encodeMessage('dev', 'cp', payload), now) : [],
          )
          .map((message) => bytesToHex(message.payload)),
      );
    const votes = voters.map((name) => vote(name, 6));
    expect(say(votes[0]!)).toEqual([[bytesToHex(votes[0]!)], [], []]);
    expect(say(votes[0]!)).toEqual([[], [], []]);
    expect(say(vote('mf2', 6, genesis.id, 9))).toEqual([[], [], []]);
    expect(say(vote('mf2', 5))).toEqual([[], [], []]);
    say(votes[1]!);
    expect(node.told.some(({ type }) => type === 'checkpoint')).toBe(false);
    say(votes[2]!);
    expect(node.told.at(-1)).toEqual({ type: 'checkpoint', height: 6, id: genesis.id });
    expect(say(vote('mf1', 0))).toEqual([[], [], []]);
    const greeting = node.welcome('late', { startHeight: -500 }).filter(({ command }) => command === 'cp');
    expect(greeting.map(({ payload }) => bytesToHex(payload))).toEqual(votes.slice(0, 3).map(bytesToHex));
    say(votes[3]!);
    expect(node.told.filter(({ type }) => type === 'checkpoint')).toHaveLength(1);
    expect(node.peers.peers().every(({ score }) => score === 0)).toBe(true);
  });

  test('of a peer that sends bad ones are no longer looked at', () => {
    const node = new Bench(chain, NOW, { limits: { badVotes: 2 } });
    node.welcome('source');
    const say = (peer: string, payload: Uint8Array) => node.say(peer, 'cp', payload);
    for (const name of ['mf1', 'mf2']) say('source', vote(name, 6, genesis.id, 9));
    for (const name of voters) say('source', vote(name, 6));
    expect(node.told.some(({ type }) => type === 'checkpoint')).toBe(false);
    node.welcome('honest');
    for (const name of voters) say('honest', vote(name, 6));
    expect(node.told.some(({ type }) => type === 'checkpoint')).toBe(true);
  });

  test('candidates are bounded', () => {
    const node = new Bench(chain, NOW, { limits: { voteCandidates: 2 } });
    node.welcome('source');
    const ids = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte));
    const say = (payload: Uint8Array) => node.say('source', 'cp', payload);
    for (const name of ['mf1', 'mf2']) for (const id of ids) say(vote(name, 6, id));
    say(vote('mf3', 6, ids[0]!));
    expect(node.told.some(({ type }) => type === 'checkpoint')).toBe(false);
    for (const name of ['mf1', 'mf2']) say(vote(name, 6, ids[0]!));
    expect(node.told.at(-1)).toEqual({ type: 'checkpoint', height: 6, id: ids[0] });
  });
});

import {
  encodeAddr,
  encodeInventory,
  encodeLocator,
  encodeMessage,
  encodeTransaction,
  encodeUtf8,
} from '@rookery/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Chain, type PeerEffect } from '../src/index.ts';
import { blockOn, branchOn, genesis, NOW, noWork, registration } from './dev-chain.ts';
import { Bench, versionOf } from './peer-kit.ts';

const node = (limits = {}, chainLimits = {}) =>
  new Bench(new Chain({ network: 'dev', powHash: noWork, limits: chainLimits }), NOW, { limits });

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
const hashes = fc.array(fc.oneof(hash, fc.constant(genesis.id)), { maxLength: 20 });
const built = branchOn(genesis, 4, 'hostile');
const alice = encodeTransaction(registration('alice', 1));

/** Commands with payloads that are mostly well-formed, sometimes cut, sometimes noise. */
const payloads: fc.Arbitrary<readonly [string, Uint8Array]> = fc
  .oneof(
    fc.tuple(
      fc.constantFrom('inv', 'getdata', 'notfound'),
      fc.tuple(hashes, fc.nat(4)).map(([list, type]) => encodeInventory(list.map((one) => ({ type, hash: one })))),
    ),
    fc.tuple(
      fc.constantFrom('getblocks', 'getheaders'),
      fc.tuple(hashes, hash).map(([locator, stop]) => encodeLocator({ version: 1, locator, stop })),
    ),
    fc.tuple(
      fc.constant('addr'),
      fc
        .array(hash, { maxLength: 20 })
        .map((list) =>
          encodeAddr(list.map((ip, at) => ({ time: NOW / 1000 - at, services: 1n, ip: ip.slice(16), port: at }))),
        ),
    ),
    fc.tuple(
      fc.constant('version'),
      fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map((startHeight) => versionOf({ startHeight })),
    ),
    fc.tuple(
      fc.constant('block'),
      fc.constantFrom(...built).map(({ bytes }) => bytes),
    ),
    fc.tuple(fc.constant('tx'), fc.constant(alice)),
    fc.tuple(
      fc.constantFrom(
        'ping',
        'pong',
        'mempool',
        'getaddr',
        'filterload',
        'filteradd',
        'filterclear',
        'cp',
        'alert',
        'dhtgetreq',
        'block',
        'tx',
        'headers',
      ),
      fc.uint8Array({ maxLength: 300 }),
    ),
  )
  .chain(([command, payload]) =>
    fc
      .record({
        cut: fc.oneof(fc.constant(payload.length), fc.nat(payload.length)),
        flip: fc.option(fc.nat(8 * payload.length), { nil: undefined }),
      })
      .map(({ cut, flip }) => {
        const bytes = payload.slice(0, cut);
        if (flip !== undefined && flip >>> 3 < bytes.length) bytes[flip >>> 3]! ^= 1 << (flip & 7);
        return [command, bytes] as const;
      }),
  );

function expectSound(effects: readonly PeerEffect[]): void {
  for (const effect of effects) if (effect.type === 'rejected') expect(effect.penalty).toBeGreaterThanOrEqual(0);
}

describe('nothing that a peer sends makes the engine throw', () => {
  test('any bytes, cut anywhere, greeted or not', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.array(fc.uint8Array({ maxLength: 400 })), (greeted, chunks) => {
        const bench = node();
        bench.connect('peer');
        if (greeted) bench.say('peer', 'version', versionOf());
        for (const chunk of chunks) expectSound(bench.peers.receive('peer', chunk, bench.now));
      }),
    );
  });

  test('messages of every kind, whole, cut and flipped, while time passes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(payloads, fc.nat(3), fc.nat(200_000)), { maxLength: 40 }), (messages) => {
        const bench = node();
        for (const peer of ['peer0', 'peer1']) bench.welcome(peer);
        bench.connect('peer2', true);
        for (const [[command, payload], peer, wait] of messages) {
          expectSound(bench.peers.receive(`peer${peer}`, encodeMessage('dev', command, payload), bench.now));
          bench.passTo('peer0', bench.now + wait);
          const next = bench.peers.nextDeadline();
          expect(next === undefined || next > bench.now).toBe(true);
        }
        expect(bench.peers.sizes().streamBytes).toBe(0);
      }),
    );
  });

  test('any bytes as a block or a transaction, and a good block with any bit of its transactions flipped', () => {
    const chain = new Chain({ network: 'dev', powHash: noWork });
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.integer({ min: 8 * 84, max: 8 * built[0]!.bytes.length - 1 }),
        (bytes, flip) => {
          chain.addBlock(bytes, NOW);
          chain.addTransaction(bytes, NOW);
          const flipped = built[0]!.bytes.slice();
          flipped[flip >>> 3]! ^= 1 << (flip & 7);
          expect(chain.addBlock(flipped, NOW).map(({ type }) => type)).not.toContain('connected');
        },
      ),
    );
  });

  test('a block cut at any place', () => {
    const { bytes } = blockOn(genesis, { registrations: [registration('alice', 1)] });
    for (let length = 0; length < bytes.length; length += 1) {
      const chain = new Chain({ network: 'dev', powHash: noWork });
      expect(chain.addBlock(bytes.subarray(0, length), NOW)).toMatchObject([
        { type: 'rejected', id: null, code: 'truncated' },
      ]);
    }
  });
});

describe('what a hostile peer makes the engine remember is bounded', () => {
  const limits = {
    inventoryKnown: 50,
    addressesKnown: 50,
    asks: 50,
    asked: 50,
    requests: 50,
    trickled: 50,
    relayed: 50,
    addresses: 50,
    bans: 5,
    blocksTold: 50,
    windowBytes: 1000,
    messageBytes: 20_000,
    streamBytes: 20_000,
  };
  const drawn = (at: number) =>
    Uint8Array.from({ length: 32 }, (_, byte) => (byte < 4 ? (at >>> (8 * byte)) & 255 : 7));

  test('inventories, requests, addresses and streams', () => {
    const bench = node(limits);
    bench.chain.addBlock(built[0]!.bytes, NOW);
    for (const peer of ['a', 'b', 'c']) bench.welcome(peer);
    for (let round = 0; round < 100; round += 1) {
      const list = Array.from({ length: 40 }, (_, at) => drawn(40 * round + at));
      const items = (type: number) => encodeInventory(list.map((one) => ({ type, hash: one })));
      bench.say('a', 'inv', items(2));
      bench.say('a', 'inv', items(1));
      bench.say('b', 'getdata', encodeInventory(list.map(() => ({ type: 2, hash: built[0]!.id }))));
      const addresses = list.map((one, at) => ({ time: NOW / 1000, services: 1n, ip: one.slice(0, 16), port: at }));
      bench.say('c', 'addr', encodeAddr(addresses.slice(0, 10)));
      bench.receive('c', new Uint8Array(10));
      const { entries, streamBytes } = bench.peers.sizes();
      expect(entries).toBeLessThan(3 * 6 * 50 + 2 * 50 + 200);
      expect(streamBytes).toBeLessThan(3 * 20_000 + 24);
    }
  });

  test('bans of ever new addresses', () => {
    const bench = node(limits);
    for (let at = 0; at < 50; at += 1) {
      bench.connect(`peer${at}`);
      bench.say(`peer${at}`, 'version', versionOf());
      bench.say(`peer${at}`, 'filteradd', encodeUtf8('\u0001x'));
    }
    expect(bench.told.filter(({ type }) => type === 'ban')).toHaveLength(50);
    expect(bench.peers.sizes()).toEqual({ sessions: 0, streamBytes: 0, entries: 5 });
  });

  test('orphans, side blocks and loose transactions, which cost nothing on this network', () => {
    const bounded = { orphans: 100, sideBlocks: 20, poolTransactions: 20 };
    const bench = node({}, bounded);
    bench.welcome('peer');
    const orphans = branchOn(genesis, 150, 'orphan').slice(1);
    for (const { bytes } of [...built, ...orphans]) bench.say('peer', 'block', bytes);
    const sides = Array.from({ length: 50 }, (_, at) => blockOn(genesis, { text: `side ${at}` }));
    for (const { bytes } of sides) bench.say('peer', 'block', bytes);
    for (let key = 1; key <= 40; key += 1) bench.say('peer', 'tx', encodeTransaction(registration(`user${key}`, key)));
    const isKnown = ({ id }: { id: Uint8Array }) => bench.chain.knowsBlock(id);
    expect(orphans.filter(isKnown)).toHaveLength(100);
    expect(sides.filter(isKnown)).toHaveLength(20);
    expect(bench.chain.pool()).toHaveLength(20);
    expect(bench.chain.tip.height).toBe(4);
  });
});

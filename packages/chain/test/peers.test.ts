import { bytesToHex } from '@noble/hashes/utils.js';
import {
  decodeAddr,
  decodeInventory,
  decodeLocator,
  decodeVersion,
  encodeAddr,
  encodeDhtGetRequest,
  encodeFilterAdd,
  encodeFilterLoad,
  encodeInventory,
  encodeLocator,
  encodeMessage,
  encodePing,
  encodeTransaction,
  encodeUtf8,
  type InventoryItem,
  type Message,
  transactionId,
} from '@rookery/wire';
import { describe, expect, test } from 'vitest';
import { Chain, type ChainOptions, type ChainPeersOptions, type PeerEffect } from '../src/index.ts';
import { blockOn, branchOn, type DevBlock, genesis, NOW, noWork, registration } from './dev-chain.ts';
import { Bench, sentTo, versionOf } from './peer-kit.ts';

function bench(options: Partial<ChainPeersOptions> = {}, chainOptions: Partial<ChainOptions> = {}): Bench {
  return new Bench(new Chain({ network: 'dev', powHash: noWork, ...chainOptions }), NOW, options);
}

const commands = (messages: readonly Message[]) => messages.map(({ command }) => command);
const only = (command: string, messages: readonly Message[]) =>
  messages.filter((message) => message.command === command);
const itemsOf = (command: string, messages: readonly Message[]): InventoryItem[] =>
  only(command, messages).flatMap(({ payload }) => [...decodeInventory(payload).value]);
const hashesOf = (command: string, messages: readonly Message[]) =>
  itemsOf(command, messages).map(({ hash }) => bytesToHex(hash));
const ids = (...blocks: readonly DevBlock[]) => blocks.map(({ id }) => bytesToHex(id));
const inventory = (type: number, ...hashes: readonly Uint8Array[]) =>
  encodeInventory(hashes.map((hash) => ({ type, hash })));
const scoreOf = (node: Bench, peer: string) => node.peers.peers().find((info) => info.peer === peer)?.score;
const closes = (node: Bench) =>
  node.told.flatMap((effect) => (effect.type === 'close' ? [`${effect.peer} ${effect.code}`] : []));

describe('the handshake (CHAIN-72)', () => {
  test('whoever opens the connection greets first, then asks for addresses', () => {
    const node = bench({ userAgent: '/test/' });
    const [greeting, ...more] = node.connect('peer', true);
    expect(more).toEqual([]);
    expect(decodeVersion(greeting!.payload).value).toMatchObject({
      version: 70003,
      services: 1n,
      time: BigInt(NOW / 1000),
      subver: encodeUtf8('/test/'),
      startHeight: 0,
      relay: true,
    });
    expect(commands(node.say('peer', 'version', versionOf({ startHeight: 7 })))).toEqual([
      'verack',
      'getaddr',
      'getblocks',
    ]);
    expect(node.told).toEqual([
      {
        type: 'ready',
        peer: 'peer',
        outgoing: true,
        version: 70003,
        services: 1n,
        userAgent: '',
        startHeight: 7,
        seenAs: { services: 1n, ip: new Uint8Array(16), port: 0 },
      },
    ]);
  });

  test('the other answers, and tells where it can be reached only if it opened', () => {
    const publicAddress = { services: 1n, ip: new Uint8Array(16).fill(3), port: 28333 };
    const node = bench({ publicAddress });
    expect(commands(node.welcome('in', { startHeight: -500 }))).toEqual(['version', 'verack']);
    node.connect('out', true);
    const answers = node.say('out', 'version', versionOf({ startHeight: -500, time: 5n }));
    expect(commands(answers)).toEqual(['verack', 'getaddr', 'addr']);
    expect(decodeAddr(answers[2]!.payload).value).toEqual([{ time: NOW / 1000, ...publicAddress }]);
  });

  test('messages before it and a second one are dropped and score 1', () => {
    const node = bench();
    node.connect('peer');
    expect(node.say('peer', 'ping', encodePing(new Uint8Array(8)))).toEqual([]);
    expect(scoreOf(node, 'peer')).toBe(1);
    node.say('peer', 'version', versionOf());
    expect(node.say('peer', 'version', versionOf())).toEqual([]);
    expect(scoreOf(node, 'peer')).toBe(2);
  });

  test('an obsolete peer is closed, and a short greeting is none', () => {
    const node = bench();
    node.welcome('old', { version: 208 });
    node.connect('short');
    expect(node.say('short', 'version', versionOf().slice(0, 30))).toEqual([]);
    expect(closes(node)).toEqual(['old obsolete-version']);
    const bare = versionOf({ version: 209 }).slice(0, 46);
    expect(commands(node.say('short', 'version', bare))).toEqual(['version', 'verack', 'getblocks']);
  });

  test('a node that meets itself closes', () => {
    const node = bench();
    const [greeting] = node.connect('out', true);
    node.connect('in');
    node.receive('in', encodeMessage('dev', 'version', greeting!.payload));
    expect(closes(node)).toEqual(['in self-connection']);
  });

  test('names are unique, and strangers are ignored', () => {
    const node = bench();
    node.connect('peer');
    expect(() => node.connect('peer')).toThrow(RangeError);
    expect(node.say('nobody', 'version', versionOf())).toEqual([]);
    expect(node.peers.disconnect('nobody', NOW)).toEqual([]);
    expect(node.peers.deliverBlock('nobody', genesis.id, undefined, NOW)).toEqual([]);
  });
});

describe('time and silence (CHAIN-73, CHAIN-74, CHAIN-83)', () => {
  test('a connection without a greeting is closed after a minute, however many bytes came', () => {
    const node = bench();
    node.connect('peer');
    node.passTo('peer', NOW + 59_999);
    node.receive('peer', encodeMessage('dev', 'version', versionOf()).slice(0, 30));
    expect(closes(node)).toEqual([]);
    node.passTo('peer', NOW + 60_000);
    expect(closes(node)).toEqual(['peer handshake-timeout']);
  });

  test('a ping after half an hour, the end after an hour and a half', () => {
    const node = bench();
    node.welcome('peer');
    expect(commands(node.passTo('peer', NOW + 1_799_999))).toEqual([]);
    const pings = node.passTo('peer', NOW + 5_399_999);
    expect(pings.map(({ command, payload }) => [command, payload])).toEqual([
      ['ping', new Uint8Array(8)],
      ['ping', new Uint8Array(8)],
    ]);
    node.passTo('peer', NOW + 5_400_000);
    expect(closes(node)).toEqual(['peer silent']);
    expect(node.peers.nextDeadline()).toBeUndefined();
  });

  test('old peers get a ping without a nonce and no pong', () => {
    const node = bench();
    node.welcome('peer', { version: 60_000 });
    expect(node.say('peer', 'ping', encodePing(new Uint8Array(8)))).toEqual([]);
    expect(node.passTo('peer', NOW + 1_800_000).map(({ payload }) => payload.length)).toEqual([0]);
  });

  test('the clock follows the median of five, one for each group, if it is not far off', () => {
    const node = bench({ groupOf: (address) => address.slice(0, 1) });
    const at = (seconds: number) => BigInt(NOW / 1000 + seconds);
    for (const [peer, offset] of [
      ['a1', 100],
      ['a2', 9000],
      ['b', 200],
      ['c', 300],
    ] as const)
      node.welcome(peer, { time: at(offset) });
    expect(node.peers.adjustedTime(NOW)).toBe(NOW / 1000);
    node.welcome('d', { time: at(-50) });
    expect(node.peers.adjustedTime(NOW)).toBe(NOW / 1000 + 100);
    node.welcome('e', { time: at(9999) });
    expect(node.peers.adjustedTime(NOW)).toBe(NOW / 1000 + 100);
    node.welcome('f', { time: at(9999) });
    expect(node.peers.adjustedTime(NOW)).toBe(NOW / 1000 + 200);
    for (const peer of ['g', 'h', 'i', 'j', 'k', 'l']) node.welcome(peer, { time: at(9999) });
    expect(node.peers.adjustedTime(NOW)).toBe(NOW / 1000);
  });
});

describe('scores and bans (CHAIN-85)', () => {
  test.each([
    ['oversized-inventory', 20, 'inv', inventory(2, ...new Array<Uint8Array>(50_001).fill(genesis.id))],
    ['oversized-inventory', 20, 'getdata', inventory(2, ...new Array<Uint8Array>(50_001).fill(genesis.id))],
    [
      'oversized-addr',
      20,
      'addr',
      encodeAddr(new Array(1001).fill({ time: 0, services: 1n, ip: new Uint8Array(16), port: 1 })),
    ],
    [
      'oversized-filter',
      100,
      'filterload',
      encodeFilterLoad({ data: new Uint8Array(36_001), hashFuncs: 1, tweak: 0, flags: 0 }),
    ],
    [
      'oversized-filter',
      100,
      'filterload',
      encodeFilterLoad({ data: new Uint8Array(1), hashFuncs: 51, tweak: 0, flags: 0 }),
    ],
    ['missing-filter', 100, 'filteradd', encodeFilterAdd(new Uint8Array(1))],
    ['wrong-merkle-root', 100, 'block', blockOn(genesis, { header: { merkleRoot: new Uint8Array(32) } }).bytes],
    ['loose-promotion', 100, 'tx', encodeTransaction(genesis.block.transactions[0]!)],
  ])('%s scores %i', (code, penalty, command, payload) => {
    const node = bench();
    node.welcome('peer');
    node.say('peer', command, payload);
    if (penalty < 100) {
      expect(scoreOf(node, 'peer')).toBe(penalty);
      for (let more = 0; more < 4; more += 1) node.say('peer', command, payload);
    }
    expect(scoreOf(node, 'peer')).toBeUndefined();
    expect(node.told.filter(({ type }) => type === 'ban')).toEqual([
      { type: 'ban', peer: 'peer', code, untilMs: NOW + 86_400_000 },
    ]);
    expect(closes(node)).toEqual([`peer ${code}`]);
  });

  test('a ban holds for a group of addresses, for a day', () => {
    const node = bench({ groupOf: (address) => address.split('.')[0]! });
    node.connect('peer', false, '10.1');
    node.say('peer', 'version', versionOf());
    node.say('peer', 'filteradd', encodeFilterAdd(new Uint8Array(1)));
    node.connect('same', false, '10.2');
    node.connect('other', false, '11.1');
    expect(closes(node)).toEqual(['peer missing-filter', 'same banned']);
    node.now += 86_400_000;
    node.connect('again', false, '10.2');
    expect(closes(node)).toHaveLength(2);
  });

  test('a hundred and twenty-five connections are enough, and strangers get not all of them', () => {
    const node = bench();
    for (let at = 0; at < 118; at += 1) node.connect(`in${at}`);
    expect(closes(node)).toEqual(['in117 too-many-peers']);
    for (let at = 0; at < 9; at += 1) node.connect(`out${at}`, true);
    expect(closes(node)).toEqual(['in117 too-many-peers', 'out8 too-many-peers']);
  });

  test('a second element too large, once a filter is there', () => {
    const node = bench();
    node.welcome('peer');
    node.say('peer', 'filterload', encodeFilterLoad({ data: new Uint8Array(8), hashFuncs: 1, tweak: 0, flags: 0 }));
    node.say('peer', 'filteradd', encodeFilterAdd(new Uint8Array(520)));
    expect(scoreOf(node, 'peer')).toBe(0);
    node.say('peer', 'filteradd', encodeFilterAdd(new Uint8Array(521)));
    expect(closes(node)).toEqual(['peer oversized-filter']);
  });
});

describe('the stream (CHAIN-69, CHAIN-70)', () => {
  test('messages may be cut anywhere', () => {
    const node = bench();
    node.connect('peer');
    const stream = [encodeMessage('dev', 'version', versionOf()), encodeMessage('dev', 'ping', new Uint8Array(8))];
    const answers = stream.flatMap((message) =>
      [...message].flatMap((byte) => node.receive('peer', Uint8Array.of(byte))),
    );
    expect(commands(answers).filter((command) => command !== 'getblocks')).toEqual(['version', 'verack', 'pong']);
  });

  test('a message that is too large is skipped unread, a length that is impossible ends the connection', () => {
    const node = bench({ limits: { messageBytes: 1000 } });
    node.welcome('peer');
    const large = encodeMessage('dev', 'inv', new Uint8Array(5000));
    for (let at = 0; at < large.length; at += 100) {
      node.receive('peer', large.subarray(at, at + 100));
      expect(node.peers.sizes().streamBytes).toBeLessThan(1100);
    }
    expect(scoreOf(node, 'peer')).toBe(20);
    expect(commands(node.say('peer', 'ping', new Uint8Array(8)))).toEqual(['pong']);
    const impossible = large.slice(0, 24);
    impossible.fill(0xff, 16, 20);
    node.receive('peer', impossible);
    expect(closes(node)).toEqual(['peer unreadable-stream']);
  });

  test('what waits to be read is bounded, for one peer and for all', () => {
    const one = bench({ limits: { messageBytes: 9999, streamBytes: 500 } });
    one.welcome('peer');
    one.receive('peer', encodeMessage('dev', 'inv', new Uint8Array(900)).subarray(0, 600));
    expect(closes(one)).toEqual(['peer stream-full']);
    const all = bench({ limits: { allStreamBytes: 500 } });
    for (const peer of ['a', 'b']) {
      all.connect(peer);
      all.receive(peer, encodeMessage('dev', 'inv', new Uint8Array(900)).subarray(0, 300));
    }
    expect(closes(all)).toEqual(['b stream-full']);
    expect(all.peers.sizes().streamBytes).toBe(300);
  });

  test('a peer that asks for more than it can take has to wait, in order', () => {
    const node = bench({ limits: { windowBytes: 1000 } });
    const blocks = branchOn(genesis, 30);
    for (const { bytes } of blocks) node.chain.addBlock(bytes, NOW);
    node.welcome('peer');
    const asked = encodeMessage('dev', 'getdata', inventory(2, ...blocks.map(({ id }) => id)));
    const ping = encodeMessage('dev', 'ping', new Uint8Array(8));
    const first = node.receive('peer', Uint8Array.from([...asked, ...ping]));
    expect(first.length).toBeLessThan(10);
    expect(node.peers.nextDeadline()).toBe(NOW + 100);
    const later = node.passTo('peer', NOW + 1000);
    const answers = [...first, ...later];
    expect(commands(answers)).toEqual([...new Array<string>(30).fill('block'), 'pong']);
    expect(answers.slice(0, 30).map(({ payload }) => bytesToHex(payload))).toEqual(
      blocks.map(({ bytes }) => bytesToHex(bytes)),
    );
  });
});

test('a peer whose socket is full waits without a deadline (CHAIN-70)', () => {
  const node = bench();
  node.welcome('peer');
  const setFull = (isFull: boolean) => node.run('peer', (peers, now) => peers.setFull('peer', isFull, now));
  expect(setFull(true)).toEqual([]);
  expect(node.say('peer', 'getdata', inventory(2, genesis.id))).toEqual([]);
  expect(node.say('peer', 'ping', new Uint8Array(8))).toEqual([]);
  expect(node.peers.nextDeadline()).toBeGreaterThan(NOW + 1_000_000);
  expect(commands(setFull(false))).toEqual(['block', 'pong']);
  expect(node.peers.setFull('nobody', true, NOW)).toEqual([]);
});

describe('fetching the chain (CHAIN-75, CHAIN-76)', () => {
  const blocks = branchOn(genesis, 6);
  const [b1, b2, b3, b4] = blocks as [DevBlock, DevBlock, DevBlock, DevBlock];

  test('the highest peer is asked for what follows, and it is told when that is there', () => {
    const node = bench();
    node.connect('low');
    node.connect('client');
    node.connect('high');
    const greet = (peer: string, fields: object) => commands(node.say(peer, 'version', versionOf(fields)));
    expect(greet('client', { services: 0n, startHeight: 9 })).not.toContain('getblocks');
    expect(greet('low', { startHeight: 2 })).toContain('getblocks');
    expect(greet('high', { startHeight: 4 })).not.toContain('getblocks');
    expect(hashesOf('getdata', node.say('low', 'inv', inventory(2, b1.id, b2.id)))).toEqual(ids(b1, b2));
    node.say('low', 'block', b1.bytes);
    const effects = node.peers.receive('low', encodeMessage('dev', 'block', b2.bytes), NOW);
    const sends = effects.filter(({ type }) => type === 'send');
    expect(sends.some((effect) => effect.type === 'send' && effect.peer === 'high')).toBe(true);
    expect(effects.some(({ type }) => type === 'synced')).toBe(false);
    node.say('high', 'inv', inventory(2, b3.id, b4.id));
    node.say('high', 'block', b3.bytes);
    node.say('high', 'block', b4.bytes);
    expect(node.told.filter(({ type }) => type === 'synced')).toEqual([{ type: 'synced', height: 4 }]);
    expect(node.chain.tip.height).toBe(4);
  });

  test('when the peer is gone, another is asked, also for what was asked of the first', () => {
    const node = bench();
    node.welcome('first', { startHeight: 6 });
    node.welcome('second', { startHeight: 6 });
    node.say('first', 'inv', inventory(2, ...blocks.map(({ id }) => id)));
    expect(node.say('second', 'inv', inventory(2, b1.id))).toEqual([]);
    const messages = node.run('second', (peers, now) => peers.disconnect('first', now));
    expect(commands(messages)).toEqual(['getblocks', 'getdata']);
    expect(hashesOf('getdata', messages)).toEqual(ids(b1));
  });

  test('a peer that gives nothing for a minute is believed to have no more', () => {
    const node = bench();
    node.welcome('first', { startHeight: 6 });
    node.welcome('second', { startHeight: 6 });
    expect(commands(node.passTo('second', NOW + 60_000))).toEqual(['getblocks']);
    node.passTo('second', NOW + 120_000);
    expect(node.told.filter(({ type }) => type === 'synced')).toEqual([{ type: 'synced', height: 0 }]);
  });

  test('what one peer was asked for is asked of another two minutes later, or when the first has it not', () => {
    const node = bench();
    node.welcome('first', { startHeight: -500 });
    node.welcome('second', { startHeight: -500 });
    expect(hashesOf('getdata', node.say('first', 'inv', inventory(2, b1.id, b2.id)))).toEqual(ids(b1, b2));
    expect(node.say('second', 'inv', inventory(2, b1.id, b2.id))).toEqual([]);
    const notFound = node.run('second', (peers, now) =>
      peers.receive('first', encodeMessage('dev', 'notfound', inventory(2, b2.id)), now),
    );
    expect(hashesOf('getdata', notFound)).toEqual(ids(b2));
    expect(node.passTo('second', NOW + 119_999)).toEqual([]);
    node.welcome('third', { startHeight: -500 });
    expect(node.say('third', 'inv', inventory(2, b1.id))).toEqual([]);
    expect(hashesOf('getdata', node.passTo('second', NOW + 120_000))).toEqual(ids(b1));
    expect(node.passTo('third', NOW + 239_999)).toEqual([]);
    expect(hashesOf('getdata', node.passTo('third', NOW + 240_000))).toEqual(ids(b1));
  });

  test('a block that waits leads to what it lacks, and of a list the last known block to what follows it', () => {
    const node = bench();
    node.welcome('peer', { startHeight: -500 });
    const [request] = node.say('peer', 'block', b3.bytes);
    expect(decodeLocator(request!.payload).value).toMatchObject({ locator: [genesis.id, genesis.id], stop: b3.id });
    expect(node.say('peer', 'block', b4.bytes)).toEqual([]);
    expect(node.say('peer', 'inv', inventory(2, b4.id))).toEqual([]);
    node.say('peer', 'block', b1.bytes);
    const [again] = node.say('peer', 'inv', inventory(2, b4.id));
    expect(decodeLocator(again!.payload).value).toMatchObject({ stop: b3.id });
    const [onwards] = node.say('peer', 'inv', inventory(2, genesis.id, b1.id));
    expect(decodeLocator(onwards!.payload).value).toMatchObject({
      locator: [b1.id, genesis.id, genesis.id],
      stop: new Uint8Array(32),
    });
    node.say('peer', 'block', b2.bytes);
    expect(node.chain.tip.height).toBe(4);
  });

  test('unknown types are left alone, and only so much is asked for', () => {
    const node = bench({ limits: { asks: 1500 } });
    node.welcome('peer', { startHeight: -500 });
    const fake = Array.from({ length: 3000 }, (_, at) =>
      Uint8Array.from({ length: 32 }, (__, byte) => (at >> byte) & 255),
    );
    const messages = node.say(
      'peer',
      'inv',
      encodeInventory([{ type: 9, hash: fake[7]! }, ...fake.map((hash) => ({ type: 2, hash }))]),
    );
    expect(messages.map(({ payload }) => decodeInventory(payload).value.length)).toEqual([1000, 500]);
    expect(itemsOf('getdata', messages).every(({ type }) => type === 2)).toBe(true);
  });
});

describe('what peers ask for (CHAIN-77, CHAIN-79)', () => {
  test('after the last of five hundred blocks they are told the tip, so that they ask on', () => {
    const node = bench();
    const blocks = branchOn(genesis, 510);
    for (const { bytes } of blocks) node.chain.addBlock(bytes, NOW);
    node.welcome('peer');
    const request = (from: DevBlock) => encodeLocator({ version: 1, locator: [from.id], stop: new Uint8Array(32) });
    const first = node.say('peer', 'getblocks', request(genesis));
    expect(hashesOf('inv', first)).toEqual(ids(...blocks.slice(0, 500)));
    const served = node.say('peer', 'getdata', inventory(2, blocks[498]!.id, blocks[499]!.id));
    expect(commands(served)).toEqual(['block', 'block', 'inv']);
    expect(hashesOf('inv', served)).toEqual(ids(blocks[509]!));
    expect(hashesOf('inv', node.say('peer', 'getblocks', request(blocks[499]!)))).toEqual(ids(...blocks.slice(500)));
  });

  test('a block that is not at hand is asked of the application, in turn', () => {
    const node = bench({}, { source: { blockBytes: () => undefined }, limits: { recentBlocks: 1 } });
    const blocks = branchOn(genesis, 5);
    for (const { bytes } of blocks) node.chain.addBlock(bytes, NOW);
    const [b1, b2, , , b5] = blocks as [DevBlock, DevBlock, DevBlock, DevBlock, DevBlock];
    node.welcome('peer');
    expect(node.say('peer', 'getdata', inventory(2, b5.id, b1.id, b2.id, b5.id))).toHaveLength(1);
    const needed = () => node.told.flatMap((effect) => (effect.type === 'need-block' ? [bytesToHex(effect.id)] : []));
    expect(needed()).toEqual(ids(b1));
    expect(commands(node.say('peer', 'ping', new Uint8Array(8)))).toEqual(['pong']);
    const deliver = (block: DevBlock, bytes: Uint8Array | undefined) =>
      node.run('peer', (peers, now) => peers.deliverBlock('peer', block.id, bytes, now));
    expect(deliver(b2, b2.bytes)).toEqual([]);
    expect(deliver(b1, b1.bytes).map(({ payload }) => payload)).toEqual([b1.bytes]);
    expect(needed()).toEqual(ids(b1, b2));
    expect(deliver(b2, undefined).map(({ payload }) => payload)).toEqual([b5.bytes]);
  });

  test('blocks of other branches are served, failed and unknown ones are not', () => {
    const node = bench();
    const a1 = blockOn(genesis, { registrations: [registration('alice', 1)] });
    const side = blockOn(genesis, { text: 'side' });
    const failed = blockOn(a1, { registrations: [registration('alice', 2)] });
    for (const { bytes } of [a1, side, failed]) node.chain.addBlock(bytes, NOW);
    node.welcome('peer');
    const asked = inventory(2, side.id, new Uint8Array(32), a1.id);
    expect(node.say('peer', 'getdata', asked).map(({ payload }) => payload)).toEqual([side.bytes, a1.bytes]);
  });

  test('requests are bounded', () => {
    const node = bench({ limits: { requests: 3, windowBytes: 1 } });
    node.welcome('peer');
    node.say('peer', 'getdata', inventory(2, ...new Array<Uint8Array>(9).fill(genesis.id)));
    expect(only('block', node.passTo('peer', NOW + 5000))).toHaveLength(3);
  });
});

describe('telling peers (CHAIN-76, CHAIN-82)', () => {
  const b1 = blockOn(genesis);
  const alice = registration('alice', 1);
  const bytes = encodeTransaction(alice);
  const id = bytesToHex(transactionId(alice));

  test('of a new block, except the one that sent it and those far ahead', () => {
    const node = bench();
    for (const [peer, startHeight] of [
      ['sender', 1],
      ['other', -1],
      ['ahead', 2001],
    ] as const)
      node.welcome(peer, { startHeight });
    const effects = node.peers.receive('sender', encodeMessage('dev', 'block', b1.bytes), NOW);
    const told = ['sender', 'other', 'ahead'].filter((peer) => only('inv', sentTo(peer, effects, 'dev')).length > 0);
    expect(told).toEqual(['other']);
    expect(effects.filter(({ type }) => type !== 'send').map(({ type }) => type)).toEqual([
      'accepted',
      'connected',
      'tip',
    ]);
  });

  test('of a block of the application', () => {
    const node = bench();
    node.welcome('peer', { startHeight: -500 });
    node.chain.addBlock(b1.bytes, NOW);
    const announce = () => node.run('peer', (peers, now) => peers.announceBlock(b1.id, now));
    expect(hashesOf('inv', announce())).toEqual(ids(b1));
    expect(announce()).toEqual([]);
    expect(node.run('peer', (peers, now) => peers.announceBlock(new Uint8Array(32), now))).toEqual([]);
  });

  test('of a transaction, in their turns and once; it is served for a quarter of an hour', () => {
    const node = bench();
    for (const peer of ['sender', 'other']) node.welcome(peer, { startHeight: -500 });
    node.welcome('deaf', { relay: false, startHeight: -500 });
    node.say('sender', 'tx', bytes);
    expect(node.told.filter(({ type }) => type === 'pooled')).toHaveLength(1);
    const told = ['sender', 'deaf'].flatMap((peer) => node.passTo(peer, node.now));
    expect(told).toEqual([]);
    expect(hashesOf('inv', node.passTo('other', NOW + 10_000))).toEqual([id]);
    expect(node.passTo('other', NOW + 20_000)).toEqual([]);
    node.chain.addBlock(blockOn(genesis, { registrations: [alice] }).bytes, NOW);
    const ask = () => commands(node.say('other', 'getdata', inventory(1, transactionId(alice))));
    expect(ask()).toEqual(['tx']);
    node.passTo('other', NOW + 900_000);
    expect(ask()).toEqual(['notfound']);
  });

  test('as their filters want', () => {
    const node = bench();
    node.welcome('peer', { relay: false, startHeight: -500 });
    const filter = (data: Uint8Array) => encodeFilterLoad({ data, hashFuncs: 1, tweak: 0, flags: 0 });
    node.say('peer', 'filterload', filter(new Uint8Array(8)));
    node.run('peer', (peers, now) => peers.submitTransaction(bytes, now));
    expect(node.passTo('peer', NOW + 10_000)).toEqual([]);
    node.say('peer', 'filterload', filter(Uint8Array.of(0xff)));
    node.run('peer', (peers, now) => peers.submitTransaction(bytes, now));
    expect(hashesOf('inv', node.passTo('peer', NOW + 20_000))).toEqual([id]);
  });

  test('what the application submits twice is told again to those who came since', () => {
    const node = bench();
    const submit = () => node.run('late', (peers, now) => peers.submitTransaction(bytes, now));
    submit();
    expect(node.told.map(({ type }) => type)).toEqual(['pooled']);
    node.welcome('late', { startHeight: -500 });
    const messages = [...submit(), ...node.passTo('late', NOW + 10_000)];
    expect(hashesOf('inv', messages)).toEqual([id]);
    expect(node.told.map(({ type }) => type)).toEqual(['pooled', 'ready']);
    node.run('late', (peers, now) => peers.submitTransaction(new Uint8Array(2), now));
    expect(node.told.at(-1)).toMatchObject({ type: 'rejected', code: 'truncated' });
  });

  test('a transaction that a peer tells of is asked for unless it waits', () => {
    const node = bench();
    node.welcome('peer', { startHeight: -500 });
    expect(hashesOf('getdata', node.say('peer', 'inv', inventory(1, transactionId(alice))))).toEqual([id]);
    node.say('peer', 'tx', bytes);
    node.welcome('second', { startHeight: -500 });
    expect(only('getdata', node.say('second', 'inv', inventory(1, transactionId(alice))))).toEqual([]);
  });
});

describe('addresses (CHAIN-81)', () => {
  const seconds = NOW / 1000;
  const address = (last: number, time: number) => ({
    time,
    services: 1n,
    ip: Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 203, 0, 113, last]),
    port: 28333,
  });
  const told = (node: Bench) => node.told.flatMap((effect) => (effect.type === 'addresses' ? [...effect.items] : []));

  test('are told to the application, with times that can be', () => {
    const node = bench();
    node.welcome('peer');
    node.say('peer', 'addr', encodeAddr([address(1, seconds), address(2, 100_000_000), address(3, seconds + 601)]));
    expect(told(node).map(({ time }) => seconds - time)).toEqual([0, 432_000, 432_000]);
    node.welcome('old', { version: 31_401 });
    node.say('old', 'addr', encodeAddr([address(4, seconds)]));
    expect(told(node)).toHaveLength(3);
  });

  test('fresh routable ones that nobody asked for go on to at most two', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const unroutable = { ...address(3, seconds), ip: new Uint8Array(16) };
    const list = encodeAddr([address(1, seconds - 599), address(2, seconds - 601), unroutable]);
    const passed = names.flatMap((peer) => {
      const node = bench();
      for (const name of names) node.welcome(name, { startHeight: -500 });
      node.say('a', 'addr', list);
      return only('addr', node.passTo(peer, NOW + 10_000)).flatMap(({ payload }) => [...decodeAddr(payload).value]);
    });
    expect([1, 2]).toContain(passed.length);
    expect(passed.every(({ ip }) => ip[15] === 1)).toBe(true);
  });

  test('an answer to getaddr is not passed on', () => {
    const node = bench();
    node.welcome('other', { startHeight: -500 });
    node.connect('asked', true);
    node.say('asked', 'version', versionOf({ startHeight: -500 }));
    node.say('asked', 'addr', encodeAddr([address(1, seconds)]));
    expect(node.passTo('other', NOW + 10_000)).toEqual([]);
    expect(told(node)).toHaveLength(1);
  });

  test('the own one can come later: peers hear of it in their turn and once, and those that come at once', () => {
    const node = bench();
    const own = { services: 1n, ip: new Uint8Array(16).fill(5), port: 28333 };
    node.welcome('peer');
    node.welcome('old', { version: 31401 });
    node.connect('silent');
    node.run('peer', (peers, now) => peers.setPublicAddress(own, now));
    node.run('peer', (peers, now) => peers.setPublicAddress(own, now));
    const until = NOW + 2000;
    const effects: PeerEffect[] = [];
    for (let at = node.peers.nextDeadline(); at !== undefined && at <= until; at = node.peers.nextDeadline())
      effects.push(...node.peers.tick(at));
    const told = ['peer', 'old', 'silent'].map((peer) => only('addr', sentTo(peer, effects, 'dev')));
    expect(told.map(({ length }) => length)).toEqual([1, 0, 0]);
    expect(decodeAddr(told[0]![0]!.payload).value).toEqual([{ time: NOW / 1000, ...own }]);
    node.now = until;
    const [greeting] = node.connect('new', true);
    expect(decodeVersion(greeting!.payload).value.addrMe).toEqual(own);
    expect(commands(node.say('new', 'version', versionOf()))).toContain('addr');
    node.run('peer', (peers, now) => peers.setPublicAddress(undefined, now));
    const [later] = node.connect('later', true);
    expect(decodeVersion(later!.payload).value.addrMe).toMatchObject({ services: 0n, port: 0 });
  });

  test('known ones are told when asked for, once, a thousand a message', () => {
    const known = Array.from({ length: 2600 }, (_, at) => ({ ...address(at & 255, seconds), port: at }));
    const node = bench({ knownAddresses: () => known, limits: { addressesKnown: 5000 } });
    node.welcome('peer');
    const answers = node.say('peer', 'getaddr');
    expect(answers.map(({ payload }) => decodeAddr(payload).value.length)).toEqual([1000, 1000, 500]);
    expect(node.say('peer', 'getaddr')).toEqual([]);
  });
});

test('DHT requests are refused once, everything unknown is ignored (CHAIN-84)', () => {
  const node = bench();
  node.welcome('peer');
  const request = encodeDhtGetRequest({ user: encodeUtf8('a'), resource: encodeUtf8('b'), multi: false, stop: false });
  expect(commands([...node.say('peer', 'dhtgetreq', request), ...node.say('peer', 'dhtputreq')])).toEqual([
    'nodhtproxy',
  ]);
  for (const command of ['pong', 'alert', 'headers', 'merkleblock', 'reject', 'verack', 'nodhtproxy', ''])
    expect(node.say('peer', command, new Uint8Array(3))).toEqual([]);
  expect(scoreOf(node, 'peer')).toBe(0);
});

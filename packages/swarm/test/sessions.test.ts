import {
  decodeExtensionHandshake,
  decodePeerHandshake,
  encodeExtensionHandshake,
  encodePeerMessage,
} from '@rookery/wire';
import { describe, expect, test } from 'vitest';
import {
  hasPiece,
  infoHashOf,
  memoryPieces,
  readInfoHash,
  SWARM_LIMITS,
  Swarm,
  type SwarmEffect,
} from '../src/index.ts';
import { NOW, post, REGISTERED, TIP, USER, USERS, WORLD } from './author.ts';
import { frames, handshakeOf, idOf, join, messagesTo, newSwarm, others, RESERVED, sentTo } from './harness.ts';
import { Net } from './net.ts';

const closes = (effects: readonly SwarmEffect[]): string[] =>
  effects.flatMap((effect) => (effect.type === 'close' ? [`${effect.peer} ${effect.code}`] : []));

/** An engine with one peer whose handshake is through. */
function opened(options: Partial<ConstructorParameters<typeof Swarm>[0]> = {}, ip?: string): Swarm {
  const swarm = newSwarm({ ...WORLD, ...options });
  swarm.connect('peer', { outgoing: false, ip }, NOW);
  swarm.receive('peer', handshakeOf(USER), NOW);
  return swarm;
}

describe('handshakes (SWARM-14, SWARM-15)', () => {
  test('who opens a connection speaks first, the other answers once it knows the info-hash', () => {
    const swarm = newSwarm(WORLD);
    const hello = sentTo(swarm.connect('out', { outgoing: true }, NOW), 'out');
    expect(decodePeerHandshake(hello)).toEqual({ infoHash: infoHashOf(USER), peerId: idOf(1), reserved: RESERVED });
    expect(swarm.connect('in', { outgoing: false }, NOW)).toEqual([]);
    const theirs = handshakeOf(USER);
    expect(swarm.receive('in', theirs.subarray(0, 47), NOW)).toEqual([]);
    expect(sentTo(swarm.receive('in', theirs.subarray(47, 48), NOW), 'in')).toEqual(hello);
    expect(swarm.receive('in', theirs.subarray(48, 67), NOW)).toEqual([]);
    expect(messagesTo(swarm.receive('in', theirs.subarray(67), NOW), 'in').map(({ name }) => name)).toEqual([
      'extended',
      'have_none',
      'allowed_fast',
      'dht_port',
      'hashcash_nbits',
    ]);
  });

  test('the first bytes tell which swarm a connection is for', () => {
    const bytes = handshakeOf(USER);
    for (let length = 0; length < 48; length += 1) expect(readInfoHash(bytes.subarray(0, length))).toBeUndefined();
    for (const length of [48, 60, 68, 200]) {
      expect(readInfoHash(join(bytes, new Uint8Array(200)).subarray(0, length))).toEqual(infoHashOf(USER));
    }
    for (let at = 0; at < 20; at += 1) {
      const other = bytes.slice();
      other[at]! ^= 1;
      expect(readInfoHash(other)).toBe('invalid');
      expect(readInfoHash(other.subarray(0, at + 1))).toBe('invalid');
      expect(readInfoHash(other.subarray(0, at))).toBeUndefined();
    }
  });

  test.each([
    ['another protocol', new Uint8Array([19, 0x42]), 'bad-handshake'],
    ['another swarm', handshakeOf('bob').subarray(0, 48), 'wrong-info-hash'],
    ['the own peer id', handshakeOf(USER, idOf(1)), 'self-connection'],
  ])('%s closes', (_, bytes, code) => {
    const swarm = newSwarm(WORLD);
    swarm.connect('peer', { outgoing: false }, NOW);
    const effects = swarm.receive('peer', bytes, NOW);
    expect(closes(effects)).toEqual([`peer ${code}`]);
    expect(sentTo(effects, 'peer').length).toBe(code === 'self-connection' ? 68 : 0);
    expect(swarm.receive('peer', bytes, NOW)).toEqual([]);
  });

  test('the members are those whose handshake is through, with the port that they told', () => {
    const swarm = newSwarm(WORLD);
    swarm.connect('out', { outgoing: true, ip: '192.0.2.1', port: 29333 }, NOW);
    swarm.connect('in', { outgoing: false, ip: '192.0.2.2' }, NOW);
    expect(swarm.members()).toEqual([]);
    swarm.receive('out', handshakeOf(USER), NOW);
    swarm.receive('in', handshakeOf(USER, idOf(3)), NOW);
    const out = { peer: 'out', outgoing: true, ip: '192.0.2.1', port: 29333 };
    expect(swarm.members()).toEqual([out, { peer: 'in', outgoing: false, ip: '192.0.2.2', port: undefined }]);
    const payload = encodeExtensionHandshake({ extensions: {}, port: 31000 });
    const told = encodePeerMessage({ id: 20, name: 'extended', extId: 0, payload });
    swarm.receive('in', told, NOW);
    expect(swarm.members().at(1)).toEqual({ peer: 'in', outgoing: false, ip: '192.0.2.2', port: 31000 });
    swarm.disconnect('out', NOW);
    expect(swarm.members().map(({ peer }) => peer)).toEqual(['in']);
  });

  test('nobody joins the swarm of somebody who is not registered', () => {
    const swarm = newSwarm({ ...WORLD, user: 'nobody' });
    swarm.connect('peer', { outgoing: false }, NOW);
    expect(closes(swarm.receive('peer', handshakeOf('nobody'), NOW))).toEqual(['peer unknown-user']);
  });

  test('a handshake must come in time', () => {
    const swarm = newSwarm(WORLD);
    swarm.connect('peer', { outgoing: false }, NOW);
    expect(swarm.nextDeadline()).toBe(NOW + SWARM_LIMITS.handshakeMs);
    swarm.receive('peer', handshakeOf(USER).subarray(0, 60), NOW + 5_000);
    expect(swarm.tick(NOW + 9_999)).toEqual([]);
    expect(closes(swarm.tick(NOW + 10_000))).toEqual(['peer timed-out']);
    expect(swarm.nextDeadline()).toBeUndefined();
  });

  test.each([
    [idOf(1), idOf(2)],
    [idOf(2), idOf(1)],
  ])('two nodes that connect to each other at once keep the same one of both connections', (idOfA, idOfB) => {
    const net = new Net();
    const a = net.add(newSwarm({ ...WORLD, peerId: idOfA }));
    const b = net.add(newSwarm({ ...WORLD, peerId: idOfB, pieces: memoryPieces([[3, post(3)]]) }));
    net.connect(a, b, NOW);
    net.connect(b, a, NOW);
    net.pass(NOW, NOW + SWARM_LIMITS.twinMs);
    expect(net.happened.flat().filter(({ type }) => type === 'close').length).toBeGreaterThanOrEqual(1);
    // The greater peer id may open connections.
    const opener = idOfA[19]! > idOfB[19]! ? a : b;
    expect(net.connections.map(({ engines }) => engines[0])).toEqual([opener]);
    expect(net.engines[a]!.have()).toEqual([3]);
  });

  test('a second incoming connection of a peer id is closed, the first stays', () => {
    const swarm = opened();
    swarm.connect('again', { outgoing: false }, NOW);
    expect(closes(swarm.receive('again', handshakeOf(USER), NOW))).toEqual(['again duplicate-peer']);
    expect(messagesTo(swarm.tick(NOW + 30_000), 'peer').map(({ name }) => name)).toEqual(['keepalive']);
  });

  test('there is room for so many peers', () => {
    const swarm = newSwarm({ ...WORLD, limits: { peers: 2 } });
    const effects = ['1', '2', '3'].flatMap((name) => swarm.connect(name, { outgoing: false }, NOW));
    expect(closes(effects)).toEqual(['3 too-many-peers']);
    swarm.disconnect('1', NOW);
    expect(swarm.connect('3', { outgoing: false }, NOW)).toEqual([]);
  });

  test('a name in use stands for a new connection', () => {
    const swarm = opened();
    swarm.connect('peer', { outgoing: false }, NOW);
    const effects = swarm.receive('peer', handshakeOf(USER, idOf(3)), NOW);
    expect(closes(effects)).toEqual([]);
    expect(messagesTo(effects, 'peer')[0]?.name).toBe('extended');
  });
});

describe('what is said first (SWARM-16)', () => {
  const hello = (reserved: string, pieces: readonly number[], options = {}): ReturnType<typeof messagesTo> => {
    const swarm = newSwarm({
      ...WORLD,
      pieces: memoryPieces(pieces.map((k) => [k, post(k)])),
      ...options,
    });
    swarm.connect('peer', { outgoing: true, ip: '192.0.2.9', port: 99 }, NOW);
    const flags = Uint8Array.from(reserved.match(/../g)!, (hex) => Number.parseInt(hex, 16));
    return messagesTo(swarm.receive('peer', handshakeOf(USER, idOf(2), flags), NOW), 'peer');
  };

  test('only what the peer offers', () => {
    expect(hello('0000000000000000', []).map(({ name }) => name)).toEqual([]);
    expect(hello('0000000000000000', [0]).map(({ name }) => name)).toEqual(['bitfield']);
    expect(hello('0000000000100000', []).map(({ name }) => name)).toEqual(['extended']);
    expect(hello('0000000000000001', []).map(({ name }) => name)).toEqual(['dht_port']);
    expect(hello('0000000000000001', [], { dhtPort: undefined })).toEqual([]);
    expect(hello('0000000000000010', [])).toEqual([{ id: 10, name: 'hashcash_nbits', nbits: 16 }]);
    expect(hello('0000000000000004', [0, 2]).map(({ name }) => name)).toEqual([
      'bitfield',
      ...Array.from({ length: 4 }, () => 'allowed_fast'),
    ]);
  });

  test('the extension handshake of the side that connected', () => {
    const [message] = hello('0000000000100000', []);
    if (message?.name !== 'extended') throw new Error('no extension handshake');
    expect(decodeExtensionHandshake(message.payload)).toMatchObject({
      port: 29_433,
      version: 'rookery',
      requestQueue: 250,
      completeAgo: -1,
      yourIp: Uint8Array.of(192, 0, 2, 9),
    });
  });

  test('no deployed node refuses a bitfield of pieces up to the ceiling (W56)', () => {
    for (let tip = TIP - 8; tip <= TIP; tip += 1) {
      const ceiling = 2 * (tip - REGISTERED) + 20;
      for (let highest = ceiling - 9; highest <= ceiling; highest += 1) {
        const pieces = [0, highest - 1, highest];
        const told = hello('0000000000000000', pieces, { tip }).flatMap((message) => {
          if (message.name === 'have') return [message.piece];
          if (message.name !== 'bitfield') return [];
          // What a deployed node asks of a bitfield that is longer than its own.
          expect(8 * message.bitfield.length - 7).toBeLessThanOrEqual(ceiling);
          return Array.from({ length: 8 * message.bitfield.length }, (_, k) => k).filter((k) =>
            hasPiece(message.bitfield, k),
          );
        });
        expect(told).toEqual(pieces);
      }
    }
  });
});

describe('silence (SWARM-23)', () => {
  test('keep-alives every 30 s, the end after 150 s', () => {
    const swarm = opened();
    const sent: number[] = [];
    for (let due = swarm.nextDeadline(); due !== undefined; due = swarm.nextDeadline()) {
      const effects = swarm.tick(due);
      if (closes(effects).length > 0) expect(closes(effects)).toEqual(['peer timed-out']);
      else expect(messagesTo(effects, 'peer')).toEqual([{ id: null, name: 'keepalive' }]);
      sent.push((due - NOW) / 1000);
    }
    expect(sent).toEqual([30, 60, 90, 120, 150]);
  });

  test('whoever says anything stays', () => {
    const swarm = opened();
    for (let second = 0; second < 1_000; second += 100) {
      swarm.receive('peer', frames({ id: null, name: 'keepalive' }), NOW + 1000 * second);
      expect(closes(swarm.tick(NOW + 1000 * second + 100_000))).toEqual([]);
    }
  });
});

describe('frames', () => {
  test.each([
    ['too long', Uint8Array.of(0, 16, 0, 1), 'too-long'],
    ['of an unknown kind', Uint8Array.of(0, 0, 0, 1, 99), 'unknown-message'],
    ['of a wrong length', Uint8Array.of(0, 0, 0, 4, 4), 'wrong-length'],
    [
      'with more data than a piece can have',
      frames({ id: 7, name: 'piece', piece: 0, begin: 0, data: new Uint8Array(16_385) }),
      'oversized-piece',
    ],
  ])('%s close the connection, what stood before them counts', (_, bytes, code) => {
    const swarm = opened({ pieces: memoryPieces([[0, post(0)]]) }, '10.0.0.1');
    const effects = swarm.receive('peer', join(frames({ id: 2, name: 'interested' }), bytes), NOW);
    expect(messagesTo(effects, 'peer')).toEqual([{ id: 1, name: 'unchoke' }]);
    expect(closes(effects)).toEqual([`peer ${code}`]);
  });

  test('a DHT port is for the application', () => {
    expect(others(opened().receive('peer', frames({ id: 9, name: 'dht_port', port: 4_444 }), NOW))).toEqual([
      { type: 'dht-port', peer: 'peer', port: 4_444 },
    ]);
  });

  test('extension messages that nobody offered are left aside', () => {
    const payload = new Uint8Array(3);
    const swarm = opened();
    expect(swarm.receive('peer', frames({ id: 20, name: 'extended', extId: 77, payload }), NOW)).toEqual([]);
    // Peer exchange of a peer that does not offer it, and a handshake that cannot be read.
    expect(swarm.receive('peer', frames({ id: 20, name: 'extended', extId: 1, payload }), NOW)).toEqual([]);
    expect(swarm.receive('peer', frames({ id: 20, name: 'extended', extId: 0, payload }), NOW)).toEqual([]);
  });
});

test('misuse throws', () => {
  const random = (): Uint8Array => new Uint8Array(2);
  const base = { user: USER, users: USERS, tip: 1, random, peerId: idOf(1) };
  expect(() => new Swarm({ ...base, peerId: new Uint8Array(19) })).toThrow(RangeError);
  expect(() => new Swarm({ ...base, tip: -1 })).toThrow(RangeError);
  expect(() => new Swarm({ ...base, dhtPort: 65_536 })).toThrow(RangeError);
  expect(() => new Swarm({ ...base, limits: { peers: 0.5 } })).toThrow(RangeError);
  expect(() => new Swarm({ ...base, limits: { requestMs: 0 } })).toThrow(RangeError);
  expect(() => new Swarm({ ...base, pieces: memoryPieces([[524_288, post(0)]]) })).toThrow(RangeError);
  expect(() => new Swarm(base).publish(-1, post(0), NOW)).toThrow(RangeError);
  expect(() => new Swarm(base).setTip(1.5, NOW)).toThrow(RangeError);
});

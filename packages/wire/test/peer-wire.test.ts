import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bencodeDict,
  decodeExtensionHandshake,
  decodePeerExchange,
  decodePeerHandshake,
  decodePeerMessages,
  encodeBencode,
  encodeExtensionHandshake,
  encodePeerExchange,
  encodePeerHandshake,
  encodePeerMessage,
  encodeUtf8,
  offersFeature,
  type PeerMessage,
  WIRE_LIMITS,
  WireError,
} from '../src/index.ts';
import { captured, fromHex, toHex } from './captured-chain.ts';

interface CapturedFrame {
  readonly msg: string;
  readonly hex: string;
  readonly dir?: string;
  readonly id?: number;
  readonly piece?: number;
  readonly begin?: number;
  readonly length?: number;
  readonly port?: number;
  readonly bitfield?: string;
  readonly infoHash?: string;
  readonly peerId?: string;
  readonly reserved?: string;
}

/** Everything in a captured file that looks like a message. */
function framesOf(value: unknown): CapturedFrame[] {
  if (Array.isArray(value)) return value.flatMap(framesOf);
  if (typeof value !== 'object' || value === null) return [];
  const frame = value as CapturedFrame;
  const own = typeof frame.msg === 'string' && typeof frame.hex === 'string' ? [frame] : [];
  return [...own, ...Object.values(value).flatMap(framesOf)];
}

const FILES = ['swarm', 'swarm-extra', 'swarm-forge', 'swarm-pex', 'swarm-peek-by-twisterd', 'swarm-peek-choked'];
const frames = FILES.flatMap((name) => framesOf(captured(`${name}.json`)));
const handshakes = frames.filter(({ msg }) => msg === 'handshake');
const messages = frames.filter(({ msg }) => msg !== 'handshake');
/** The first capture had no names for the two messages that twister adds. */
const NAMES: Readonly<Record<string, string>> = { '?10': 'hashcash_nbits', '?11': 'hashcash_nonce' };

function encodeAll(list: readonly PeerMessage[]): string {
  return list.map((message) => toHex(encodePeerMessage(message))).join('');
}

describe('captured handshakes', () => {
  test('decode, and encode to the same bytes', () => {
    expect(handshakes.length).toBeGreaterThan(70);
    for (const { hex, infoHash, peerId, reserved } of handshakes) {
      const handshake = decodePeerHandshake(fromHex(hex));
      expect(toHex(encodePeerHandshake(handshake))).toBe(hex);
      if (infoHash === undefined) continue;
      expect(toHex(handshake.infoHash)).toBe(infoHash);
      expect(toHex(handshake.peerId)).toBe(peerId);
      expect(toHex(handshake.reserved)).toBe(reserved);
    }
  });

  test('offer extensions, DHT port, fast and peek (PEER-2)', () => {
    const { reserved } = decodePeerHandshake(fromHex(handshakes[0]!.hex));
    for (const feature of ['extensions', 'dhtPort', 'fast', 'peek'] as const) {
      expect(offersFeature(reserved, feature)).toBe(true);
      expect(offersFeature(new Uint8Array(8), feature)).toBe(false);
    }
  });
});

describe('captured messages', () => {
  test('decode to what the capture says, and encode to the same bytes', () => {
    expect(messages.length).toBeGreaterThan(1500);
    for (const frame of messages) {
      const bytes = fromHex(frame.hex);
      const { value, consumed } = decodePeerMessages(bytes);
      expect(value.length).toBe(1);
      expect(consumed).toBe(bytes.length);
      const message = value[0]!;
      expect(message.name).toBe(NAMES[frame.msg] ?? frame.msg);
      const { piece, begin, length, port } = frame;
      const told = Object.entries({ piece, begin, length, port }).filter(
        ([name, field]) => field !== undefined && name in message,
      );
      expect(message).toMatchObject(Object.fromEntries(told));
      if (frame.bitfield !== undefined && message.name === 'bitfield')
        expect(toHex(message.bitfield)).toBe(frame.bitfield);
      expect(encodeAll(value)).toBe(frame.hex);
    }
  });

  test('raw streams are the messages one behind the other', () => {
    interface Connection {
      readonly rawStreams?: Readonly<Record<string, string>>;
      readonly gap?: boolean;
      readonly messages: readonly CapturedFrame[];
    }
    const { connections } = captured<{ connections: readonly Connection[] }>('swarm.json');
    let streams = 0;
    for (const { rawStreams, messages: all, gap } of connections) {
      for (const [dir, raw] of Object.entries(rawStreams ?? {})) {
        // Of some connections the beginning was not captured.
        if (gap || !all.some((frame) => frame.dir === dir && frame.msg === 'handshake')) continue;
        streams += 1;
        const bytes = fromHex(raw);
        decodePeerHandshake(bytes.subarray(0, WIRE_LIMITS.handshakeBytes));
        const { value } = decodePeerMessages(bytes.subarray(WIRE_LIMITS.handshakeBytes));
        const sent = all.filter((frame) => frame.dir === dir && frame.msg !== 'handshake');
        // The list of messages of a long connection stops before its stream does.
        expect(encodeAll(value).startsWith(sent.map(({ hex }) => hex).join(''))).toBe(true);
      }
    }
    expect(streams).toBeGreaterThan(20);
  });

  test('extension handshakes say their ids, and are written again byte by byte', () => {
    let written = 0;
    for (const { hex } of messages) {
      const message = decodePeerMessages(fromHex(hex)).value[0]!;
      if (message.name !== 'extended' || message.extId !== 0) continue;
      const handshake = decodeExtensionHandshake(message.payload);
      if (!handshake.version?.startsWith('twisterd/')) continue;
      expect(handshake.extensions).toMatchObject({ ut_pex: 1, lt_tex: 19 });
      expect(handshake.requestQueue).toBe(250);
      expect(handshake.trackersHash?.length).toBe(20);
      expect(handshake.yourIp?.length).toBe(4);
      expect(toHex(encodeExtensionHandshake(handshake))).toBe(toHex(message.payload));
      written += 1;
    }
    expect(written).toBeGreaterThan(50);
  });

  test('peer exchange is written again byte by byte', () => {
    interface Case {
      readonly pex?: readonly { readonly hex: string; readonly decoded: { readonly added: unknown } }[];
    }
    const sent = captured<{ cases: readonly Case[] }>('swarm-pex.json').cases.flatMap(({ pex }) => pex ?? []);
    expect(sent.length).toBeGreaterThan(2);
    for (const { hex } of sent) {
      const message = decodePeerMessages(fromHex(hex)).value[0]!;
      if (message.name !== 'extended') throw new Error('not an extension message');
      const exchange = decodePeerExchange(message.payload);
      expect(toHex(encodePeerExchange(exchange))).toBe(toHex(message.payload));
    }
    const first = decodePeerMessages(fromHex(sent[0]!.hex)).value[0]!;
    const { added } = decodePeerExchange(first.name === 'extended' ? first.payload : new Uint8Array(0));
    expect(added).toEqual([
      { ip: '10.77.0.3', port: 40000, flags: 0 },
      { ip: '198.51.100.1', port: 29333, flags: 8 },
    ]);
  });
});

describe('handshake refusals (PEER-1)', () => {
  const bytes = encodePeerHandshake({
    infoHash: new Uint8Array(20),
    peerId: new Uint8Array(20),
    reserved: new Uint8Array(8),
  });

  test('another protocol, at the first byte that differs', () => {
    for (let at = 0; at < 20; at += 1) {
      const altered = Uint8Array.from(bytes);
      altered[at]! ^= 0x20;
      expect(() => decodePeerHandshake(altered)).toThrow(
        expect.objectContaining({ code: 'bad-handshake', offset: at }),
      );
    }
  });

  test('any other length', () => {
    for (const length of [0, 1, 20, 67]) {
      const expected = expect.objectContaining({ code: 'wrong-length', offset: length });
      expect(() => decodePeerHandshake(bytes.subarray(0, length))).toThrow(expected);
    }
    const longer = new Uint8Array(69);
    longer.set(bytes);
    expect(() => decodePeerHandshake(longer)).toThrow(expect.objectContaining({ code: 'wrong-length', offset: 68 }));
  });

  test('a field of another length is the mistake of the caller', () => {
    const handshake = { infoHash: new Uint8Array(20), peerId: new Uint8Array(20), reserved: new Uint8Array(8) };
    expect(() => encodePeerHandshake({ ...handshake, infoHash: new Uint8Array(19) })).toThrow(RangeError);
    expect(() => encodePeerHandshake({ ...handshake, reserved: new Uint8Array(9) })).toThrow(RangeError);
  });
});

describe('message refusals (PEER-3, PEER-4)', () => {
  const frame = (...body: number[]): Uint8Array =>
    Uint8Array.from([0, 0, body.length >> 8, body.length & 255, ...body]);
  const filled = (id: number, length: number): Uint8Array => frame(id, ...new Array<number>(length - 1).fill(0));
  const sizes: Readonly<Record<number, readonly number[]>> = {
    0: [1],
    1: [1],
    2: [1],
    3: [1],
    4: [5],
    6: [13],
    8: [13],
    9: [3],
    10: [3],
    13: [5],
    14: [1],
    15: [1],
    16: [13],
    17: [5],
    5: [1, 2, 300],
    7: [9, 10, 20_000],
    11: [1, 5, 10],
    20: [2, 300],
  };

  test('each message has its length', () => {
    for (const [id, allowed] of Object.entries(sizes)) {
      for (let length = 1; length <= 20; length += 1) {
        const open =
          id === '5' || (id === '7' && length >= 9) || (id === '11' && length <= 10) || (id === '20' && length >= 2);
        const decode = () => decodePeerMessages(filled(Number(id), length));
        if (open || allowed.includes(length)) expect(decode().value.length).toBe(1);
        else expect(decode).toThrow(expect.objectContaining({ code: 'wrong-length', offset: 0 }));
      }
      for (const length of allowed) expect(decodePeerMessages(filled(Number(id), length)).consumed).toBe(4 + length);
    }
  });

  test('every other id is unknown, as soon as it is seen', () => {
    for (let id = 0; id < 256; id += 1) {
      if (id in sizes) continue;
      const bytes = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 9, id);
      expect(() => decodePeerMessages(bytes)).toThrow(expect.objectContaining({ code: 'unknown-message', offset: 8 }));
    }
  });

  test('a frame over 1 MiB is refused by its length alone', () => {
    const at = (length: number): Uint8Array => Uint8Array.of(length >>> 24, length >>> 16, length >>> 8, length);
    expect(decodePeerMessages(at(0x100000))).toEqual({ value: [], consumed: 0 });
    for (const length of [0x100001, 0x7fffffff, 0x80000000, 0xffffffff]) {
      expect(() => decodePeerMessages(at(length))).toThrow(expect.objectContaining({ code: 'too-long', offset: 0 }));
    }
  });

  test('a piece number is signed, as deployed nodes read it', () => {
    expect(decodePeerMessages(frame(4, 255, 255, 255, 255)).value).toEqual([{ id: 4, name: 'have', piece: -1 }]);
  });

  test('a number out of range or too many bytes are the mistake of the caller', () => {
    expect(() => encodePeerMessage({ id: 4, name: 'have', piece: 2 ** 31 })).toThrow(RangeError);
    expect(() => encodePeerMessage({ id: 4, name: 'have', piece: 0.5 })).toThrow(RangeError);
    expect(() => encodePeerMessage({ id: 9, name: 'dht_port', port: 65536 })).toThrow(RangeError);
    expect(() => encodePeerMessage({ id: 11, name: 'hashcash_nonce', nonce: new Uint8Array(10) })).toThrow(RangeError);
    const data = new Uint8Array(0x100000 - 8);
    expect(() => encodePeerMessage({ id: 7, name: 'piece', piece: 0, begin: 0, data })).toThrow(RangeError);
  });
});

describe('laws', () => {
  const i32 = fc.integer({ min: -0x80000000, max: 0x7fffffff });
  const range = { piece: i32, begin: i32, length: i32 };
  const u16 = fc.nat(0xffff);
  const bytes = fc.uint8Array({ maxLength: 40 });
  const is = <Id extends number | null, Name extends string>(id: Id, name: Name) => ({
    id: fc.constant(id),
    name: fc.constant(name),
  });
  const message: fc.Arbitrary<PeerMessage> = fc.oneof(
    fc.record(is(null, 'keepalive')),
    fc.record(is(0, 'choke')),
    fc.record(is(1, 'unchoke')),
    fc.record(is(2, 'interested')),
    fc.record(is(3, 'not_interested')),
    fc.record({ ...is(4, 'have'), piece: i32 }),
    fc.record({ ...is(5, 'bitfield'), bitfield: bytes }),
    fc.record({ ...is(6, 'request'), ...range }),
    fc.record({ ...is(7, 'piece'), piece: i32, begin: i32, data: bytes }),
    fc.record({ ...is(8, 'cancel'), ...range }),
    fc.record({ ...is(9, 'dht_port'), port: u16 }),
    fc.record({ ...is(10, 'hashcash_nbits'), nbits: u16 }),
    fc.record({ ...is(11, 'hashcash_nonce'), nonce: fc.uint8Array({ maxLength: 9 }) }),
    fc.record({ ...is(13, 'suggest'), piece: i32 }),
    fc.record(is(14, 'have_all')),
    fc.record(is(15, 'have_none')),
    fc.record({ ...is(16, 'reject'), ...range }),
    fc.record({ ...is(17, 'allowed_fast'), piece: i32 }),
    fc.record({ ...is(20, 'extended'), extId: fc.nat(255), payload: bytes }),
  ) as fc.Arbitrary<PeerMessage>;

  test('encoding then decoding gives the same messages, however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 6 }), fc.nat(), (list, cut) => {
        const stream = fromHex(encodeAll(list));
        expect(decodePeerMessages(stream)).toEqual({ value: list, consumed: stream.length });
        const at = cut % (stream.length + 1);
        const first = decodePeerMessages(stream.subarray(0, at));
        const rest = decodePeerMessages(stream.subarray(first.consumed));
        expect(first.consumed).toBeLessThanOrEqual(at);
        expect([...first.value, ...rest.value]).toEqual(list);
      }),
    );
  });

  test('whatever the stream, decoding then encoding gives what was consumed, or it is refused', () => {
    const noise = fc.array(fc.oneof(message.map(encodePeerMessage), fc.uint8Array({ maxLength: 8 })), { maxLength: 4 });
    fc.assert(
      fc.property(noise, (parts) => {
        const stream = fromHex(parts.map(toHex).join(''));
        try {
          const { value, consumed } = decodePeerMessages(stream);
          expect(encodeAll(value)).toBe(toHex(stream.subarray(0, consumed)));
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
          expect((error as WireError).offset).toBeLessThanOrEqual(stream.length);
        }
      }),
    );
  });
});

describe('extension handshake (PEER-6)', () => {
  test('takes what is of another kind or out of range for absent', () => {
    const payload = encodeBencode(
      bencodeDict({
        m: { ut_pex: 256, a: -1, b: 'x', c: 255, d: 0 },
        p: 'x',
        v: Uint8Array.of(0xff),
        yourip: 1,
        upload_only: 0,
      }),
    );
    const handshake = decodeExtensionHandshake(payload);
    expect({ ...handshake.extensions }).toEqual({ c: 255, d: 0 });
    expect(handshake).toMatchObject({ port: undefined, version: undefined, yourIp: undefined, uploadOnly: false });
  });

  test('a name such as __proto__ is a name', () => {
    const { extensions } = decodeExtensionHandshake(encodeUtf8('d1:md9:__proto__i7eee'));
    expect(Object.entries(extensions)).toEqual([['__proto__', 7]]);
  });

  test('no dictionary, or bytes after it, is refused', () => {
    expect(() => decodeExtensionHandshake(encodeUtf8('le'))).toThrow(expect.objectContaining({ code: 'wrong-type' }));
    expect(() => decodeExtensionHandshake(encodeUtf8('dex'))).toThrow(
      expect.objectContaining({ code: 'trailing-bytes' }),
    );
    expect({ ...decodeExtensionHandshake(encodeUtf8('dex'), 'deployed').extensions }).toEqual({});
  });
});

describe('peer exchange (PEER-7)', () => {
  test('flags that do not fit the peers add nobody', () => {
    const payload = encodeBencode(
      bencodeDict({ added: new Uint8Array(12), 'added.f': new Uint8Array(1), dropped: new Uint8Array(6) }),
    );
    expect(decodePeerExchange(payload)).toEqual({ added: [], dropped: [{ ip: '0.0.0.0', port: 0 }] });
    expect(decodePeerExchange(encodeBencode(bencodeDict({})))).toEqual({ added: [], dropped: [] });
  });

  test('half a peer is refused, or ignored as deployed nodes do', () => {
    const payload = encodeBencode(bencodeDict({ added: new Uint8Array(7), 'added.f': new Uint8Array(1) }));
    expect(() => decodePeerExchange(payload)).toThrow(expect.objectContaining({ code: 'wrong-length' }));
    expect(decodePeerExchange(payload, 'deployed').added.length).toBe(1);
  });

  test('a payload over 500 KiB or of another kind is refused', () => {
    const large = encodeBencode(bencodeDict({ added: new Uint8Array(500 * 1024) }));
    expect(() => decodePeerExchange(large, 'deployed')).toThrow(expect.objectContaining({ code: 'too-long' }));
    expect(() => decodePeerExchange(encodeUtf8('le'))).toThrow(expect.objectContaining({ code: 'wrong-type' }));
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as wire from '../src/index.ts';
import * as arbitrary from './arbitraries.ts';

interface Codec<T> {
  readonly decode: (bytes: Uint8Array) => wire.Decoded<T>;
  readonly encode: (value: T) => Uint8Array;
  readonly values: fc.Arbitrary<T>;
}

const target = { user: arbitrary.bytes(), resource: arbitrary.bytes(), multi: fc.boolean() };

/** Runs `visit` for every codec; a table of codecs of different types would need a cast. */
function forEveryCodec(visit: <T>(name: string, codec: Codec<T>) => void): void {
  visit('transaction', {
    decode: wire.decodeTransaction,
    encode: wire.encodeTransaction,
    values: arbitrary.transaction,
  });
  visit('block', { decode: wire.decodeBlock, encode: wire.encodeBlock, values: arbitrary.block });
  visit('version', { decode: wire.decodeVersion, encode: wire.encodeVersion, values: arbitrary.version });
  visit('addr', {
    decode: wire.decodeAddr,
    encode: wire.encodeAddr,
    values: fc.array(arbitrary.timedAddress, { maxLength: 5 }),
  });
  visit('inventory', {
    decode: wire.decodeInventory,
    encode: wire.encodeInventory,
    values: fc.array(fc.record({ type: arbitrary.uint32, hash: arbitrary.hash }), { maxLength: 5 }),
  });
  visit('locator', {
    decode: wire.decodeLocator,
    encode: wire.encodeLocator,
    values: fc.record({
      version: arbitrary.int32,
      locator: fc.array(arbitrary.hash, { maxLength: 5 }),
      stop: arbitrary.hash,
    }),
  });
  visit('headers', {
    decode: wire.decodeHeaders,
    encode: wire.encodeHeaders,
    values: fc.array(arbitrary.header, { maxLength: 3 }),
  });
  visit('merkleblock', {
    decode: wire.decodeMerkleBlock,
    encode: wire.encodeMerkleBlock,
    values: fc.record({
      header: arbitrary.header,
      totalTx: arbitrary.uint32,
      hashes: fc.array(arbitrary.hash, { maxLength: 4 }),
      flags: arbitrary.bytes(4),
    }),
  });
  visit('cp', {
    decode: wire.decodeCheckpointVote,
    encode: wire.encodeCheckpointVote,
    values: fc.record({
      height: arbitrary.int32,
      hash: arbitrary.hash,
      user: arbitrary.bytes(),
      signature: arbitrary.bytes(),
    }),
  });
  visit('dhtgetreq', {
    decode: wire.decodeDhtGetRequest,
    encode: wire.encodeDhtGetRequest,
    values: fc.record({ ...target, stop: fc.boolean() }),
  });
  visit('dhtputreq', {
    decode: wire.decodeDhtPutRequest,
    encode: wire.encodeDhtPutRequest,
    values: fc.record({
      ...target,
      p: arbitrary.bytes(300),
      sigP: arbitrary.bytes(),
      sigUser: arbitrary.bytes(),
    }),
  });
  visit('dhtgetreply', {
    decode: wire.decodeDhtGetReply,
    encode: wire.encodeDhtGetReply,
    values: fc.record({ target: arbitrary.bytes(), values: arbitrary.bytes(300) }),
  });
  visit('filterload', {
    decode: wire.decodeFilterLoad,
    encode: wire.encodeFilterLoad,
    values: fc.record({
      data: arbitrary.bytes(300),
      hashFuncs: arbitrary.uint32,
      tweak: arbitrary.uint32,
      flags: fc.nat(255),
    }),
  });
  visit('filteradd', { decode: wire.decodeFilterAdd, encode: wire.encodeFilterAdd, values: arbitrary.bytes(300) });
  visit('alert', {
    decode: wire.decodeAlert,
    encode: wire.encodeAlert,
    values: fc.record({ message: arbitrary.bytes(300), signature: arbitrary.bytes() }),
  });
  visit('alert content', {
    decode: wire.decodeAlertContent,
    encode: wire.encodeAlertContent,
    values: arbitrary.alertContent,
  });
  visit('ping', { decode: wire.decodePing, encode: wire.encodePing, values: arbitrary.exactly(8) });
}

/** The fault of a decoder, or undefined; an error that is no `WireError` within the input is a bug. */
function faultOf(decode: () => unknown, length: number): wire.WireErrorCode | undefined {
  try {
    decode();
    return undefined;
  } catch (error) {
    if (!(error instanceof wire.WireError)) throw error;
    if (error.offset < 0 || error.offset > length) throw new Error(`offset ${error.offset} of ${length} bytes`);
    return error.code;
  }
}

forEveryCodec((name, { decode, encode, values }) => {
  describe(name, () => {
    test('encoding then decoding gives the same value and leaves what follows', () => {
      fc.assert(
        fc.property(values, arbitrary.bytes(5), (value, trailing) => {
          const encoded = encode(value);
          expect(decode(encoded)).toEqual({ value, consumed: encoded.length });
          // A version message may end after any optional field, so what follows it is read as the next one.
          if (name === 'version') return;
          const followed = new Uint8Array(encoded.length + trailing.length);
          followed.set(encoded);
          followed.set(trailing, encoded.length);
          expect(decode(followed)).toEqual({ value, consumed: encoded.length });
        }),
      );
    });

    test('every truncation is refused as truncated', () => {
      fc.assert(
        fc.property(values, (value) => {
          const encoded = encode(value);
          const faults = new Set<string | undefined>();
          for (let length = 0; length < encoded.length; length += 1) {
            faults.add(faultOf(() => decode(encoded.subarray(0, length)), length));
          }
          // A version message cut behind one of its optional fields is whole.
          if (name === 'version') faults.delete(undefined);
          expect([...faults]).toEqual(encoded.length === 0 ? [] : ['truncated']);
        }),
      );
    });

    test('a flipped bit gives another value or a coded error', () => {
      fc.assert(
        fc.property(values, fc.nat(), (value, at) => {
          const encoded = encode(value);
          if (encoded.length === 0) return;
          const bit = at % (8 * encoded.length);
          const flipped = Uint8Array.from(encoded);
          flipped[bit >> 3]! ^= 1 << (bit & 7);
          const fault = faultOf(() => {
            const decoded = decode(flipped);
            // A boolean reads as true from any byte but zero, so that one changed bit may not show.
            if (!name.startsWith('dht') && name !== 'version') expect(decoded.value).not.toEqual(value);
          }, flipped.length);
          expect(fault ?? 'none').toMatch(/^(?:none|truncated|too-long|too-many)$/);
        }),
      );
    });

    test('arbitrary bytes give a value whose encoding decodes to it again, or a coded error', () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 400 }), (input) => {
          faultOf(() => {
            const { value, consumed } = decode(input);
            expect(consumed).toBeLessThanOrEqual(input.length);
            const encoded = encode(value);
            expect(encoded.length).toBeLessThanOrEqual(consumed);
            expect(decode(encoded).value).toEqual(value);
          }, input.length);
        }),
      );
    });
  });
});

test('a claimed count or length beyond the input is refused before anything is reserved for it (WIRE-3)', () => {
  const claim = Uint8Array.of(0xfe, 0x00, 0x00, 0x00, 0x02);
  for (const decode of [wire.decodeAddr, wire.decodeInventory, wire.decodeHeaders, wire.decodeFilterAdd]) {
    expect(faultOf(() => decode(claim), claim.length)).toBe('truncated');
  }
  const header = wire.encodeHeader({
    version: 2,
    height: 1,
    prev: new Uint8Array(32),
    merkleRoot: new Uint8Array(32),
    time: 0,
    bits: 0,
    nonce: 0,
  });
  const block = new Uint8Array(header.length + claim.length);
  block.set(header);
  block.set(claim, header.length);
  expect(faultOf(() => wire.decodeBlock(block), block.length)).toBe('truncated');
});

test('a size above 33,554,432 is refused as too long wherever it stands (WIRE-2)', () => {
  for (const size of [
    [0xfe, 0x01, 0x00, 0x00, 0x02],
    [0xfe, 0xff, 0xff, 0xff, 0xff],
    [0xff, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00],
    [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  ]) {
    const input = Uint8Array.of(...size, ...new Uint8Array(64));
    for (const decode of [wire.decodeAddr, wire.decodeInventory, wire.decodeAlert, wire.decodeFilterLoad]) {
      expect(faultOf(() => decode(input), input.length)).toBe('too-long');
    }
  }
});

test('a header of `headers` that claims a transaction is refused (WIRE-25)', () => {
  const one = wire.encodeHeaders([wire.decodeHeader(new Uint8Array(84))]);
  one[one.length - 1] = 1;
  expect(faultOf(() => wire.decodeHeaders(one), one.length)).toBe('too-many');
});

test('a version with a gap among its optional fields cannot be written (WIRE-21)', () => {
  const addrYou = { services: 1n, ip: new Uint8Array(16), port: 0 };
  const required = { version: 70003, services: 1n, time: 0n, addrYou };
  expect(() => wire.encodeVersion({ ...required, addrMe: addrYou })).toThrow(RangeError);
  expect(() => wire.encodeVersion({ ...required, nonce: new Uint8Array(8) })).toThrow(RangeError);
  expect(() => wire.encodeVersion({ ...required, relay: true })).toThrow(RangeError);
  expect(wire.encodeVersion(required)).toHaveLength(46);
});

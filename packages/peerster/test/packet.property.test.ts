import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodePacket,
  decodeRumor,
  decodeStatus,
  encodePacket,
  encodeRumor,
  encodeStatus,
  type Packet,
  PeersterError,
  type Profile,
  type Rumor,
} from '../src/index.ts';

const bytes = (maxLength: number) => fc.uint8Array({ maxLength });
const rumor: fc.Arbitrary<Rumor> = fc.record({
  origin: bytes(40),
  destination: bytes(40),
  id: fc.nat(2 ** 32 - 1),
  content: bytes(300),
  signature: bytes(260),
  nonce: bytes(20),
});
const uint32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const digest = fc.uint8Array({ minLength: 8, maxLength: 8 });
const status = fc.array(
  fc.record({ origin: bytes(20), nextId: uint32, digest }, { requiredKeys: ['origin', 'nextId'] }),
  { maxLength: 20 },
);
const probe = fc
  .record({ origin: bytes(20), from: fc.nat(1_000), width: fc.integer({ min: 1, max: 1_000 }), digest })
  .map(({ width, ...fields }) => ({ ...fields, to: fields.from + width }));
const range = fc.record({ first: bytes(20), last: bytes(20) });
const packet: fc.Arbitrary<Packet> = fc.record({ rumor, status, probe, range }, { requiredKeys: [] });
const profiles: readonly Profile[] = ['strict', 'compat'];

test('decoding what was encoded gives the packet back, in both profiles', () => {
  fc.assert(
    fc.property(packet, (value) => {
      for (const profile of profiles) expect(decodePacket(encodePacket(value), profile)).toEqual(value);
    }),
  );
});

test('the parts alone make the same round trip', () => {
  fc.assert(
    fc.property(rumor, status, (one, entries) => {
      expect(decodeRumor(encodeRumor(one))).toEqual(one);
      expect(decodeStatus(encodeStatus(entries))).toEqual(entries);
    }),
  );
});

test('random bytes end in a packet or in the declared error: 10,000 strings in 100 runs', () => {
  const strings = fc.array(fc.uint8Array({ maxLength: 120 }), { minLength: 100, maxLength: 100 });
  fc.assert(
    fc.property(strings, (inputs) => {
      for (const input of inputs) for (const profile of profiles) settle(input, profile);
    }),
  );
});

test('what strict accepts without unknown fields has one encoding', () => {
  fc.assert(
    fc.property(packet, fc.nat(), fc.integer({ min: 1, max: 255 }), (value, position, flip) => {
      const altered = encodePacket(value).slice();
      if (altered.length === 0) return;
      altered[position % altered.length]! ^= flip;
      const read = settle(altered, 'strict');
      if (read === undefined) return;
      // Anything shorter than what came in was an unknown field or a malformed extension, which is skipped.
      const again = encodePacket(read);
      if (again.length === altered.length) expect(again).toEqual(altered);
      else expect(decodePacket(again)).toEqual(read);
    }),
  );
});

test('a packet cut off anywhere is the packet without its last parts, or refused', () => {
  fc.assert(
    fc.property(packet, (value) => {
      const whole = encodePacket(value);
      for (let length = 0; length < whole.length; length += 1) {
        const read = settle(whole.subarray(0, length), 'strict');
        if (read === undefined) continue;
        expect(encodePacket(read)).toEqual(whole.subarray(0, length));
      }
    }),
    { numRuns: Math.ceil((fc.readConfigureGlobal().numRuns ?? 100) / 5) },
  );
});

test('compat reads everything that strict reads, alike', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (input) => {
      const strict = settle(input, 'strict');
      if (strict !== undefined) expect(decodePacket(input, 'compat')).toEqual(strict);
    }),
  );
});

test('deep nesting and huge lengths cost no more than their bytes', () => {
  const nested = new Uint8Array(60_000).fill(0x0a);
  expect(() => decodePacket(nested)).toThrow(PeersterError);
  expect(() =>
    decodePacket(Uint8Array.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01])),
  ).toThrow(PeersterError);
  const empties = new Uint8Array(60_000);
  for (let index = 0; index < empties.length; index += 2) empties[index] = 0x0a;
  expect(decodePacket(empties, 'compat').rumor?.id).toBe(0);
});

function settle(input: Uint8Array, profile: Profile): Packet | undefined {
  try {
    return decodePacket(input, profile);
  } catch (error) {
    expect(error).toBeInstanceOf(PeersterError);
    return undefined;
  }
}

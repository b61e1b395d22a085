import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  countZeroBits,
  decodePacket,
  expectedTries,
  meetsTarget,
  messageHash,
  mineNonce,
  NonceSearch,
  type Rumor,
} from '../src/index.ts';
import { captured, hex, unhex } from './captured.ts';

interface SearchCase {
  readonly rumor_packet: string;
  readonly target: number;
  readonly nonce: string;
  readonly hash: string;
  readonly leading_zeros: number;
}

const searches = captured<{ cases: SearchCase[] }>('pow').cases;

test('zero bits are counted as the original counts them (PEERSTER-16)', () => {
  const { cases } = captured<{ cases: { bytes: string; leading_zeros: number }[] }>('leading_zeros');
  for (const { bytes, leading_zeros } of cases) expect(countZeroBits(unhex(bytes))).toBe(leading_zeros);
  expect(countZeroBits(unhex('00008c'))).toBe(18);
  expect(cases.length).toBeGreaterThan(10);
});

test('a hash has 8k zero bits exactly when its first k bytes are zero', () => {
  const hash = fc.tuple(fc.nat(8), fc.uint8Array({ minLength: 32, maxLength: 32 })).map(([zeros, bytes]) => {
    bytes.fill(0, 0, zeros);
    return bytes;
  });
  fc.assert(
    fc.property(hash, fc.integer({ min: 0, max: 8 }), (bytes, k) => {
      expect(countZeroBits(bytes) >= 8 * k).toBe(bytes.subarray(0, k).every((byte) => byte === 0));
      expect(meetsTarget(bytes, 8 * k)).toBe(countZeroBits(bytes) >= 8 * k);
    }),
  );
});

test.each(searches)('a search for $target bits finds the nonce of the original: $nonce (PEERSTER-17)', (listed) => {
  const { rumor } = decodePacket(unhex(listed.rumor_packet));
  const found = mineNonce(rumor!, listed.target);
  expect(hex(found.nonce)).toBe(listed.nonce);
  expect(hex(found.hash)).toBe(listed.hash);
  expect(countZeroBits(found.hash)).toBe(listed.leading_zeros);
});

const draft = fc.record({
  origin: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  destination: fc.constantFrom(new Uint8Array(0), new Uint8Array(16)),
  id: fc.nat(2 ** 24),
  content: fc.uint8Array({ maxLength: 150 }),
  signature: fc.constantFrom(new Uint8Array(0), new Uint8Array(256)),
});
const start = fc.uint8Array({ minLength: 16, maxLength: 16 });

test('a search gives the hash of the message, whatever lengths and whichever nonce it starts from', () => {
  fc.assert(
    fc.property(draft, start, fc.integer({ min: 0, max: 9 }), (fields, first, target) => {
      const search = new NonceSearch(fields, target, first);
      let found = search.step(100);
      while (found === undefined) found = search.step(100);
      const rumor: Rumor = { ...fields, nonce: found.nonce };
      expect(found.hash).toEqual(messageHash(rumor));
      expect(meetsTarget(found.hash, target)).toBe(true);
    }),
  );
});

test('interrupting a search changes nothing, and it skips no hit', () => {
  fc.assert(
    fc.property(draft, fc.integer({ min: 1, max: 40 }), (fields, slice) => {
      const whole = new NonceSearch(fields, 7);
      let expected = whole.step(10_000);
      while (expected === undefined) expected = whole.step(10_000);
      const sliced = new NonceSearch(fields, 7);
      let found = sliced.step(slice);
      while (found === undefined) found = sliced.step(slice);
      expect(found).toEqual(expected);
      expect(sliced.tried).toBe(whole.tried);
      const resumed = new NonceSearch(fields, 7, whole.nextNonce);
      expect(resumed.nextNonce).toEqual(sliced.nextNonce);
    }),
  );
});

test('the nonce counts through all its bytes and wraps', () => {
  const fields = {
    origin: new Uint8Array(16),
    destination: new Uint8Array(0),
    id: 1,
    content: new Uint8Array(35),
    signature: new Uint8Array(0),
  };
  for (let length = 0; length < 64; length += 1) {
    const draftOfLength = { ...fields, content: new Uint8Array(length) };
    const search = new NonceSearch(draftOfLength, 0, new Uint8Array(16).fill(0xff));
    for (const nonce of [
      new Uint8Array(16).fill(0xff),
      new Uint8Array(16),
      Uint8Array.from([1, ...new Uint8Array(15)]),
    ]) {
      const found = search.step(1)!;
      expect(found.nonce).toEqual(nonce);
      expect(found.hash).toEqual(messageHash({ ...draftOfLength, nonce }));
    }
  }
});

test('targets and nonces out of range are mistakes of the caller', () => {
  const fields = {
    origin: new Uint8Array(16),
    destination: new Uint8Array(0),
    id: 1,
    content: new Uint8Array(0),
    signature: new Uint8Array(0),
  };
  expect(() => new NonceSearch(fields, 65)).toThrow(RangeError);
  expect(() => new NonceSearch(fields, -1)).toThrow(RangeError);
  expect(() => new NonceSearch(fields, 1.5)).toThrow(RangeError);
  expect(() => new NonceSearch(fields, 1, new Uint8Array(15))).toThrow(RangeError);
  expect(expectedTries(18)).toBe(262_144);
});

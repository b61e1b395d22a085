import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { CURVE_ORDER, FIELD_PRIME } from '../src/scalar.ts';

export const hex: (bytes: Uint8Array) => string = bytesToHex;
export const unhex: (text: string) => Uint8Array = hexToBytes;

export function word(value: bigint): Uint8Array {
  return hexToBytes(value.toString(16).padStart(64, '0'));
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

export const words: fc.Arbitrary<Uint8Array> = fc.uint8Array({ minLength: 32, maxLength: 32 });

/** Integers at which something changes: around 0, n/2, n, p and 2^256. */
const edges = [0n, CURVE_ORDER / 2n, CURVE_ORDER, FIELD_PRIME, FIELD_PRIME - CURVE_ORDER, 2n ** 256n].flatMap((at) =>
  [-2n, -1n, 0n, 1n, 2n, 5n].map((step) => at + step).filter((value) => value >= 0n && value < 2n ** 256n),
);
const edgeWords: fc.Arbitrary<Uint8Array> = fc.constantFrom(...edges).map(word);
export const anyWords: fc.Arbitrary<Uint8Array> = fc.oneof(words, edgeWords);

export const secrets: fc.Arbitrary<Uint8Array> = fc
  .oneof(
    { weight: 8, arbitrary: words },
    { weight: 2, arbitrary: fc.constantFrom(1n, 2n, 3n, CURVE_ORDER - 2n, CURVE_ORDER - 1n).map(word) },
  )
  .map((bytes) => word((BigInt(`0x${bytesToHex(bytes)}`) % (CURVE_ORDER - 1n)) + 1n));

/** Any r, s and recovery id, most often with an r that is the x of a point. */
export const signatures: fc.Arbitrary<{ readonly compact: Uint8Array; readonly recovery: number }> = fc.record({
  compact: fc.tuple(anyWords, anyWords).map(([r, s]) => joined(r, s)),
  recovery: fc.integer({ min: 0, max: 3 }),
});

/** Bytes that look like a public key of some form, and may be one. */
export const keyLike: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.tuple(fc.constantFrom(2, 3), anyWords).map(([first, x]) => joined(Uint8Array.of(first), x)),
  fc.tuple(fc.constantFrom(4, 6, 7), anyWords, anyWords).map(([first, x, y]) => joined(Uint8Array.of(first), x, y)),
  fc.uint8Array({ maxLength: 66 }),
);

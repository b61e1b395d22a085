import { sha1 } from '@noble/hashes/legacy.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkPeek, infoHashOf, solvePeek, startPeek, stepPeek } from '../src/index.ts';
import { Sha1Block } from '../src/sha1-block.ts';

const infoHash = fc.uint8Array({ minLength: 20, maxLength: 20 });
const piece = fc.oneof(fc.nat(1000), fc.nat(0xffffffff));
const nonce = fc.uint8Array({ minLength: 1, maxLength: 9 });

function message(hash: Uint8Array, index: number, tail: Uint8Array): Uint8Array {
  return Uint8Array.of(...hash, index >>> 24, index >>> 16, index >>> 8, index, ...tail);
}

function number(bytes: Uint8Array): bigint {
  return BigInt(`0x${bytesToHex(bytes)}`);
}

test('a nonce pays if the hash is less than the limit, read as numbers (SWARM-11)', () => {
  fc.assert(
    fc.property(infoHash, piece, nonce, fc.oneof(fc.nat(12), fc.nat(0xffff)), (hash, index, tail, nbits) => {
      const pays = number(sha1(message(hash, index, tail))) < (2n ** 160n - 1n) >> BigInt(nbits);
      expect(checkPeek(hash, index, tail, nbits)).toMatchObject(pays ? { ok: true } : { code: 'too-little-work' });
    }),
  );
});

describe('a search (SWARM-12)', () => {
  test('finds the first nonce that pays, however it is cut into steps', () => {
    fc.assert(
      fc.property(infoHash, piece, fc.nat(8), fc.integer({ min: 1, max: 300 }), (hash, index, nbits, budget) => {
        const started = startPeek(hash, index, nbits);
        if (!started.ok) throw new Error(started.detail);
        let hashes = 0;
        let step = stepPeek(started.search, budget);
        while (step.ok && !step.done) {
          expect(step.hashes).toBe(budget);
          hashes += step.hashes;
          step = stepPeek(step.search, budget);
        }
        if (!step.ok) throw new Error(step.detail);
        hashes += step.hashes;
        expect(number(step.nonce)).toBe(BigInt(hashes - 1));
        expect(checkPeek(hash, index, step.nonce, nbits).ok).toBe(true);
        for (let earlier = 0; earlier < hashes - 1; earlier += 1) {
          const other = Uint8Array.of(0, 0, earlier >> 8, earlier);
          expect(checkPeek(hash, index, other, nbits).ok).toBe(false);
        }
        expect(solvePeek(hash, index, nbits)).toMatchObject({ nonce: step.nonce });
      }),
    );
  });

  test('is not begun above 24 bits (W53)', () => {
    const hash = infoHashOf('alice');
    expect(startPeek(hash, 0, 24).ok).toBe(true);
    for (const nbits of [25, 31, 0x972a, 0xffff]) {
      expect(startPeek(hash, 0, nbits)).toMatchObject({ code: 'too-much-work' });
      expect(solvePeek(hash, 0, nbits)).toMatchObject({ code: 'too-much-work' });
    }
  });

  test('ends where the counter ends', () => {
    const search = { infoHash: infoHashOf('alice'), piece: 0, nbits: 24, next: 0x7fff0000 - 10 };
    expect(stepPeek(search, 5)).toMatchObject({ ok: true, done: false, hashes: 5 });
    expect(stepPeek(search, 100)).toMatchObject({ ok: false, code: 'no-solution' });
    expect(stepPeek({ ...search, next: 0x7fff0000 }, 1)).toMatchObject({ ok: false, code: 'no-solution' });
  });
});

test('the one-block SHA-1 is SHA-1', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 13 }),
      fc.uint8Array({ minLength: 52, maxLength: 52 }),
      fc.integer(),
      (words, bytes, last) => {
        const text = bytes.subarray(0, 4 * words);
        const digest = new Sha1Block(text).digest(last);
        const changed = Uint8Array.from(text);
        new DataView(changed.buffer).setInt32(changed.length - 4, last);
        expect([...digest].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('')).toBe(
          bytesToHex(sha1(changed)),
        );
      },
    ),
  );
  for (const length of [0, 3, 53, 56]) expect(() => new Sha1Block(new Uint8Array(length))).toThrow(RangeError);
});

test('misuse', () => {
  const hash = infoHashOf('alice');
  const one = Uint8Array.of(1);
  expect(() => checkPeek(hash.subarray(1), 0, one, 1)).toThrow(RangeError);
  expect(() => checkPeek(hash, -1, one, 1)).toThrow(RangeError);
  expect(() => checkPeek(hash, 2 ** 32, one, 1)).toThrow(RangeError);
  expect(() => checkPeek(hash, 0, one, -1)).toThrow(RangeError);
  expect(() => checkPeek(hash, 0, one, 0x10000)).toThrow(RangeError);
  expect(() => startPeek(hash, 0, 1.5)).toThrow(RangeError);
  expect(() => stepPeek({ infoHash: hash, piece: 0, nbits: 1, next: 0 }, 0)).toThrow(RangeError);
  expect(checkPeek(hash, 0, new Uint8Array(), 0)).toMatchObject({ code: 'bad-nonce' });
  expect(checkPeek(hash, 0, new Uint8Array(10), 0)).toMatchObject({ code: 'bad-nonce' });
});

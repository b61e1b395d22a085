import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkBitfield, checkHave, encodeBitfield, greatestIndex, hasPiece, piecesWith } from '../src/index.ts';

const world = fc.record({ tip: fc.integer({ min: 100, max: 160 }), registeredAt: fc.integer({ min: 60, max: 100 }) });
const bitfields = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.uniqueArray(fc.nat(260), { maxLength: 20 }).map((have) => encodeBitfield(have, 264)),
  fc
    .uniqueArray(fc.nat(150), { minLength: 1, maxLength: 20 })
    .map((have) => encodeBitfield(have, piecesWith(Math.max(...have)))),
);
const profiles = fc.constantFrom('canonical', 'deployed');
const counts = fc.nat(200);

function piecesIn(bitfield: Uint8Array): number[] {
  return [...Array(8 * bitfield.length).keys()].filter((index) => hasPiece(bitfield, index));
}

test('reading a written bitfield gives the same pieces (SWARM-5)', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(500)), fc.nat(50), (have, more) => {
      const sorted = [...have].sort((left, right) => left - right);
      const pieces = (sorted.at(-1) ?? -1) + 1 + more;
      const bitfield = encodeBitfield(have, pieces);
      expect(bitfield.length).toBe(Math.ceil(pieces / 8));
      expect(piecesIn(bitfield)).toEqual(sorted);
      expect(hasPiece(bitfield, pieces + 1000)).toBe(false);
    }),
  );
});

test('a piece that is none cannot be written', () => {
  for (const index of [-1, 8, 0.5, Number.NaN]) expect(() => encodeBitfield([index], 8)).toThrow(RangeError);
});

describe('an accepted bitfield (SWARM-4)', () => {
  test('never makes fewer pieces, and loses no piece that may exist', () => {
    fc.assert(
      fc.property(bitfields, counts, world, profiles, (bitfield, pieces, at, profile) => {
        const verdict = checkBitfield(bitfield, pieces, { ...at, profile });
        if (!verdict.ok) return;
        expect(verdict.pieces).toBeGreaterThanOrEqual(pieces);
        expect(piecesIn(verdict.bitfield)).toEqual(piecesIn(bitfield));
        expect(verdict.bitfield.length).toBeLessThanOrEqual(Math.ceil(verdict.pieces / 8));
      }),
    );
  });

  test('is in the canonical profile one of which every piece could have been announced by have (W56)', () => {
    fc.assert(
      fc.property(bitfields, world, (bitfield, at) => {
        const legal = piecesIn(bitfield).every((index) => checkHave(index, at).ok);
        expect(checkBitfield(bitfield, 0, at).ok).toBe(legal);
      }),
    );
  });

  test('never makes more pieces than whole bytes above the ceiling in the canonical profile (W55)', () => {
    fc.assert(
      fc.property(bitfields, fc.nat(20), counts, world, (bitfield, zeros, pieces, at) => {
        const padded = new Uint8Array(bitfield.length + zeros);
        padded.set(bitfield);
        const [plain, long] = [checkBitfield(bitfield, pieces, at), checkBitfield(padded, pieces, at)];
        const room = 8 * Math.ceil((greatestIndex(at.tip, at.registeredAt)! + 2) / 8);
        if (long.ok) expect(long.pieces).toBeLessThanOrEqual(Math.max(pieces, room));
        // A bitfield of known length may claim what was accepted before, so padding can turn it into a claim to be judged.
        if (plain.ok && 8 * bitfield.length > pieces) expect(long.ok).toBe(true);
      }),
    );
  });

  test('is in the deployed profile a matter of its length only', () => {
    fc.assert(
      fc.property(bitfields, bitfields, counts, world, (left, right, pieces, at) => {
        const other = new Uint8Array(left.length);
        other.set(right.subarray(0, left.length));
        const context = { ...at, profile: 'deployed' } as const;
        const [one, two] = [checkBitfield(left, pieces, context), checkBitfield(other, pieces, context)];
        expect(two.ok && two.pieces).toBe(one.ok && one.pieces);
        const size = 8 * left.length;
        const taken = size <= pieces || checkHave(size - 7, context).ok;
        expect(one.ok && one.pieces).toBe(taken && Math.max(pieces, size));
      }),
    );
  });

  test('of an honest peer is never refused by the canonical profile', () => {
    fc.assert(
      fc.property(world, fc.array(fc.nat(10 ** 6)), counts, (at, seeds, pieces) => {
        const most = greatestIndex(at.tip, at.registeredAt)!;
        const have = seeds.map((seed) => seed % (most + 1));
        const bitfield = encodeBitfield(have, piecesWith(Math.max(-1, ...have)));
        expect(checkBitfield(bitfield, pieces, at).ok).toBe(true);
      }),
    );
  });
});

test('a frame full of bits is judged without being unpacked', () => {
  const bitfield = new Uint8Array(1 << 20).fill(0xff);
  expect(checkBitfield(bitfield, 1, { tip: 60, registeredAt: 39 })).toMatchObject({ code: 'too-many-pieces' });
  const zeros = checkBitfield(new Uint8Array(1 << 20), 1, { tip: 60, registeredAt: 39 });
  expect(zeros).toMatchObject({ ok: true, pieces: 64 });
  expect(zeros.ok && zeros.bitfield.length).toBe(8);
});

test('nobody has pieces in the swarm of a user who is not registered', () => {
  const context = { tip: 60, registeredAt: undefined };
  expect(checkBitfield(Uint8Array.of(0x80), 1, context)).toMatchObject({ code: 'unknown-user' });
});

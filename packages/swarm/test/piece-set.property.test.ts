import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeBitfield } from '../src/index.ts';
import { PieceSet } from '../src/piece-set.ts';
import { StreamBuffer } from '../src/stream-buffer.ts';
import { join } from './harness.ts';

const numbers = fc.uniqueArray(fc.nat(200), { maxLength: 60 });
const rising = (pieces: Iterable<number>): number[] => [...pieces].sort((left, right) => left - right);

function setOf(pieces: Iterable<number>): PieceSet {
  const set = new PieceSet();
  for (const piece of pieces) set.add(piece);
  return set;
}

test('a set of pieces is a set', () => {
  fc.assert(
    fc.property(numbers, numbers, numbers, fc.nat(220), (added, removed, without, from) => {
      const set = setOf(added);
      for (const piece of removed) set.delete(piece);
      const model = new Set(added.filter((piece) => !removed.includes(piece)));
      for (let piece = 0; piece < 230; piece += 1) expect(set.has(piece)).toBe(model.has(piece));
      expect([...set.values(0, 1_000)]).toEqual(rising(model));
      expect([...set.values(from, from + 30)]).toEqual(
        rising(model).filter((piece) => piece >= from && piece <= from + 30),
      );
      expect(set.greatest(from)).toBe(rising(model).findLast((piece) => piece <= from) ?? -1);
      expect(set.greatest(-1)).toBe(-1);
      const other = setOf(without);
      expect(set.next(from, [other, new PieceSet()])).toBe(
        rising(model).find((piece) => piece >= from && !without.includes(piece)) ?? -1,
      );
    }),
  );
});

test('a bitfield goes in and comes out', () => {
  fc.assert(
    fc.property(numbers, fc.nat(30), fc.integer({ min: -1, max: 220 }), (pieces, bytes, upTo) => {
      const set = new PieceSet();
      set.add(5_000);
      set.load(encodeBitfield(pieces, 201));
      expect([...set.values(0, 10_000)]).toEqual(rising(pieces));
      const shown = pieces.filter((piece) => piece <= upTo && piece < 8 * bytes);
      expect(set.bitfield(bytes, upTo)).toEqual(encodeBitfield(shown, 8 * bytes));
    }),
  );
});

test('all numbers below a count', () => {
  for (let count = 0; count < 100; count += 1) {
    const set = new PieceSet();
    set.fill(count);
    expect([...set.values(0, 1_000)]).toEqual(Array.from({ length: count }, (_, piece) => piece));
    set.clear();
    expect(set.next(0)).toBe(-1);
  }
});

test('a stream comes out as it went in', () => {
  const step = fc.tuple(fc.uint8Array({ maxLength: 5_000 }), fc.nat(6_000));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (list) => {
      const buffer = new StreamBuffer();
      let model: Uint8Array = new Uint8Array(0);
      for (const [chunk, skipped] of list) {
        buffer.push(chunk);
        model = join(model, chunk);
        expect(buffer.bytes).toEqual(model);
        const count = Math.min(skipped, model.length);
        buffer.skip(count);
        model = model.slice(count);
        expect(buffer.bytes).toEqual(model);
      }
    }),
  );
});

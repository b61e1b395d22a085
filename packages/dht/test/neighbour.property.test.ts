import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkNeighbour, compareDistance } from '../src/index.ts';

const id = fc.uint8Array({ minLength: 20, maxLength: 20 });

function distance(left: Uint8Array, right: Uint8Array): bigint {
  return left.reduce((sum, byte, index) => (sum << 8n) | BigInt(byte ^ right[index]!), 0n);
}

test('distance is XOR, read big-endian (DHT-3)', () => {
  fc.assert(
    fc.property(id, id, id, (left, right, target) => {
      const difference = distance(left, target) - distance(right, target);
      const sign = difference < 0n ? -1 : difference > 0n ? 1 : 0;
      expect(Math.sign(compareDistance(left, right, target))).toBe(sign);
    }),
  );
});

test('a node stores if it knows fewer than eight, or is nearer than the farthest of the sixteen nearest (DHT-3)', () => {
  fc.assert(
    fc.property(id, id, fc.array(id, { maxLength: 24 }), (own, target, known) => {
      const sorted = known.map((other) => distance(other, target)).sort((left, right) => (left < right ? -1 : 1));
      const farthest = sorted.slice(0, 16).at(-1);
      const near = known.length < 8 || distance(own, target) < farthest!;
      expect(checkNeighbour(own, target, known).ok).toBe(near);
    }),
  );
});

test('the refusal has no error text: deployed nodes answer with success', () => {
  const known = Array.from({ length: 8 }, (_, index) => new Uint8Array(20).fill(index));
  const verdict = checkNeighbour(new Uint8Array(20).fill(0xff), new Uint8Array(20), known);
  expect(verdict).toEqual({ ok: false, code: 'not-neighbour', detail: expect.any(String) });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextDifficulty } from '../src/index.ts';

test('the difficulty stays from 16 to 31 and moves by one (SWARM-10)', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 16, max: 31 }),
      fc.nat(200),
      fc.double({ min: 0, max: 1, maxExcluded: true }),
      (nbits, requests, chance) => {
        const next = nextDifficulty(nbits, requests, chance);
        expect(next).toBeGreaterThanOrEqual(16);
        expect(next).toBeLessThanOrEqual(31);
        const step = requests > 50 ? 1 : requests === 0 && chance < 0.01 ? -1 : 0;
        expect(next).toBe(Math.min(31, Math.max(16, nbits + step)));
      },
    ),
  );
});

test('examples (SWARM-10)', () => {
  expect(nextDifficulty(16, 51, 0)).toBe(17);
  expect(nextDifficulty(16, 50, 0)).toBe(16);
  expect(nextDifficulty(31, 1000, 0)).toBe(31);
  expect(nextDifficulty(20, 0, 0.009)).toBe(19);
  expect(nextDifficulty(20, 0, 0.01)).toBe(20);
  expect(nextDifficulty(16, 0, 0)).toBe(16);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chanceBound, draw, drawKey, seedKey } from '../src/draw.ts';
import { Random } from '../src/index.ts';

/** xoshiro128** in big integers, from the description by its authors, as a second opinion. */
function* xoshiro(state: bigint[]): Generator<number> {
  const word = (1n << 32n) - 1n;
  const turn = (x: bigint, by: bigint): bigint => ((x << by) | (x >> (32n - by))) & word;
  const s = [...state] as [bigint, bigint, bigint, bigint];
  for (;;) {
    yield Number((turn((s[1] * 5n) & word, 7n) * 9n) & word);
    const t = (s[1] << 9n) & word;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = turn(s[3], 11n);
  }
}

describe('Random', () => {
  test('is xoshiro128**', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (seed) => {
        const random = new Random(seed);
        const state = Object.values(random as unknown as Record<string, number>).map((value) => BigInt(value >>> 0));
        expect(state).toHaveLength(4);
        const reference = xoshiro(state);
        for (let count = 0; count < 20; count += 1) expect(random.uint32()).toBe(reference.next().value);
      }),
    );
  });

  test('draws the same from the same seed, for ever', () => {
    const random = new Random(42);
    expect([random.uint32(), random.uint32(), random.below(1000), random.between(-5, 5)]).toMatchInlineSnapshot(`
      [
        2569935119,
        3193394712,
        121,
        -5,
      ]
    `);
    expect([...random.bytes(7)]).toMatchInlineSnapshot(`
      [
        76,
        64,
        76,
        162,
        209,
        154,
        25,
      ]
    `);
    expect(random.shuffle([1, 2, 3, 4, 5, 6])).toMatchInlineSnapshot(`
      [
        4,
        1,
        3,
        2,
        6,
        5,
      ]
    `);
  });

  test('keeps to its bounds', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 1, max: 2 ** 32 }), (seed, count) => {
        const drawn = new Random(seed).below(count);
        expect(Number.isInteger(drawn) && drawn >= 0 && drawn < count).toBe(true);
      }),
    );
    for (const bad of [0, -1, 1.5, 2 ** 32 + 1, Number.NaN]) expect(() => new Random(1).below(bad)).toThrow(RangeError);
    for (const bad of [0.5, Number.NaN, 2 ** 53]) expect(() => new Random(bad)).toThrow(RangeError);
    expect(() => new Random(1).pick([])).toThrow(RangeError);
  });

  test('is uniform over a small range, within five standard deviations', () => {
    const runs = 70_000;
    const counts = new Array(7).fill(0);
    const random = new Random(3);
    for (let run = 0; run < runs; run += 1) counts[random.below(7)] += 1;
    const sigma = Math.sqrt((runs / 7) * (6 / 7));
    for (const count of counts) expect(Math.abs(count - runs / 7)).toBeLessThan(5 * sigma);
  });

  test('shuffles without losing anything', () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.nat()), (seed, items) => {
        const shuffled = new Random(seed).shuffle(items);
        expect([...shuffled].sort((a, b) => a - b)).toEqual([...items].sort((a, b) => a - b));
      }),
    );
  });
});

describe('keyed draws', () => {
  test('do not depend on how many others were made', () => {
    const key = drawKey(seedKey(7), 3, 1, 2, 3, 4);
    const alone = draw(key, 5);
    for (let index = 0; index < 5; index += 1) draw(key, index);
    expect(draw(key, 5)).toBe(alone);
  });

  test('differ with every part of their key', () => {
    const keys = new Set<number>();
    for (let seed = 0; seed < 4; seed += 1) {
      for (let part = 0; part < 4 ** 4; part += 1) {
        keys.add(drawKey(seedKey(seed), 1, part & 3, (part >> 2) & 3, (part >> 4) & 3, (part >> 6) & 3));
      }
    }
    expect(keys.size).toBe(4 ** 5);
    expect(new Set([0, 1, 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1].map(seedKey)).size).toBe(5);
  });

  test('are uniform under neighbouring keys, within five standard deviations', () => {
    const runs = 64_000;
    const counts = new Array(16).fill(0);
    for (let run = 0; run < runs; run += 1) counts[draw(drawKey(seedKey(1), 2, run, 0, 0, 0), 0) >>> 28] += 1;
    const sigma = Math.sqrt((runs / 16) * (15 / 16));
    for (const count of counts) expect(Math.abs(count - runs / 16)).toBeLessThan(5 * sigma);
  });

  test('chances are exact at their ends', () => {
    expect(chanceBound(0)).toBe(0);
    expect(chanceBound(1)).toBe(2 ** 32);
    for (const bad of [-0.1, 1.1, Number.NaN]) expect(() => chanceBound(bad)).toThrow(RangeError);
  });
});

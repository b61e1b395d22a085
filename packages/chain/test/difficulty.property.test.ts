import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compactNumber, encodeBits, isRetarget, LIMIT_BITS, medianTime, nextBits, POW_LIMIT } from '../src/index.ts';

const time = fc.integer({ min: 0, max: 0xffff_ffff });
const bits = fc.bigInt({ min: 1n << 40n, max: POW_LIMIT }).map(encodeBits);

describe('next bits (CHAIN-7)', () => {
  test('a retarget stays within a factor of four, rounding aside', () => {
    fc.assert(
      fc.property(bits, time, time, (before, last, firstTime) => {
        const next = compactNumber(nextBits('main', { height: 2015, time: last, bits: before, firstTime }));
        const target = compactNumber(before);
        expect(next <= target * 4n).toBe(true);
        expect(next * 4n * 32769n >= target * 32768n).toBe(true);
      }),
    );
  });

  test('a longer span never makes it harder', () => {
    fc.assert(
      fc.property(bits, time, time, (before, one, other) => {
        const at = (last: number) =>
          compactNumber(nextBits('main', { height: 4031, time: last, bits: before, firstTime: 0 }));
        expect(at(Math.min(one, other)) <= at(Math.max(one, other))).toBe(true);
      }),
    );
  });

  test('between retargets nothing moves, on testnet only the limit', () => {
    fc.assert(
      fc.property(bits, time, fc.nat({ max: 2013 }), time, (before, last, height, newTime) => {
        expect(nextBits('main', { height, time: last, bits: before })).toBe(before);
        const testnet = nextBits('testnet', { height, time: last, bits: before, newTime });
        expect([before, LIMIT_BITS]).toContain(testnet);
      }),
    );
  });

  test('the heights of a retarget are the multiples of 2,016', () => {
    const heights = [...Array(6049).keys()].filter((height) => isRetarget('main', height));
    expect(heights).toEqual([2015, 4031, 6047]);
    expect(isRetarget('dev', 2015)).toBe(false);
  });

  test('on testnet the last harder bits count where they are known, but not beyond a multiple of 2,016', () => {
    const last = { time: 1700000000, newTime: 1700000600, bits: LIMIT_BITS };
    expect(nextBits('testnet', { ...last, height: 100, lastBits: 0x1f03ffff })).toBe(0x1f03ffff);
    expect(nextBits('testnet', { ...last, height: 100, bits: 0x1e00ffff, lastBits: 0x1f03ffff })).toBe(0x1f03ffff);
    expect(nextBits('testnet', { ...last, height: 100, bits: 0x1e00ffff })).toBe(0x1e00ffff);
    expect(nextBits('testnet', { ...last, height: 100 })).toBe(LIMIT_BITS);
    expect(nextBits('testnet', { ...last, height: 2016, lastBits: 0x1f03ffff })).toBe(LIMIT_BITS);
  });

  test('what is needed and missing is a misuse', () => {
    expect(() => nextBits('main', { height: 2015, time: 0, bits: LIMIT_BITS })).toThrow(/firstTime/);
    expect(() => nextBits('testnet', { height: 5, time: 0, bits: LIMIT_BITS })).toThrow(/newTime/);
  });
});

describe('median time (CHAIN-9)', () => {
  test('is one of the times, and no order of them changes it', () => {
    fc.assert(
      fc.property(fc.array(time, { minLength: 1, maxLength: 11 }), fc.nat(), (times, turn) => {
        const median = medianTime(times);
        expect(times).toContain(median);
        const at = turn % times.length;
        expect(medianTime([...times.slice(at), ...times.slice(0, at)])).toBe(median);
        expect(times.filter((one) => one <= median).length * 2).toBeGreaterThan(times.length);
        expect(times.filter((one) => one < median).length * 2).toBeLessThanOrEqual(times.length);
      }),
    );
  });

  test('of none or of twelve there is none', () => {
    expect(() => medianTime([])).toThrow(RangeError);
    expect(() => medianTime(Array(12).fill(1))).toThrow(RangeError);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compactNumber, decodeBits, encodeBits, LIMIT_BITS, minWork, POW_LIMIT, workOfBits } from '../src/index.ts';

const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
const target = fc.bigInt({ min: 1n, max: POW_LIMIT });

describe('compact targets (CHAIN-4)', () => {
  test('encoding then decoding never gives a larger target, and loses less than 2^-15 of it', () => {
    fc.assert(
      fc.property(target, (value) => {
        const back = compactNumber(encodeBits(value));
        expect(back <= value).toBe(true);
        expect((value - back) * 32768n <= value).toBe(true);
      }),
    );
  });

  test('encoding what was decoded gives a fixed point', () => {
    fc.assert(
      fc.property(uint32, (bits) => {
        const value = compactNumber(bits);
        const again = encodeBits(value);
        expect(compactNumber(again)).toBe(value);
        expect(encodeBits(compactNumber(again))).toBe(again);
      }),
    );
  });

  test('encoding keeps the order of targets', () => {
    fc.assert(
      fc.property(target, target, (left, right) => {
        const [low, high] = left < right ? [left, right] : [right, left];
        expect(compactNumber(encodeBits(low)) <= compactNumber(encodeBits(high))).toBe(true);
      }),
    );
  });

  test('a target is usable exactly if it lies in 1 … 2^255 − 1', () => {
    fc.assert(
      fc.property(uint32, (bits) => {
        const value = compactNumber(bits);
        expect(decodeBits(bits).ok).toBe(value >= 1n && value <= POW_LIMIT);
      }),
    );
  });

  test('the sign bit changes nothing but the sign', () => {
    fc.assert(
      fc.property(uint32, (bits) => {
        const positive = (bits & ~0x0080_0000) >>> 0;
        expect(compactNumber((bits | 0x0080_0000) >>> 0)).toBe(-compactNumber(positive));
      }),
    );
  });

  test.each([-1, 0.5, 2 ** 32, Number.NaN])('%d is no uint32', (bits) => {
    expect(() => compactNumber(bits)).toThrow(RangeError);
  });

  test('a number beyond 255 bytes has no compact form', () => {
    expect(() => encodeBits(1n << 2039n)).toThrow(RangeError);
    expect(encodeBits(1n << 2030n)).toBe(0xfe400000);
  });
});

describe('work (CHAIN-6, CHAIN-10)', () => {
  test('a harder target has at least as much work', () => {
    fc.assert(
      fc.property(target, target, (left, right) => {
        const [low, high] = left < right ? [left, right] : [right, left];
        expect(workOfBits(encodeBits(low)) >= workOfBits(encodeBits(high))).toBe(true);
      }),
    );
  });

  test('the least work never grows with time and never passes the limit', () => {
    fc.assert(
      fc.property(target, fc.nat(), fc.nat(), (value, first, second) => {
        const bits = encodeBits(value);
        const early = compactNumber(minWork(bits, Math.min(first, second)));
        const late = compactNumber(minWork(bits, Math.max(first, second)));
        expect(early <= late).toBe(true);
        expect(late <= compactNumber(LIMIT_BITS)).toBe(true);
      }),
    );
  });

  test('it ends at once for the longest time, whatever the bits', () => {
    for (const bits of [0, 1, 0x03000001, 0x04923456, 0x1f03ffff, 0xff7fffff])
      expect(Number.isInteger(minWork(bits, Number.MAX_SAFE_INTEGER))).toBe(true);
    expect(() => minWork(0x1f03ffff, 0.5)).toThrow(RangeError);
  });

  test('on testnet the limit holds after twenty minutes', () => {
    expect(minWork(0x1f03ffff, 1201, 'testnet')).toBe(LIMIT_BITS);
    expect(minWork(0x1f03ffff, 1200, 'testnet')).toBe(minWork(0x1f03ffff, 1200));
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressAt, formatAddress, hostOf, isAddress, parseAddress, portOf } from '../src/index.ts';

const host = fc.integer({ min: 0, max: 0xffff_ffff });
const port = fc.integer({ min: 0, max: 65_535 });

describe('addresses', () => {
  test('host and port come back', () => {
    fc.assert(
      fc.property(host, port, (h, p) => {
        const address = addressAt(h, p);
        expect(Number.isSafeInteger(address)).toBe(true);
        expect([hostOf(address), portOf(address)]).toEqual([h, p]);
        expect(parseAddress(formatAddress(address))).toBe(address);
        expect(isAddress(address)).toBe(p !== 0);
      }),
    );
  });

  test('have one text only', () => {
    expect(formatAddress(addressAt(0x0b00_0101, 4000))).toBe('11.0.1.1:4000');
    for (const text of [
      '',
      '1.2.3.4',
      '1.2.3.4:',
      '01.2.3.4:5',
      '1.2.3.4:05',
      '256.1.1.1:1',
      '1.1.1.1:65536',
      ' 1.1.1.1:1',
    ]) {
      expect(parseAddress(text)).toBeUndefined();
    }
  });

  test('are told from anything else', () => {
    for (const value of [
      undefined,
      null,
      '1.2.3.4:5',
      Number.NaN,
      -1,
      1.5,
      65_536,
      2 ** 48 + 1,
      Number.POSITIVE_INFINITY,
    ]) {
      expect(isAddress(value)).toBe(false);
    }
    for (const [h, p] of [
      [-1, 1],
      [2 ** 32, 1],
      [1, -1],
      [1, 65_536],
      [0.5, 1],
    ] as const) {
      expect(() => addressAt(h, p)).toThrow(RangeError);
    }
  });
});

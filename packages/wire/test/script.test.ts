import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeScript, parseScriptItems, parseSmallString } from '../src/index.ts';
import { bytes } from './arbitraries.ts';
import { fromHex, toHex } from './captured-chain.ts';

test('each length has its shortest prefix (WIRE-6)', () => {
  for (const [length, prefix] of [
    [0, '00'],
    [1, '01'],
    [75, '4b'],
    [76, '4c4c'],
    [255, '4cff'],
    [256, '4d0001'],
    [65535, '4dffff'],
    [65536, '4e00000100'],
  ] as const) {
    const data = new Uint8Array(length).fill(7);
    const script = encodeScript([data]);
    expect(toHex(script)).toBe(prefix + toHex(data));
    expect(parseScriptItems(script)).toEqual([data]);
  }
});

test('numbers of 64 bits are pushed as well, and no larger ones (WIRE-7)', () => {
  for (const [value, script] of [
    [5n, '55'],
    [-1n, '4f'],
    [9007199254740991n, '07ffffffffffff1f'],
    [9007199254740992n, '0700000000000020'],
    [-9007199254740992n, '07000000000000a0'],
    [9223372036854775807n, '08ffffffffffffff7f'],
    [-9223372036854775807n, '08ffffffffffffffff'],
    [-9223372036854775808n, '09000000000000008080'],
  ] as const)
    expect(toHex(encodeScript([value]))).toBe(script);
  expect(() => encodeScript([9223372036854775808n])).toThrow(RangeError);
  expect(() => encodeScript([-9223372036854775809n])).toThrow(RangeError);
  expect(() => encodeScript([2 ** 53])).toThrow(RangeError);
});

test('numbers are pushed as small opcodes or as sign and magnitude (WIRE-7)', () => {
  for (const [value, script] of [
    [-1, '4f'],
    [0, '00'],
    [1, '51'],
    [16, '60'],
    [17, '0111'],
    [127, '017f'],
    [128, '028000'],
    [255, '02ff00'],
    [256, '020001'],
    [-2, '0182'],
    [-127, '01ff'],
    [-128, '028080'],
    [-255, '02ff80'],
    [41, '0129'],
    [60000, '0360ea00'],
    [0x7fffffff, '04ffffff7f'],
    [2 ** 40, '06000000000001'],
    [Number.MAX_SAFE_INTEGER, '07ffffffffffff1f'],
  ] as const) {
    expect([value, toHex(encodeScript([value]))]).toEqual([value, script]);
  }
  for (const value of [0.5, Number.NaN, 2 ** 53]) expect(() => encodeScript([value])).toThrow(RangeError);
});

test('the signed bytes of a checkpoint vote are the published example (WIRE-7, WIRE-27)', () => {
  const hash = new Uint8Array(32).fill(0xab);
  expect(toHex(encodeScript([60000, hash]))).toBe(`0360ea0020${toHex(hash)}`);
});

test('a list of pushes reads back what was written (WIRE-8)', () => {
  fc.assert(
    fc.property(fc.array(bytes(300), { maxLength: 8 }), (items) => {
      expect(parseScriptItems(encodeScript(items))).toEqual(items);
    }),
  );
});

test('the list reader takes longer prefixes and gives number pushes as empty items (WIRE-8)', () => {
  for (const [script, items] of [
    ['', []],
    ['00', ['']],
    ['0161', ['61']],
    ['4c0161', ['61']],
    ['4d010061', ['61']],
    ['4e0100000061', ['61']],
    ['4c00', ['']],
    ['4f', ['']],
    ['50', ['']],
    ['5160', ['', '']],
    ['01610051', ['61', '', '']],
  ] as const) {
    expect(parseScriptItems(fromHex(script))?.map(toHex)).toEqual(items);
  }
});

test('the list reader refuses cut pushes and other opcodes, whatever came before (WIRE-8)', () => {
  for (const script of [
    '01',
    '0261',
    '4b',
    '4c',
    '4c01',
    '4d01',
    '4d0100',
    '4e010000',
    '4effffffff61',
    '61',
    'ff',
    '016161',
  ]) {
    expect([script, parseScriptItems(fromHex(script))]).toEqual([script, undefined]);
  }
});

test('the small-string reader takes exactly one direct push (WIRE-9)', () => {
  expect(toHex(parseSmallString(fromHex('03626f62'))!)).toBe('626f62');
  expect(toHex(parseSmallString(fromHex('00'))!)).toBe('');
  expect(parseSmallString(new Uint8Array(76).fill(75))).toHaveLength(75);
  for (const script of ['', '01', '0161ff', '4c0161', '51', '4f', '0261']) {
    expect([script, parseSmallString(fromHex(script))]).toEqual([script, undefined]);
  }
  expect(parseSmallString(new Uint8Array(77).fill(76))).toBeUndefined();
});

test('what the small-string reader takes the list reader reads as the same single item (WIRE-8, WIRE-9)', () => {
  fc.assert(
    fc.property(bytes(80), (script) => {
      const small = parseSmallString(script);
      if (small !== undefined) expect(parseScriptItems(script)).toEqual([small]);
      const items = parseScriptItems(script);
      const length = items?.reduce((sum, item) => sum + item.length, 0) ?? 0;
      expect(length).toBeLessThanOrEqual(script.length);
    }),
  );
});

test('a script of a million empty items takes one object for all of them', () => {
  const items = parseScriptItems(new Uint8Array(1_000_000))!;
  expect(items).toHaveLength(1_000_000);
  expect(new Set(items).size).toBe(1);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asciiLowerCase, countCodePoints, decodeUtf8, encodeUtf8 } from '../src/index.ts';
import { fromHex } from './captured-chain.ts';

const oracle = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function oracleText(bytes: Uint8Array): string | undefined {
  try {
    return oracle.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Whether both functions agree with the platform's decoder. */
function agreesWithOracle(bytes: Uint8Array): boolean {
  const text = oracleText(bytes);
  return decodeUtf8(bytes) === text && countCodePoints(bytes) === (text === undefined ? -1 : [...text].length);
}

test('every sequence of up to two bytes, and every lead with edges behind it, is judged as the platform judges it (WIRE-5)', () => {
  const edges = [0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff];
  const disputed: number[][] = [];
  const check = (...sequence: number[]) => {
    if (!agreesWithOracle(Uint8Array.from(sequence))) disputed.push(sequence);
  };
  for (let first = 0; first < 256; first += 1) {
    check(first);
    for (let second = 0; second < 256; second += 1) check(first, second);
    for (const second of edges) {
      for (const third of edges) {
        check(first, second, third);
        check(first, second, third, 0x80);
        check(first, second, third, 0xc0);
      }
    }
  }
  expect(disputed).toEqual([]);
});

test('arbitrary bytes are judged as the platform judges them (WIRE-5)', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 20 }), agreesWithOracle));
});

test('text survives encoding and decoding, as the platform encodes it (WIRE-5)', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      const bytes = encodeUtf8(text);
      expect(bytes).toEqual(Uint8Array.from(Buffer.from(text)));
      expect(decodeUtf8(bytes)).toBe(text);
      expect(countCodePoints(bytes)).toBe([...text].length);
    }),
  );
});

test('long texts pass in pieces without breaking a character (WIRE-5)', () => {
  for (const length of [4095, 4096, 4097, 20_000]) {
    const text = `${'a'.repeat(length)}€😀`;
    expect(decodeUtf8(encodeUtf8(text))).toBe(text);
  }
});

test('the published edges: noncharacters pass; overlong forms, surrogates and too large values do not (WIRE-5)', () => {
  expect(countCodePoints(fromHex('efbfbe'))).toBe(1);
  expect(countCodePoints(fromHex('efbfbf'))).toBe(1);
  expect(countCodePoints(fromHex('f48fbfbf'))).toBe(1);
  expect(countCodePoints(fromHex('ed9fbf'))).toBe(1);
  expect(countCodePoints(new Uint8Array(0))).toBe(0);
  for (const bad of [
    'c080',
    'c1bf',
    'e09fbf',
    'f08fbfbf',
    'eda080',
    'edbfbf',
    'f4908080',
    'f8888080',
    '80',
    'c3',
    'e282',
    'f09f98',
  ]) {
    expect([bad, countCodePoints(fromHex(bad))]).toEqual([bad, -1]);
    expect(decodeUtf8(fromHex(bad))).toBeUndefined();
  }
});

test('a byte order mark is text like any other (WIRE-5)', () => {
  expect(decodeUtf8(fromHex('efbbbf61'))).toBe('\ufeffa');
});

test('a lone surrogate cannot be written', () => {
  for (const text of ['\ud800', 'a\udc00b', '\ud83dx']) expect(() => encodeUtf8(text)).toThrow(RangeError);
});

test('lower-casing touches A to Z only', () => {
  expect(asciiLowerCase('AZaz09_İÉΣ\u212a')).toBe('azaz09_İÉΣ\u212a');
});

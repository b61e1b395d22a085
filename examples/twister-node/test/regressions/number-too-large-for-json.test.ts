import { expect, test } from 'vitest';
import { JsonError, parseJson } from '../../src/rpc/parse-json.ts';
import { Real } from '../../src/rpc/value.ts';

const read = (text: string) => parseJson(new Uint8Array(Buffer.from(text, 'utf8')));

test('a number that no JSON could say again is refused: an id of 1e400 came back as Infinity', () => {
  for (const text of ['1e400', '-1e400', '[1.0e999]']) expect(() => read(text)).toThrow(JsonError);
  expect(read('1e300')).toEqual(new Real(1e300));
});

test('integers have at most 100 characters, and millions of digits cost nothing', () => {
  expect(read('18446744073709551616')).toBe(2n ** 64n);
  expect(read(`-${'9'.repeat(99)}`)).toBe(1n - 10n ** 99n);
  for (const text of ['9'.repeat(101), '9'.repeat(1_000_000)]) expect(() => read(text)).toThrow(JsonError);
});

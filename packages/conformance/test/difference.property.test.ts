import fc from 'fast-check';
import { expect, test } from 'vitest';
import { differencesOf, type Json, matchPattern } from '../src/index.ts';
import { json } from './json.ts';

const noDecoder = async () => ({ detail: 'nothing is decoded here' });

test('every value fits itself', () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(differencesOf(value, value)).toEqual([]);
    }),
  );
});

test('a field more in the actual value is no difference, a field less is', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), json, { minKeys: 1 }), fc.string(), json, (object, name, value) => {
      expect(differencesOf(object, { ...object, [`more${name}`]: value })).toEqual([]);
      const first = Object.keys(object)[0]!;
      const { [first]: _, ...rest } = object;
      expect(differencesOf(object, rest)).not.toEqual([]);
    }),
  );
});

/** Patterns have words of their own; values that happen to contain one of them are not literal. */
function isLiteral(value: Json): boolean {
  return !/"\*"|"(?:let|use|op|ok|has|hasNot)"/.test(JSON.stringify(value));
}

test('without any of its own words, a pattern matches exactly what has no difference', async () => {
  await fc.assert(
    fc.asyncProperty(json.filter(isLiteral), json, async (expected, actual) => {
      for (const value of [expected, actual]) {
        const { ok } = await matchPattern(expected, value, new Map(), noDecoder);
        expect(ok).toBe(differencesOf(expected, value).length === 0);
      }
    }),
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { writeJson } from '../src/json.ts';

/** A list so deep that only the writer without recursion can write it, around a value. */
function deep(value: unknown, levels: number): unknown {
  let list = value;
  for (let level = 0; level < levels; level += 1) list = [list];
  return list;
}

test('depth is no limit', () => {
  const levels = 100_000;
  expect(() => JSON.stringify(deep(1, levels))).toThrow(RangeError);
  expect(writeJson(deep(1, levels))).toBe(`${'['.repeat(levels)}1${']'.repeat(levels)}`);
});

test('both writers write the same', () => {
  const levels = 20_000;
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(writeJson(value)).toBe(JSON.stringify(value));
      expect(writeJson(deep(value, levels)).slice(levels, -levels)).toBe(JSON.stringify(value));
    }),
    { numRuns: Math.ceil((fc.readConfigureGlobal()?.numRuns ?? 100) / 10) },
  );
  const odd = { a: undefined, b: [null, true, 'é"\n'], c: {} };
  expect(writeJson(deep(odd, levels)).slice(levels, -levels)).toBe(JSON.stringify(odd));
});

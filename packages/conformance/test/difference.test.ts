import { expect, test } from 'vitest';
import { differencesOf } from '../src/index.ts';

test.each([
  [1, 1],
  ['a', 'a'],
  [null, null],
  [[], []],
  [{}, { more: 1 }],
  [{ a: [{ b: 1 }] }, { a: [{ b: 1, c: 2 }], d: 3 }],
])('%j fits %j', (expected, actual) => {
  expect(differencesOf(expected, actual)).toEqual([]);
});

test.each([
  [5, '5', 'expected 5, got "5"'],
  [null, undefined, 'expected null, got nothing'],
  [0, false, 'expected 0, got false'],
  [[], {}, 'expected [], got {}'],
  [[1], [1, 2], 'expected 1 elements, got 2'],
  [{ a: 1 }, { b: 1 }, 'at a: expected 1, got nothing'],
  [{ toString: 1 }, {}, 'at toString: expected 1, got nothing'],
  [{ a: [{ b: 'x' }] }, { a: [{ b: 'y' }] }, 'at a[0].b: expected "x", got "y"'],
])('%j does not fit %j', (expected, actual, sentence) => {
  expect(differencesOf(expected, actual)).toEqual([sentence]);
});

test('lists three differences and shows no value at full length', () => {
  expect(differencesOf([1, 2, 3, 4, 5], [0, 0, 0, 0, 0])).toHaveLength(3);
  expect(differencesOf('x'.repeat(10_000), 'y')[0]!.length).toBeLessThan(600);
});

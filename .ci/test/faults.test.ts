import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { placesOf, readFaults } from '../../examples/conformance-driver/faults/list.js';
import { loadData } from '../../packages/conformance/dist/cli/data.js';
import { runFaults } from '../faults.js';

const faults = readFaults();
const recorded = JSON.parse(readFileSync('spec/conformance/faults.json', 'utf8')) as {
  faults: { id: string; rule: string; what: string; caughtBy: string | null }[];
};
const long = process.env.ROOKERY_LONG === '1';
/** One in so many is run where the whole list would take minutes. */
const STRIDE = long ? 1 : Math.ceil(faults.length / 15);

test('every seeded fault fits exactly one place of a built file', () => {
  expect(faults.filter((fault) => placesOf(fault) !== 1).map(({ id, file }) => `${id}: ${file}`)).toEqual([]);
});

test('no fault has the id of another, and each changes something', () => {
  expect(new Set(faults.map(({ id }) => id)).size).toBe(faults.length);
  expect(faults.filter(({ find, replace }) => find === replace)).toEqual([]);
});

test('every rule that has vectors has a seeded fault', () => {
  const covered = new Set(faults.map(({ rule }) => rule));
  const rules = new Set(loadData(undefined).plan.flatMap(({ kind, test }) => (kind === 'conduct' ? [] : [test.rule])));
  expect([...rules].filter((rule) => !covered.has(rule))).toEqual([]);
});

test('the recorded results are those of these faults, and every one is caught', () => {
  const described = (list: readonly { id: string; rule: string; what: string }[]) =>
    list.map(({ id, rule, what }) => ({ id, rule, what }));
  expect(described(recorded.faults)).toEqual(described(faults));
  expect(recorded.faults.filter(({ caughtBy }) => caughtBy === null)).toEqual([]);
});

describe('the cases of its rule catch', () => {
  const sample = faults.filter((_, index) => index % STRIDE === 0);

  test(`${sample.length} of ${faults.length} seeded faults`, { timeout: 900_000 }, async () => {
    const results = await runFaults(sample);
    expect(results.filter(({ caughtBy }) => caughtBy === null).map(({ id }) => id)).toEqual([]);
  });
});

import { describe, expect, test } from 'vitest';
import { CONDUCT_CASES, planOf, problemsOf, selectCases, type VectorFile } from '../src/index.ts';

const head = { level: 'MUST', comment: 'c', flags: [], result: 'valid', out: {} } as const;
const base = { specVersion: 1, source: 's', notes: {} } as const;
const files: VectorFile[] = [
  {
    path: 'posts/b.json',
    document: {
      ...base,
      suite: 'posts',
      tests: [
        { ...head, id: 'posts-1', rule: 'POST-1', op: 'post.check', in: { profile: 'deployed' } },
        { ...head, id: 'posts-2', rule: 'POST-12', op: 'post.check', in: {} },
        { ...head, id: 'posts-3', rule: 'POST-2', op: 'post.limit', in: {} },
      ],
    },
  },
  {
    path: 'chain/a.json',
    document: {
      ...base,
      suite: 'chain',
      transcripts: [
        { ...head, id: 'chain-1', rule: 'CHAIN-1', engine: 'chain', config: { profile: 'canonical' }, steps: [] },
      ],
    },
  },
];
const plan = planOf(files);
const ids = (selection: Parameters<typeof selectCases>[1]) => selectCases(plan, selection).map(({ test }) => test.id);

describe('selection', () => {
  test('the cases about conduct come first, then the files by path', () => {
    expect(ids({}).slice(CONDUCT_CASES.length)).toEqual(['chain-1', 'posts-1', 'posts-2', 'posts-3']);
  });

  test.each([
    [{ suites: ['posts'] }, ['posts-1', 'posts-2', 'posts-3']],
    [{ suites: ['posts/b', 'chain'] }, ['chain-1', 'posts-1', 'posts-2', 'posts-3']],
    [{ suites: ['p*'] }, ['posts-1', 'posts-2', 'posts-3']],
    [{ suites: ['p.*'] }, []],
    [{ rules: ['POST-1'] }, ['posts-1']],
    [{ rules: ['POST-1?'] }, ['posts-2']],
    [{ ids: ['*-1'], suites: ['chain'] }, ['chain-1']],
    // An operation whose cases name profiles means canonical where none is named; one without profiles has every case.
    [{ suites: ['posts', 'chain'], profile: 'deployed' }, ['posts-1', 'posts-3']],
    [{ suites: ['posts', 'chain'], profile: 'canonical' }, ['chain-1', 'posts-2', 'posts-3']],
  ])('%j', (selection, expected) => {
    expect(ids(selection)).toEqual(expected);
  });
});

test('ids that are used twice and known failures of no case are problems', () => {
  expect(problemsOf(plan, [{ id: 'posts-1', reason: 'r' }])).toEqual([]);
  expect(problemsOf([...plan, plan.at(-1)!], [{ id: 'posts-9', reason: 'r' }]).map(({ code }) => code)).toEqual([
    'double-id',
    'unknown-case',
  ]);
});

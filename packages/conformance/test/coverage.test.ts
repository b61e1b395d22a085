import { expect, test } from 'vitest';
import { coverageOf, formatCoverage, gapOf, type Rule } from '../src/index.ts';
import { caseOf, transcriptOf } from './cases.ts';

const rule = (id: string, codes: readonly string[] = []): Rule => ({
  id,
  title: `Title of ${id}`,
  level: 'MUST',
  source: 'a test',
  codes,
  page: 'test.md',
});
const about = (id: string, planned: ReturnType<typeof caseOf>) =>
  ({ ...planned, test: { ...planned.test, rule: id } }) as ReturnType<typeof caseOf>;
const refusal = { result: 'invalid', reject: { code: 'bad-thing' } } as const;

test('a rule that refuses needs both kinds of cases, any other only a valid one', () => {
  const rules = [
    rule('A-1', ['x']),
    rule('A-2', ['x']),
    rule('A-3'),
    rule('A-4', ['x']),
    rule('A-5', ['x']),
    rule('A-6'),
  ];
  const plan = [
    about('A-1', caseOf('1', 'answer')),
    about('A-2', caseOf('2', 'refuse', refusal)),
    about('A-3', caseOf('3', 'answer')),
    about('A-4', caseOf('4', 'answer')),
    about('A-4', caseOf('5', 'refuse', refusal)),
    about('A-5', transcriptOf('6', [])),
    about('A-9', caseOf('7', 'answer')),
  ];
  const coverage = coverageOf(rules, plan);
  expect(coverage.map(gapOf)).toEqual(['no invalid case', 'no valid case', 'none', 'none', 'none', 'no case']);
  const text = formatCoverage(coverage);
  expect(text).toContain('A-6  MUST    Title of A-6');
  expect(text).toMatch(/3 of 6 rules have the cases that they need\n$/);
});

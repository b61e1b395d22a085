import { expect, test } from 'vitest';
import { isClean, parseKnown, runCases } from '../src/index.ts';
import { caseOf } from './cases.ts';
import { MemoryDriver } from './memory-driver.ts';

test.each([
  [[], 'a list named known'],
  [{ known: {} }, 'a list named known'],
  [{ known: [{ reason: 'x' }] }, 'has no id'],
  [{ known: [{ id: 'a-1' }] }, 'needs a reason'],
  [{ known: [{ id: 'a-1', reason: '  ' }] }, 'needs a reason'],
  [
    {
      known: [
        { id: 'a-1', reason: 'x' },
        { id: 'a-1', reason: 'y' },
      ],
    },
    'listed twice',
  ],
])('CONF-9: %j is no list of known failures', (content, detail) => {
  const parsed = parseKnown(content);
  expect(parsed.ok).toBe(false);
  expect(!parsed.ok && parsed.detail).toContain(detail);
});

test('CONF-9: a known failure is no surprise until it passes', async () => {
  const known = [
    { id: 'test-wrong', reason: 'issue 7' },
    { id: 'test-right', reason: 'issue 8' },
    { id: 'test-skipped', reason: 'issue 9' },
  ];
  const cases = [caseOf('wrong', 'wrong'), caseOf('right', 'answer'), caseOf('skipped', 'skip')];
  const report = await runCases(cases, new MemoryDriver(), { known });
  expect(report.results.map(({ status }) => status)).toEqual(['known', 'fixed', 'skip']);
  expect(report.results[0]!.detail).toContain('issue 7');
  expect(report.results[1]!.detail).toContain('take it off the list');
  expect(isClean(report)).toBe(false);
  expect(isClean(await runCases([caseOf('wrong', 'wrong')], new MemoryDriver(), { known }))).toBe(true);
});

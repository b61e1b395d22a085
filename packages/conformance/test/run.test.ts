import { expect, test } from 'vitest';
import { type CaseResult, type Fault, isClean, type PlannedCase, runCases, summaryOf } from '../src/index.ts';
import { caseOf } from './cases.ts';
import { MemoryDriver } from './memory-driver.ts';

test('requests are numbered from 1, after hello', async () => {
  const driver = new MemoryDriver();
  await runCases([caseOf('one', 'answer'), caseOf('two', 'answer')], driver);
  expect(driver.sent.map(({ seq, cmd }) => [seq, cmd])).toEqual([
    [0, 'hello'],
    [1, 'run'],
    [2, 'run'],
  ]);
});

test('a driver is not asked for what it does not claim', async () => {
  const driver = new MemoryDriver({ ops: ['other.op'] });
  const report = await runCases([caseOf('one', 'answer')], driver);
  expect(report.results[0]).toMatchObject({ status: 'skip', detail: 'test.do is not in hello.ops' });
  expect(driver.sent).toHaveLength(1);
  expect(isClean(report)).toBe(true);
});

test('a profile that a driver does not claim is skipped', async () => {
  const deployed = { ...caseOf('one', 'answer'), profile: 'deployed' } as PlannedCase;
  const report = await runCases([deployed], new MemoryDriver());
  expect(report.results[0]).toMatchObject({ status: 'skip', detail: 'the profile deployed is not in hello.profiles' });
});

test('a second answer turns the case that passed before into an error', async () => {
  const report = await runCases([caseOf('late', 'late'), caseOf('next', 'answer')], new MemoryDriver());
  expect(report.results.map(({ status }) => status)).toEqual(['error', 'pass']);
  expect(report.results[0]!.code).toBe('double-answer');
  const last = await runCases([caseOf('late', 'late')], new MemoryDriver());
  expect(last.results[0]!.code).toBe('double-answer');
});

test('what a driver did after its last answer is in the report', async () => {
  const driver = new MemoryDriver();
  const stop = async (): Promise<readonly Fault[]> => [{ code: 'died', detail: 'it died' }];
  const report = await runCases([caseOf('last', 'answer')], {
    get running() {
      return driver.running && driver.sent.length < 2;
    },
    start: () => driver.start(),
    ask: (line, seq) => driver.ask(line, seq),
    stop,
  });
  expect(report.results[0]!.status).toBe('pass');
  expect(report.faults).toEqual([{ code: 'died', detail: 'it died' }]);
});

test('an error that is known keeps its fault in the detail', async () => {
  const known = [{ id: 'test-late', reason: 'issue 1' }];
  const report = await runCases([caseOf('late', 'late'), caseOf('next', 'answer')], new MemoryDriver(), { known });
  expect(report.results[0]).toMatchObject({ status: 'known', detail: 'known: issue 1 (double-answer: again)' });
});

test('every case is told as it ends', async () => {
  const seen: [CaseResult['status'], number][] = [];
  const onResult = ({ status }: CaseResult, done: number) => seen.push([status, done]);
  await runCases([caseOf('a', 'answer'), caseOf('b', 'die'), caseOf('c', 'wrong')], new MemoryDriver(), { onResult });
  expect(seen).toEqual([
    ['pass', 1],
    ['error', 2],
    ['fail', 3],
  ]);
});

test('a problem with the input makes a run fail, whatever the driver does', async () => {
  const problems = [{ code: 'bad-vectors', detail: 'x.json does not run' }] as const;
  const report = await runCases([caseOf('a', 'answer')], new MemoryDriver(), { problems });
  expect(isClean(report)).toBe(false);
  expect(summaryOf(report)).toBe('1 passed, 1 problem with the input');
});

import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { ProcessDriver } from '../src/cli/process-driver.ts';
import { type CaseResult, isClean, KIT_LIMITS, type PlannedCase, type RunReport, runCases } from '../src/index.ts';
import { caseOf, transcriptOf } from './cases.ts';

const program = fileURLToPath(new URL('drivers/misbehave.js', import.meta.url));
const limits = {
  ...KIT_LIMITS,
  timeoutMs: 1000,
  startMs: 10_000,
  byeMs: 1000,
  strayBytes: 1 << 24,
  lineBytes: 1 << 22,
};

async function runWith(mode: string, cases: readonly PlannedCase[], restarts = 20): Promise<RunReport> {
  const startMs = mode === 'mute' ? 500 : limits.startMs;
  const driver = new ProcessDriver(`"${process.execPath}" "${program}" ${mode}`, { ...limits, startMs });
  return runCases(cases, driver, { restarts });
}

/** The case at hand between two good ones: whatever it does, the good ones pass. */
async function amongGoodOnes(deed: string): Promise<{ result: CaseResult; report: RunReport }> {
  const report = await runWith('good', [
    caseOf('before', 'answer'),
    caseOf('at-hand', deed),
    caseOf('after', 'answer'),
  ]);
  expect(report.results.map(({ id }) => id)).toEqual(['test-before', 'test-at-hand', 'test-after']);
  return { result: report.results[1]!, report };
}

describe('each kind of misbehaviour is reported as what it is, and the run goes on', () => {
  test.each([
    ['garbage', 'garbage', 'no JSON object: Segmentation fault?'],
    ['not-utf8', 'garbage', 'not UTF-8'],
    ['no-newline', 'timed-out', 'within 1000 ms'],
    ['silence', 'timed-out', 'within 1000 ms'],
    ['twice', 'double-answer', 'a second answer'],
    ['unasked', 'stray-answer', 'no request waits for'],
    ['both', 'bad-answer', 'ok and reject at once'],
    ['neither', 'bad-answer', 'without ok, reject, skip and error'],
    ['no-code', 'bad-answer', 'reject.code'],
    ['deep', 'bad-answer', 'ok must be an object'],
    ['die', 'died', 'exited with status 3'],
    ['die-loudly', 'died', 'panic: index out of range'],
    ['abort', 'died', /SIGKILL|status 137/],
    ['close-output', 'died', 'closed its standard output'],
    ['flood-lines', 'flood', 'lines that are no answer'],
    ['flood-line', 'flood', 'bytes in place of one answer'],
    ['fail', 'driver-error', 'I do not know how'],
  ])('%s', async (deed, code, detail) => {
    const { result, report } = await amongGoodOnes(deed);
    expect(result).toMatchObject({ status: 'error', code });
    expect(result.detail).toMatch(detail);
    expect(report.results[0]!.status).toBe('pass');
    expect(report.results[2]!.status).toBe('pass');
    expect(report.faults).toEqual([]);
    expect(isClean(report)).toBe(false);
  });

  test('a second answer that comes later is charged to the case that it belongs to', async () => {
    const driver = new ProcessDriver(`"${process.execPath}" "${program}" good`, limits);
    const report = await runCases([caseOf('at-hand', 'twice-later'), caseOf('slow', 'silence')], driver);
    expect(report.results[0]).toMatchObject({ id: 'test-at-hand', status: 'error', code: 'double-answer' });
  });

  test('a death after an answer is charged once, to this case or to the one that was asked next', async () => {
    const { report } = await amongGoodOnes('answer-and-die');
    expect(report.results.filter(({ code }) => code === 'died')).toHaveLength(1);
    expect(report.results[0]!.status).toBe('pass');
    expect(report.faults).toEqual([]);
  });

  test('an answer that is nested deeper than any stack is a wrong answer', async () => {
    const { result } = await amongGoodOnes('deep-field');
    expect(result.status).toBe('fail');
    expect(result.detail).toContain('nested too deeply to show');
  });

  test('a long log is no fault', async () => {
    const { result } = await amongGoodOnes('flood-log');
    expect(result.status).toBe('pass');
  });

  test('skips, refusals and other codes are told apart', async () => {
    const refusing = { result: 'invalid', reject: { code: 'bad-thing' } } as const;
    const report = await runWith('good', [
      caseOf('skipped', 'skip'),
      caseOf('refused', 'refuse', refusing),
      caseOf('refused-otherwise', 'refuse-otherwise', refusing),
      caseOf('accepted', 'answer', refusing),
      caseOf('refused-valid', 'refuse'),
    ]);
    expect(report.results.map(({ status }) => status)).toEqual(['skip', 'pass', 'warn', 'fail', 'fail']);
  });
});

describe('starting and stopping', () => {
  test('a good driver leaves nothing to complain about', async () => {
    const report = await runWith('good', [caseOf('one', 'answer')]);
    expect(report).toMatchObject({ faults: [], problems: [], restarts: 0, driver: { name: 'misbehave' } });
    expect(isClean(report)).toBe(true);
  });

  test.each([
    ['mute', 'timed-out'],
    ['dead', 'not-started'],
    ['rude', 'bad-hello'],
  ])(
    'a driver that is %s is given up, and every case is an error',
    async (mode, code) => {
      const report = await runWith(mode, [caseOf('one', 'answer'), caseOf('two', 'answer')]);
      expect(report.results.map((result) => [result.status, result.code])).toEqual([
        ['error', code],
        ['error', 'not-run'],
      ]);
      expect(report.driver).toBeUndefined();
    },
    20_000,
  );

  test('a command that does not exist is reported with what the shell says', async () => {
    const driver = new ProcessDriver('no-such-program-anywhere', limits);
    const report = await runCases([caseOf('one', 'answer')], driver);
    expect(report.results[0]).toMatchObject({ status: 'error', code: 'not-started' });
    expect(report.results[0]!.detail).toContain('no-such-program-anywhere');
  });

  test.each([
    ['sour', 'status 4'],
    ['clingy', 'did not exit within 1000 ms'],
  ])('a %s goodbye is a fault of the run', async (mode, detail) => {
    const report = await runWith(mode, [caseOf('one', 'answer')]);
    expect(report.results[0]!.status).toBe('pass');
    expect(report.faults).toMatchObject([{ code: 'bad-goodbye' }]);
    expect(report.faults[0]!.detail).toContain(detail);
    expect(isClean(report)).toBe(false);
  });

  test('after too many starts the rest is not run, and the report says so', async () => {
    const cases = Array.from({ length: 6 }, (_, index) => caseOf(`death-${index}`, 'die'));
    const report = await runWith('good', cases, 2);
    expect(report.results.map(({ code }) => code)).toEqual(['died', 'died', 'died', 'not-run', 'not-run', 'not-run']);
    expect(report.restarts).toBe(2);
  });

  test('what a driver started is ended with it', async () => {
    const report = await runWith('child', [caseOf('one', 'answer'), caseOf('two', 'die'), caseOf('three', 'answer')]);
    expect(report.results.map(({ status }) => status)).toEqual(['pass', 'error', 'pass']);
  });
});

describe('transcripts', () => {
  test('run against an engine, with bindings and sends in any order', async () => {
    const report = await runWith('good', [
      transcriptOf('counts', [
        {
          now: 1,
          in: { type: 'tick' },
          effects: [
            { type: 'send', to: 'a' },
            { type: 'counted', count: { let: 'n' } },
            { type: 'send', to: 'b' },
          ],
        },
        {
          now: 2,
          in: { type: 'tick', echo: { use: 'n' } },
          effects: { has: [{ type: 'counted', count: 2, echo: 1 }] },
        },
      ]),
      transcriptOf('wrong', [{ now: 1, in: { type: 'tick' }, effects: { hasNot: [{ to: 'b' }] } }]),
      transcriptOf('death', [{ now: 1, in: { type: 'die' }, effects: [] }]),
      transcriptOf('unknown', [{ now: 1, in: { type: 'tick' }, effects: [] }], 'no-such-engine'),
      caseOf('after', 'answer'),
    ]);
    expect(report.results.map(({ status }) => status)).toEqual(['pass', 'fail', 'error', 'skip', 'pass']);
    expect(report.results[1]!.detail).toContain('step 0');
    expect(report.results[1]!.detail).toContain('must not be there');
    expect(report.results[2]!.code).toBe('died');
  });
});

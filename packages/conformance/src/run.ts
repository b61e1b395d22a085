import type { Fault, Problem } from './codes.ts';
import type { ConductCase } from './conduct.ts';
import type { DriverPort } from './driver.ts';
import { type Judgement, judge } from './judge.ts';
import { KIT_LIMITS } from './limits.ts';
import { headOf, type KnownFailure, type PlannedCase, subjectOf } from './plan.ts';
import type { Hello } from './protocol.ts';
import type { CaseResult, RunReport } from './report.ts';
import { Session } from './session.ts';
import { runTranscript } from './transcript.ts';

/** What a run may be told. */
export interface RunOptions {
  readonly known?: readonly KnownFailure[];
  /** What is wrong with the input already; it goes into the report. */
  readonly problems?: readonly Problem[];
  /** How often the driver is started again before the rest of the cases is given up. */
  readonly restarts?: number;
  /** Called after each case, with how many are done; a result may still become an error by what the driver does later. */
  readonly onResult?: (result: CaseResult, done: number) => void;
}

/**
 * Runs cases one after another against a driver and reports on every one (rules CONF-2 to CONF-10). Never rejects for what
 * a driver does: a driver that dies, hangs, floods or writes garbage costs the case at hand an `error` and is started again;
 * once that has happened too often, the cases that are left become errors with the code `not-run`.
 */
export async function runCases(
  cases: readonly PlannedCase[],
  driver: DriverPort,
  options: RunOptions = {},
): Promise<RunReport> {
  const session = new Session(driver, options.restarts);
  const results: CaseResult[] = [];
  const faults: Fault[] = [];
  /** The index of the case that a request belonged to. */
  const owners: number[] = [];

  /** Takes what went wrong; what belongs to an earlier case changes that case's result. */
  const settle = (at: number): { readonly charged: readonly Fault[]; readonly elapsedMs: number } => {
    const { charged, late, elapsedMs } = session.take();
    const own: Fault[] = [...charged];
    for (const fault of late) {
      const owner = fault.seq === undefined ? undefined : owners[fault.seq];
      if (owner === at) own.push(fault);
      else if (owner === undefined) faults.push(fault);
      else results[owner] = withFaults(results[owner]!, [fault]);
    }
    return { charged: own, elapsedMs };
  };

  for (const [index, planned] of cases.entries()) {
    const first = session.seq + 1;
    const judgement = (await session.ready()) ? await runOne(planned, session) : undefined;
    for (let seq = first; seq <= session.seq; seq += 1) owners[seq] = index;
    const { charged, elapsedMs } = settle(index);
    const result = withFaults(resultOf(planned, judgement, elapsedMs), charged);
    results.push(result);
    options.onResult?.(result, results.length);
  }
  await session.end();
  faults.push(...settle(-1).charged);

  return {
    ...(session.hello === undefined ? {} : { driver: session.hello }),
    results: withKnown(results, options.known ?? []),
    faults,
    problems: options.problems ?? [],
    restarts: session.restarts,
  };
}

async function runOne(planned: PlannedCase, session: Session): Promise<Judgement | undefined> {
  const unsupported = session.hello && unsupportedBy(session.hello, planned);
  if (unsupported !== undefined) return { status: 'skip', detail: unsupported };
  switch (planned.kind) {
    case 'conduct':
      return runConduct(planned.test, session);
    case 'vector': {
      const answer = await session.ask({ cmd: 'run', op: planned.test.op, in: planned.test.in });
      return answer && judge(planned.test, answer);
    }
    case 'transcript':
      return runTranscript(planned.test, session);
  }
}

/** A driver is not asked for what it does not claim. */
function unsupportedBy(hello: Hello, planned: PlannedCase): string | undefined {
  if (planned.kind === 'conduct') return undefined;
  if (planned.kind === 'vector' && !hello.ops.includes(planned.test.op))
    return `${planned.test.op} is not in hello.ops`;
  if (planned.kind === 'transcript' && !hello.engines.includes(planned.test.engine)) {
    return `${planned.test.engine} is not in hello.engines`;
  }
  if (planned.profile === undefined || hello.profiles.includes(planned.profile)) return undefined;
  return `the profile ${planned.profile} is not in hello.profiles`;
}

async function runConduct(test: ConductCase, session: Session): Promise<Judgement | undefined> {
  const answer = await session.askRaw(test.line, test.numbered);
  if (answer === undefined) return undefined;
  if (test.answers.includes(answer.kind)) return { status: 'pass', detail: '' };
  return { status: 'fail', detail: `expected ${test.answers.join(' or ')}, got ${answer.kind}` };
}

function resultOf(planned: PlannedCase, judgement: Judgement | undefined, elapsedMs: number): CaseResult {
  const { suite, path } = planned;
  const head = { ...headOf(planned), suite, path, subject: subjectOf(planned), elapsedMs };
  if (judgement === undefined) return { ...head, status: 'error', detail: '' };
  const { status, detail, code = 'driver-error' } = judgement;
  return status === 'error' ? { ...head, status, code, detail } : { ...head, status, detail };
}

/** A fault outweighs any answer: a driver that cannot be trusted to answer once cannot be judged by that answer. */
function withFaults(result: CaseResult, faults: readonly Fault[]): CaseResult {
  const [first] = faults;
  if (first === undefined) {
    return result.status === 'error' && result.code === undefined
      ? { ...result, code: 'not-run', detail: 'the driver was given up' }
      : result;
  }
  // A flood begins as garbage, and what it is shows only at its end.
  const leading = faults.find(({ code }) => code === 'flood') ?? first;
  const shown = [leading, ...faults.filter((fault) => fault !== leading)].slice(0, KIT_LIMITS.shownDifferences);
  const more = faults.length - shown.length;
  const details = [
    ...(result.status === 'error' && result.detail !== '' ? [result.detail] : []),
    ...shown.map(({ code, detail }) => `${code}: ${detail}`),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
  return { ...result, status: 'error', code: result.code ?? leading.code, detail: details.join('; ') };
}

function withKnown(results: readonly CaseResult[], known: readonly KnownFailure[]): CaseResult[] {
  const reasons = new Map(known.map(({ id, reason }) => [id, reason]));
  return results.map((result) => {
    const reason = reasons.get(result.id);
    if (reason === undefined || result.status === 'skip' || result.code === 'not-run') return result;
    if (result.status === 'fail' || result.status === 'error') {
      return { ...result, status: 'known', detail: `known: ${reason} (${result.detail})` };
    }
    const detail = `known to fail (${reason}), but it passes; take it off the list`;
    return { ...result, status: 'fixed', detail };
  });
}

import type { Fault, FaultCode, Problem } from './codes.ts';
import type { Hello } from './protocol.ts';
import type { CaseHead } from './vectors.ts';

/**
 * How a case ended: `pass`; `warn`, refused with another code than the vector's; `fail`, a wrong answer; `error`, no usable answer;
 * `skip`, not supported; `known`, fails as the list of known failures says; `fixed`, passes although that list says that it fails.
 */
export type Status = 'pass' | 'warn' | 'fail' | 'error' | 'skip' | 'known' | 'fixed';

/** Every status, in the order of reports. */
export const STATUSES: readonly Status[] = ['pass', 'warn', 'fail', 'error', 'skip', 'known', 'fixed'];

/** The statuses after which a run has failed. */
export const UNEXPECTED: readonly Status[] = ['fail', 'error', 'fixed'];

/** How one case ended. */
export interface CaseResult extends CaseHead {
  readonly suite: string;
  /** The file of the case, relative to the folder of vectors. */
  readonly path: string;
  /** The operation or engine. */
  readonly subject: string;
  readonly status: Status;
  /** Of an `error`: what the driver did. */
  readonly code?: FaultCode;
  /** One sentence; empty for `pass`. */
  readonly detail: string;
  /** Milliseconds that the driver took. */
  readonly elapsedMs: number;
}

/** The whole outcome of a run. */
export interface RunReport {
  /** What the driver said of itself, if it ever did. */
  readonly driver?: Hello;
  readonly results: readonly CaseResult[];
  /** What the driver did wrong outside of any case. */
  readonly faults: readonly Fault[];
  /** What is wrong with the vectors, the known failures or the selection. */
  readonly problems: readonly Problem[];
  /** How often the driver had to be started again. */
  readonly restarts: number;
}

/** How many cases ended in each status. */
export type Totals = Readonly<Record<Status, number>>;

/** Counts results by status. */
export function totalsOf(results: readonly CaseResult[]): Totals {
  const totals = { pass: 0, warn: 0, fail: 0, error: 0, skip: 0, known: 0, fixed: 0 };
  for (const { status } of results) totals[status] += 1;
  return totals;
}

/** Results by suite, in the order in which the suites ran. */
export function bySuite(results: readonly CaseResult[]): ReadonlyMap<string, readonly CaseResult[]> {
  const suites = new Map<string, CaseResult[]>();
  for (const result of results) {
    const list = suites.get(result.suite);
    if (list === undefined) suites.set(result.suite, [result]);
    else list.push(result);
  }
  return suites;
}

/** Whether nothing unexpected happened: the exit status 0 of the command line (rule CONF-10). */
export function isClean({ results, faults, problems }: RunReport): boolean {
  return faults.length === 0 && problems.length === 0 && !results.some(({ status }) => UNEXPECTED.includes(status));
}

/** One sentence with the counts of a run, such as `2279 passed, 4 skipped`. */
export function summaryOf({ results, faults, problems }: RunReport): string {
  const totals = totalsOf(results);
  const parts = [
    `${totals.pass + totals.warn} passed${totals.warn > 0 ? ` (${totals.warn} with a warning)` : ''}`,
    part(totals.fail, 'failed'),
    part(totals.error, totals.error === 1 ? 'error' : 'errors'),
    part(totals.known, 'failed as known'),
    part(totals.fixed, 'passed though known to fail'),
    part(totals.skip, 'skipped'),
    part(faults.length, faults.length === 1 ? 'fault of the driver' : 'faults of the driver'),
    part(problems.length, problems.length === 1 ? 'problem with the input' : 'problems with the input'),
  ];
  return parts.filter((text) => text !== '').join(', ');
}

function part(count: number, text: string): string {
  return count === 0 ? '' : `${count} ${text}`;
}

import type { Answer } from './protocol.ts';
import type { CaseHead } from './vectors.ts';

/** A line that tests how a driver behaves, whatever it implements, and the kinds of answer that are right. */
export interface ConductCase extends CaseHead {
  /** What is sent; `seq` is put in front where the case has one. */
  readonly line: string;
  /** Whether the line has a readable `seq`, which the answer repeats; else the answer's is null. */
  readonly numbered: boolean;
  readonly answers: readonly Answer['kind'][];
}

/** The suite of the cases below; its rules stand in `spec/conformance.md`. */
export const CONDUCT_SUITE = 'conduct';

const NESTING = 100_000;

/** What every driver is asked before the vectors, since each vector relies on it. */
export const CONDUCT_CASES: readonly ConductCase[] = [
  numbered('conduct-unknown-op', 'CONF-3', 'an operation that nobody has', ['skip'], {
    cmd: 'run',
    op: 'no.such.operation',
    in: {},
  }),
  numbered('conduct-unknown-engine', 'CONF-3', 'an engine that nobody has', ['skip'], {
    cmd: 'open',
    engine: 'no-such-engine',
    config: {},
  }),
  numbered('conduct-inherited-op', 'CONF-3', 'a name that every object of some languages has', ['skip'], {
    cmd: 'run',
    op: 'constructor',
    in: {},
  }),
  numbered('conduct-unknown-command', 'CONF-4', 'a command that nobody knows', ['error'], { cmd: 'dance' }),
  // A driver without engines may say that steps are not supported.
  numbered('conduct-unknown-handle', 'CONF-4', 'a step of an engine that was never opened', ['error', 'skip'], {
    cmd: 'step',
    handle: 987_654_321,
    now: 0,
    in: { type: 'tick' },
  }),
  bare('conduct-not-json', 'a line that is no JSON', 'this is not JSON'),
  bare('conduct-list', 'JSON, but no object', '[1,2,3]'),
  bare('conduct-half', 'an object that breaks off', '{"cmd":"run","op":"'),
  bare('conduct-deep', 'lists inside each other, deeper than a stack', '['.repeat(NESTING)),
];

function numbered(
  id: string,
  rule: string,
  comment: string,
  answers: readonly Answer['kind'][],
  request: object,
): ConductCase {
  const line = JSON.stringify(request).slice(1);
  return { id, rule, level: 'MUST', comment, line, numbered: true, answers };
}

function bare(id: string, comment: string, line: string): ConductCase {
  return { id, rule: 'CONF-5', level: 'MUST', comment, line, numbered: false, answers: ['error'] };
}

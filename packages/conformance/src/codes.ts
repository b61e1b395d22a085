/** What can be wrong with a driver, as opposed to what it says about a case. Listed in `spec/errors.md`. */
export type FaultCode =
  | 'bad-answer'
  | 'bad-goodbye'
  | 'bad-hello'
  | 'died'
  | 'double-answer'
  | 'driver-error'
  | 'flood'
  | 'garbage'
  | 'timed-out'
  | 'not-run'
  | 'not-started'
  | 'stray-answer';

/** One thing that a driver did wrong. */
export interface Fault {
  readonly code: FaultCode;
  /** One sentence with the facts. */
  readonly detail: string;
  /** The request that it is about, where that is known; else the one that was waiting is charged. */
  readonly seq?: number;
}

/** What can be wrong with vectors, known failures or a selection. Listed in `spec/errors.md`. */
export type ProblemCode = 'bad-vectors' | 'double-id' | 'nothing-selected' | 'unknown-case' | 'unread-vectors';

/** One thing that is wrong with the input of a run, whatever the driver does. */
export interface Problem {
  readonly code: ProblemCode;
  /** One sentence with the facts. */
  readonly detail: string;
}

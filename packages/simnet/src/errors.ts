/**
 * What a `SimnetError` says:
 * `failed-run` a run that had to succeed did not, and the message is the whole report;
 * `bad-trace` the bytes are not a trace, with the offset at which reading failed;
 * `dead-node` an engine that has crashed or left still uses its environment;
 * `never-stops` an engine yields more effects, or makes more calls, in one event than {@link SIM_LIMITS} allows.
 */
export type SimnetErrorCode = 'failed-run' | 'bad-trace' | 'dead-node' | 'never-stops';

/** The error class of this package. Misuse, such as a negative latency, is a `RangeError` or `TypeError` instead. */
export class SimnetError extends Error {
  /** Stable code, never renamed. */
  readonly code: SimnetErrorCode;
  /** Byte offset for `bad-trace`, zero otherwise. */
  readonly offset: number;

  /** An error with this code; `detail` becomes the message. */
  constructor(code: SimnetErrorCode, detail: string, offset = 0) {
    super(detail);
    this.name = 'SimnetError';
    this.code = code;
    this.offset = offset;
  }
}

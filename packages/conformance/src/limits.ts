/** What the kit bounds, and the name of each bound. */
export interface KitLimits {
  /** The longest line of either side, in bytes without the line feed. */
  readonly lineBytes: number;
  /** Lines that a driver may write beyond its answers while one request is answered. */
  readonly strayLines: number;
  /** Bytes that a driver may write while one request is answered: an answer and a good deal more. */
  readonly strayBytes: number;
  /** How long one answer may take, in milliseconds. */
  readonly timeoutMs: number;
  /** How long a driver may take from its start to its `hello`, in milliseconds. */
  readonly startMs: number;
  /** How long a driver may take to exit after `bye`, in milliseconds. */
  readonly byeMs: number;
  /** How often a driver that died or hung is started again in one run. */
  readonly restarts: number;
  /** Trials to pair expected and actual `send` effects before the kit gives up. */
  readonly pairings: number;
  /** Characters of a value that a report shows. */
  readonly shownCharacters: number;
  /** Differences between an expected and an actual value that a report lists. */
  readonly shownDifferences: number;
  /** Failures, and warnings, that the terminal report lists; the other reports list all. */
  readonly listedCases: number;
  /** Reasons for skipping that the terminal report lists. */
  readonly listedReasons: number;
  /** Characters that the kit keeps from the end of a driver's standard error. */
  readonly logCharacters: number;
}

/** The defaults of the kit. Lines, `bye` and the meaning of the rest: rules CONF-2, CONF-8, CONF-9. */
export const KIT_LIMITS: KitLimits = Object.freeze({
  lineBytes: 16 * 1024 * 1024,
  strayLines: 1000,
  strayBytes: 64 * 1024 * 1024,
  timeoutMs: 10_000,
  startMs: 30_000,
  byeMs: 2000,
  restarts: 100,
  pairings: 10_000,
  shownCharacters: 400,
  shownDifferences: 3,
  listedCases: 50,
  listedReasons: 8,
  logCharacters: 2000,
});

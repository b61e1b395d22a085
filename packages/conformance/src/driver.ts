import type { Fault } from './codes.ts';
import type { JsonObject } from './json.ts';

/** What came of one request. */
export interface Reply {
  /** The object that the driver sent with the request's `seq`; absent where a fault stands in its place. */
  readonly answer?: JsonObject;
  /** Everything that went wrong since the reply before, this request's own faults included. */
  readonly faults: readonly Fault[];
  /** Milliseconds from the request to its answer. */
  readonly elapsedMs: number;
}

/**
 * What the run needs from the outside: a driver that can be started, asked and stopped. Nothing here may reject;
 * whatever goes wrong is a fault. The command line implements it with a child process; tests with plain objects.
 */
export interface DriverPort {
  /** Whether the driver runs and can be asked. */
  readonly running: boolean;
  /** Starts the driver anew; whatever was left of an earlier start is ended first. */
  start(): Promise<readonly Fault[]>;
  /**
   * Sends one line and waits for the answer with this `seq`; null for a line from which no `seq` can be read.
   * Ends the driver when it does not answer in time, floods or dies; `running` is false then.
   */
  ask(line: string, seq: number | null): Promise<Reply>;
  /** Says `bye`, waits for the driver to exit (rule CONF-8), and ends it if it does not. */
  stop(): Promise<readonly Fault[]>;
}

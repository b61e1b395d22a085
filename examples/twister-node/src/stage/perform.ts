import { reasonOf } from '../failure.ts';
import { Stage } from './stage.ts';

/** What is played, how it is called, and how long it may take. */
export interface Performance {
  readonly title: string;
  /** Whoever waits longer waits for nothing. */
  readonly longestMs: number;
  readonly play: (stage: Stage) => Promise<void>;
}

/** Plays to the end of the process: status 0 where everything held, 1 where something did not. Nothing is left, whatever happens. */
export async function perform({ longestMs, play, title }: Performance): Promise<void> {
  const stage = new Stage();
  const fail = (error: unknown): never => {
    process.stderr.write(`\n${title} failed: ${reasonOf(error)}\n`);
    process.exit(1);
  };
  process.on('exit', () => stage.clear());
  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)
    process.on(signal, () => process.exit(status));
  setTimeout(() => fail(new Error('it takes too long')), longestMs).unref();
  try {
    await play(stage);
    process.stdout.write(`\nAll of it held, in ${stage.elapsed} s. No process and no file is left.\n`);
  } catch (error) {
    fail(error);
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';

/** A process that a play has started. */
export class Child {
  readonly #process: ChildProcess;
  #errors = '';

  /** In a group of its own, so that Ctrl-C reaches the play alone, which stops everything in order. */
  constructor(program: string, args: readonly string[]) {
    this.#process = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.#process.on('error', (error) => {
      this.#errors += error.message;
    });
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
    });
  }

  /** What it writes on standard output. */
  lines(): Interface {
    return createInterface({ input: this.#process.stdout! });
  }

  /** What it has written on standard error. */
  get errors(): string {
    return this.#errors.trim();
  }

  /** A signal has ended it, it ended by itself, or it never began. */
  get isGone(): boolean {
    const { exitCode, pid, signalCode } = this.#process;
    return pid === undefined || exitCode !== null || signalCode !== null;
  }

  /** What has become of it, in words. */
  get fate(): string {
    if (!this.isGone) return 'it runs';
    const { exitCode, signalCode } = this.#process;
    return `it has ended with ${exitCode === null ? signalCode : `status ${exitCode}`}`;
  }

  /** Sends a signal and waits for the end; gives the exit status. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    if (!this.isGone) {
      this.#process.kill(signal);
      await once(this.#process, 'exit');
    }
    return this.#process.exitCode;
  }

  /** For the very end: nothing is waited for. */
  killNow(): void {
    if (!this.isGone) this.#process.kill('SIGKILL');
  }
}

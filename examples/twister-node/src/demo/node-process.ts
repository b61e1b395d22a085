import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { callNode } from './rpc-client.ts';

/** The line with which a node says that it listens. */
interface Ready {
  readonly p2p: number;
  readonly dht: number;
  readonly rpc: number;
  readonly pid: number;
}

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));
/** A process that is gone: a signal has ended it, or it ended by itself. */
const isGone = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

/** A node of the dev network in a process of its own. */
export class NodeProcess {
  readonly name: string;
  readonly dataDir: string;
  #child: ChildProcess | undefined;
  #ready: Ready | undefined;
  #errors = '';

  constructor(name: string, dataDir: string) {
    this.name = name;
    this.dataDir = dataDir;
  }

  /** Starts the process and waits until it listens. */
  async start(...args: string[]): Promise<Ready> {
    const common = ['--network', 'dev', '--datadir', this.dataDir, '--bind', '127.0.0.1', '--port', '0'];
    const options = [...common, '--rpc-port', '0', '--log-level', 'warn', ...args];
    // A group of its own, so that Ctrl-C reaches the demonstration alone, which stops its nodes in order.
    const child = spawn(process.execPath, [MAIN, ...options], { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.#child = child;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
    });
    for await (const line of createInterface({ input: child.stdout! })) {
      this.#ready = JSON.parse(line) as Ready;
      return this.#ready;
    }
    throw new Error(`${this.name} did not start: ${this.#errors.trim()}`);
  }

  /** Where others connect to it, and contact its DHT. */
  get contacts(): readonly [peer: string, dht: string] {
    return [`127.0.0.1:${this.#ready?.p2p}`, `127.0.0.1:${this.#ready?.dht}`];
  }

  call(method: string, ...params: unknown[]): Promise<unknown> {
    if (this.#ready === undefined) throw new Error(`${this.name} does not run`);
    return callNode(this.dataDir, this.#ready.rpc, method, params);
  }

  /** Ends the process without a warning. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined || isGone(child)) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  /** Asks the process to stop; gives its exit status. */
  async stop(): Promise<number | null> {
    const child = this.#child;
    if (child === undefined) return null;
    if (!isGone(child)) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    return child.exitCode;
  }

  /** For the very end: nothing is waited for. */
  killNow(): void {
    if (this.#child !== undefined && !isGone(this.#child)) this.#child.kill('SIGKILL');
  }
}

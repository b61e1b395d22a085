import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { clearTimeout, setTimeout } from 'node:timers';
import type { Fault } from '../codes.ts';
import { Conversation, type Received } from '../conversation.ts';
import type { DriverPort, Reply } from '../driver.ts';
import type { JsonObject } from '../json.ts';
import { KIT_LIMITS, type KitLimits } from '../limits.ts';
import { LineSplitter } from './lines.ts';

/** How long a driver that was killed may take to be gone, in milliseconds. */
const KILL_MS = 1000;
/** How long what a dead driver has written may take to arrive, in milliseconds. */
const DRAIN_MS = 200;

interface Waiting {
  readonly resolve: (reply: Reply) => void;
  readonly startedMs: number;
  readonly timer: NodeJS.Timeout;
}

/**
 * A driver as a child process: the command runs through the shell in a process group of its own, so that ending it also ends
 * what it started. Every way in which it can misbehave becomes a fault; nothing here rejects.
 */
export class ProcessDriver implements DriverPort {
  readonly #command: string;
  readonly #limits: KitLimits;
  #child: ChildProcess | undefined;
  #gone: Promise<void> = Promise.resolve();
  #conversation: Conversation;
  #waiting: Waiting | undefined;
  #faults: Fault[] = [];
  #log = '';
  #said = false;

  constructor(command: string, limits: KitLimits = KIT_LIMITS) {
    this.#command = command;
    this.#limits = limits;
    this.#conversation = new Conversation(limits);
  }

  get running(): boolean {
    return this.#child !== undefined;
  }

  async start(): Promise<readonly Fault[]> {
    await this.#end();
    this.#conversation = new Conversation(this.#limits);
    this.#log = '';
    this.#said = false;
    const child = spawn(this.#command, {
      shell: true,
      // A process group of its own; Windows has none, and opens a window for a detached child.
      detached: process.platform !== 'win32',
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    this.#child = child;
    this.#gone = new Promise((resolve) => {
      child.once('close', () => resolve());
      child.once('error', () => resolve());
    });
    const lines = new LineSplitter(this.#limits.lineBytes);
    child.stdout.on('data', (chunk: Uint8Array) => this.#read(child, chunk, lines));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (this.#child === child) this.#log = (this.#log + text).slice(-this.#limits.logCharacters);
    });
    // A driver that exits with requests unread breaks the pipe; its exit tells what happened.
    child.stdin.on('error', () => {});
    child.stdout.on('error', () => {});
    child.stderr.on('error', () => {});
    child.once('error', (error) => this.#died(child, `the shell could not be started: ${error.message}`));
    child.once('exit', (status, signal) => {
      const how = signal === null ? `exited with status ${status}` : `was ended by ${signal}`;
      // Its last lines may still be in the pipe, and a process that it left behind may keep the pipe open for ever.
      const timer = setTimeout(() => this.#died(child, how), DRAIN_MS);
      child.once('close', () => {
        clearTimeout(timer);
        this.#died(child, how);
      });
    });
    child.stdout.once('end', () => {
      const timer = setTimeout(() => this.#died(child, 'closed its standard output'), DRAIN_MS);
      child.once('exit', () => clearTimeout(timer));
    });
    return [];
  }

  ask(line: string, seq: number | null): Promise<Reply> {
    const child = this.#child;
    if (child?.stdin === null || child === undefined) {
      return Promise.resolve({
        faults: [...this.#takeFaults(), { code: 'died', detail: 'the driver does not run' }],
        elapsedMs: 0,
      });
    }
    const limitMs = this.#said ? this.#limits.timeoutMs : Math.max(this.#limits.startMs, this.#limits.timeoutMs);
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#fail(child, { code: 'timed-out', detail: `no answer within ${limitMs} ms${this.#lastWords()}` });
      }, limitMs);
      this.#waiting = { resolve, startedMs: performance.now(), timer };
      this.#conversation.expect(seq);
      child.stdin?.write(`${line}\n`);
    });
  }

  async stop(): Promise<readonly Fault[]> {
    const child = this.#child;
    if (child === undefined) return this.#takeFaults();
    // From here on its exit is what is wanted, and no longer a death.
    const exited = new Promise<string | undefined>((resolve) => {
      const timer = setTimeout(() => resolve(`it did not exit within ${this.#limits.byeMs} ms`), this.#limits.byeMs);
      child.removeAllListeners('exit');
      child.stdout?.removeAllListeners('end');
      child.once('exit', (status, signal) => {
        clearTimeout(timer);
        if (status === 0) resolve(undefined);
        else resolve(signal === null ? `it exited with status ${status}` : `it was ended by ${signal}`);
      });
      if (child.exitCode !== null || child.signalCode !== null) {
        clearTimeout(timer);
        resolve('it was gone before');
      }
    });
    // Its standard input stays open: it is `bye` that it must listen to.
    child.stdin?.write('{"cmd":"bye"}\n');
    const wrong = await exited;
    await Promise.race([this.#gone, pause(DRAIN_MS)]);
    await this.#end();
    if (wrong !== undefined) {
      this.#faults.push({ code: 'bad-goodbye', detail: `after bye, ${wrong}${this.#lastWords()}` });
    }
    return this.#takeFaults();
  }

  /** Ends the driver at once, without waiting: for the moment when the kit itself is ended. */
  kill(): void {
    const child = this.#child;
    if (child !== undefined) killGroup(child);
  }

  #read(child: ChildProcess, chunk: Uint8Array, lines: LineSplitter): void {
    if (this.#child !== child) return;
    const tooMany = this.#conversation.count(chunk.length);
    const received =
      tooMany === undefined ? lines.push(chunk).map((line) => this.#conversation.receive(line)) : [tooMany];
    for (const one of received) {
      if (this.#child !== child) return;
      this.#take(child, one);
    }
  }

  #take(child: ChildProcess, received: Received): void {
    if (received.kind === 'answer') {
      this.#said = true;
      this.#answer(received.answer);
    } else if (received.fatal) {
      this.#fail(child, received.fault);
    } else {
      this.#faults.push(received.fault);
    }
  }

  #answer(answer: JsonObject | undefined): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    this.#waiting = undefined;
    clearTimeout(waiting.timer);
    const elapsedMs = performance.now() - waiting.startedMs;
    const faults = this.#takeFaults();
    waiting.resolve(answer === undefined ? { faults, elapsedMs } : { answer, faults, elapsedMs });
  }

  #died(child: ChildProcess, how: string): void {
    if (this.#child !== child) return;
    this.#fail(child, { code: this.#said ? 'died' : 'not-started', detail: `the driver ${how}${this.#lastWords()}` });
  }

  /** Ends a driver that cannot be used any more and answers in its place. */
  #fail(child: ChildProcess, fault: Fault): void {
    if (this.#child !== child) return;
    this.#faults.push(fault);
    this.#child = undefined;
    killGroup(child);
    child.stdout?.destroy();
    child.stderr?.destroy();
    this.#answer(undefined);
  }

  async #end(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child !== undefined) {
      killGroup(child);
      child.stdout?.destroy();
      child.stderr?.destroy();
    }
    await Promise.race([this.#gone, pause(KILL_MS)]);
  }

  #takeFaults(): Fault[] {
    const faults = this.#faults;
    this.#faults = [];
    return faults;
  }

  #lastWords(): string {
    const log = this.#log.trim();
    return log === '' ? '' : `; the end of its standard error: ${log}`;
  }
}

/** Ends a child and everything in its process group. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true });
    return;
  }
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group is gone already.
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref();
  });
}

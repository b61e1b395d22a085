import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { NodeProcess } from './node-process.ts';

const POLL_MS = 25;
const PATIENCE_MS = 15_000;
const STEP_DIGITS = 6;

/** Where the demonstration plays: its nodes and directories, and what it says. */
export class Stage {
  readonly #folder = mkdtempSync(join(tmpdir(), 'rookery-demo-'));
  readonly #nodes: NodeProcess[] = [];
  readonly #started = performance.now();
  #isCleared = false;

  /** A node that is not started yet. */
  node(name: string): NodeProcess {
    const node = new NodeProcess(name, join(this.#folder, name));
    this.#nodes.push(node);
    return node;
  }

  /** Announces what comes next. */
  chapter(title: string): void {
    process.stdout.write(`\n${title}\n`);
  }

  /** Does a step, says that it is done and when, and hands on what came of it. */
  async step<T>(title: string, act: () => Promise<T>): Promise<T> {
    const before = performance.now();
    const result = await act();
    const at = seconds(performance.now() - this.#started).padStart(STEP_DIGITS);
    const took = Math.round(performance.now() - before);
    process.stdout.write(`  ${at} s  ${title} (${took} ms)\n`);
    return result;
  }

  /** Asks again and again until the answer is there. */
  async until<T>(what: string, ask: () => Promise<T | undefined | false>): Promise<T> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      if (performance.now() > deadline) throw new Error(`waited ${seconds(PATIENCE_MS)} s in vain: ${what}`);
      await delay(POLL_MS);
    }
  }

  /** Seconds since the beginning. */
  get elapsed(): string {
    return seconds(performance.now() - this.#started);
  }

  /** Ends what still runs and removes all files. Waits for nothing, so that it can be the last thing that a process does. */
  clear(): void {
    if (this.#isCleared) return;
    this.#isCleared = true;
    for (const node of this.#nodes) node.killNow();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
}

/** Stops the demonstration where something is not as it should be. */
export function check(condition: boolean, claim: string): asserts condition {
  if (!condition) throw new Error(`it does not hold that ${claim}`);
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2);
}

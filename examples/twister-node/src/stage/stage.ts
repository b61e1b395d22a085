import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Network } from '@rookery/wire';
import { LOOPBACK } from '../options.ts';
import { Actor, type Role } from './actor.ts';
import { nodeRole } from './node-role.ts';

const POLL_MS = 25;
const PATIENCE_MS = 15_000;
const STEP_DIGITS = 6;

/** Where the demonstration plays: its programs and directories, and what it says. */
export class Stage {
  readonly #folder = mkdtempSync(join(tmpdir(), 'rookery-demo-'));
  readonly #actors: Actor[] = [];
  readonly #started = performance.now();
  #isCleared = false;

  /** A node of ours that is not started yet. */
  node(name: string, network: Network, ip: string = LOOPBACK): Actor {
    return this.actor(name, (dataDir) => nodeRole(dataDir, network, ip));
  }

  /** A program that is not started yet, with a directory for its data. */
  actor(name: string, roleOf: (dataDir: string) => Role): Actor {
    const actor = new Actor(name, roleOf(join(this.#folder, name)));
    this.#actors.push(actor);
    return actor;
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
  async until<T>(
    what: string,
    ask: () => Promise<T | undefined | false>,
    patienceMs: number = PATIENCE_MS,
  ): Promise<T> {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      if (performance.now() > deadline) throw new Error(`waited ${seconds(patienceMs)} s in vain: ${what}`);
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
    for (const actor of this.#actors) actor.killNow();
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

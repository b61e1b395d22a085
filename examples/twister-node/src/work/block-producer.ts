import { randomBytes } from 'node:crypto';
import { encodeBlock } from '@rookery/wire';
import type { TwisterNode } from '../node.ts';
import { splitNonces } from './jobs.ts';
import type { Task } from './work-pool.ts';

/** What a producer promotes when nobody has said anything. */
const DEFAULT_TEXT =
  'Promoted posts pay for the work that keeps this network together. Produce blocks and say something here. [en]';
/** A template grows old: its time, and what waits to be registered. */
const TEMPLATE_MS = 30_000;
const IDLE_MS = 1000;
/** On dev and regtest a block costs nothing, so a clock sets the pace: slowly where nothing waits. */
const FREE_PACE_MS = 1000;
const FREE_BUSY_PACE_MS = 100;

/** Produces blocks in the worker threads, as long as it is switched on. */
export class BlockProducer {
  readonly #node: TwisterNode;
  #threads = 0;
  #tasks: readonly Task[] = [];
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #lastBlockAt = 0;
  /** Counts what was begun, so that what comes too late is told apart. */
  #round = 0;
  /** Who signs the promoted texts, and the texts. */
  promoter = '';
  texts: readonly string[] = [];

  constructor(node: TwisterNode) {
    this.#node = node;
  }

  /** Threads that produce blocks; 0: none. */
  get threads(): number {
    return this.#threads;
  }

  get defaultText(): string {
    return DEFAULT_TEXT;
  }

  set(threads: number): void {
    this.#threads = threads;
    this.restart();
  }

  /** The chain or what waits for it has changed: takes a new template. */
  restart(): void {
    this.#abandon();
    if (this.#threads > 0 && !this.#stopped) this.#wait(this.#pace());
  }

  stop(): void {
    this.#stopped = true;
    this.#abandon();
  }

  #abandon(): void {
    this.#round += 1;
    clearTimeout(this.#timer);
    for (const { cancel } of this.#tasks) cancel();
    this.#tasks = [];
  }

  #wait(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#begin(), ms);
  }

  #pace(): number {
    const { chain, options } = this.#node;
    if (!isCheap(options)) return 0;
    const pace = chain.chain.pool().length > 0 ? FREE_BUSY_PACE_MS : FREE_PACE_MS;
    return Math.max(0, this.#lastBlockAt + pace - Date.now());
  }

  /** Elsewhere than on dev and regtest blocks are produced only on what the network has, as twisterd does. */
  #isReady(): boolean {
    const { chain, options } = this.#node;
    if (isCheap(options)) return true;
    return chain.peerCount > 0 && chain.isCaughtUp();
  }

  #begin(): void {
    if (!this.#isReady()) {
      this.#wait(IDLE_MS);
      return;
    }
    const { log, pool } = this.#node;
    this.#abandon();
    const round = this.#round;
    const block = encodeBlock(this.#template());
    const threads = Math.min(this.#threads, pool.size);
    this.#tasks = splitNonces(threads).map((range) => pool.start({ kind: 'block', block, range }));
    for (const { result } of this.#tasks) {
      result.then(
        (done) => {
          if (done.kind === 'found' && round === this.#round) this.#found(done.bytes);
        },
        (error: unknown) => log.error({ err: error }, 'a block could not be produced'),
      );
    }
    this.#timer = setTimeout(() => this.#begin(), TEMPLATE_MS);
  }

  #found(bytes: Uint8Array): void {
    this.#abandon();
    this.#lastBlockAt = Date.now();
    // The new tip restarts the production; a block that is refused does not.
    if (!this.#node.chain.addOwnBlock(bytes)) this.restart();
  }

  #template(): ReturnType<TwisterNode['chain']['chain']['blockTemplate']> {
    const { backend, chain, clock, wallet } = this.#node;
    const message = this.texts[Math.floor(Math.random() * this.texts.length)] ?? DEFAULT_TEXT;
    const now = clock.seconds() * 1000;
    const salt = new Uint8Array(randomBytes(4));
    const key = this.promoter === '' ? undefined : wallet.key(this.promoter);
    if (key !== undefined && chain.chain.keyAt(this.promoter, chain.chain.tip.height) !== undefined) {
      const { compressed, secret } = key;
      try {
        const author = { name: this.promoter, secret, compressed, backend };
        return chain.chain.blockTemplate({ now, message, salt, author });
      } catch (error) {
        // The key may be one that is not registered yet.
        if (!(error instanceof RangeError)) throw error;
      }
    }
    return chain.chain.blockTemplate({ now, message, salt });
  }
}

function isCheap({ network }: TwisterNode['options']): boolean {
  return network === 'dev' || network === 'regtest';
}

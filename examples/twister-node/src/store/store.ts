import type { AbstractLevel } from 'abstract-level';
import { codeOf } from '../failure.ts';
import type { Logger } from '../log.ts';
import { openRecord, sealRecord } from './record.ts';

/** The part of abstract-level that is used: any of its stores fits. */
export type Level = AbstractLevel<string | Uint8Array, string, Uint8Array>;

type Operation =
  | { readonly type: 'put'; readonly key: string; readonly value: Uint8Array }
  | { readonly type: 'del'; readonly key: string };

/** What the store's own errors say where its files are damaged. */
export const CORRUPTION = 'LEVEL_CORRUPTION';
const QUARANTINE = 'quarantine/';
/** Sorts after every other character. */
const AFTER = '\uffff';

/**
 * Everything that a node keeps, by textual keys.
 *
 * Writes are collected and go to disk as one batch, synced, as soon as the one before is there: what was written in one turn of the event loop is
 * there together or not at all, and batches never overtake each other. Reads see what was written at once.
 * A damaged record is logged, moved to `quarantine/`, and then counts as missing.
 */
export class Store {
  readonly #level: Level;
  readonly #log: Logger;
  readonly #onFailure: (error: unknown) => void;
  #pending = new Map<string, Operation>();
  #writing = new Map<string, Operation>();
  #waiting: (() => void)[] = [];
  #running = false;
  #failed = false;
  #closed = false;

  constructor(level: Level, log: Logger, onFailure: (error: unknown) => void) {
    this.#level = level;
    this.#log = log;
    this.#onFailure = onFailure;
  }

  /** The value of a key; undefined where there is none. The bytes must not be changed. */
  get(key: string): Uint8Array | undefined {
    const operation = this.#pending.get(key) ?? this.#writing.get(key);
    if (operation !== undefined) return operation.type === 'put' ? operation.value : undefined;
    const record = this.#read(key);
    return record === undefined ? undefined : this.#open(key, record);
  }

  /** Writes a value. It is safe after the next {@link Store.flush}. */
  put(key: string, value: Uint8Array): void {
    this.#add({ type: 'put', key, value });
  }

  delete(key: string): void {
    this.#add({ type: 'del', key });
  }

  /** Reads all entries with keys that start with `prefix`, in the order of the keys. */
  async *entries(prefix: string): AsyncGenerator<readonly [key: string, value: Uint8Array]> {
    await this.flush();
    for await (const [key, record] of this.#level.iterator({ gte: prefix, lt: `${prefix}${AFTER}` })) {
      const value = this.#open(key, record);
      if (value !== undefined) yield [key, value];
    }
  }

  /** Waits until everything written before is on disk. Never resolves where writing failed: then nothing may be confirmed. */
  flush(): Promise<void> {
    if (!this.#running && this.#pending.size === 0 && !this.#failed) return Promise.resolve();
    return new Promise((resolve) => {
      if (this.#failed) return;
      this.#waiting.push(resolve);
    });
  }

  /** Writes what is left and closes the files. */
  async close(): Promise<void> {
    if (!this.#failed) await this.flush();
    this.#closed = true;
    await this.#level.close();
  }

  #add(operation: Operation): void {
    if (this.#closed) return;
    this.#pending.set(operation.key, operation);
    if (this.#running || this.#failed) return;
    this.#running = true;
    queueMicrotask(() => void this.#write());
  }

  async #write(): Promise<void> {
    while (this.#pending.size > 0) {
      this.#writing = this.#pending;
      this.#pending = new Map();
      const waiting = this.#waiting;
      this.#waiting = [];
      const batch = [...this.#writing.values()].map((operation) =>
        operation.type === 'put' ? { ...operation, value: sealRecord(operation.value) } : operation,
      );
      try {
        await this.#level.batch(batch, { sync: true } as object);
      } catch (error) {
        this.#failed = true;
        this.#onFailure(error);
        return;
      }
      this.#writing = new Map();
      for (const resolve of waiting) resolve();
    }
    this.#running = false;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #read(key: string): Uint8Array | undefined {
    try {
      return this.#level.getSync(key);
    } catch (error) {
      if (codeOf(error) !== CORRUPTION) throw error;
      this.#log.warn({ key }, 'a damaged part of the store cannot be read; the next start repairs it');
      return undefined;
    }
  }

  #open(key: string, record: Uint8Array): Uint8Array | undefined {
    const value = openRecord(record);
    if (value !== undefined) return value;
    this.#log.warn({ key }, 'a damaged record was put aside');
    this.put(`${QUARANTINE}${key}`, record.slice());
    this.delete(key);
    return undefined;
  }
}

import { MemoryStore, type PrunedEffect, type StoredMessage } from '@rookery/peerster';
import type { AbstractBatchOperation, AbstractLevel } from 'abstract-level';
import { fromRecord, type MessageRecord, recordKey, toRecord } from './record.ts';

export type MessageDatabase = AbstractLevel<string | Buffer | Uint8Array, string, string>;
type Operation = AbstractBatchOperation<MessageDatabase, string, string>;

/**
 * The messages of a node: read whole at the start, served from memory, and written behind in batches in the order in which
 * they came. What `flush` has confirmed survives a kill of the process.
 */
export class LevelStore {
  readonly messages: MemoryStore;
  /** Records that could not be used at the start; their messages are fetched again from peers. */
  readonly damaged: number;
  private readonly database: MessageDatabase;
  private pending: Operation[] = [];
  private writing: Promise<void> = Promise.resolve();
  private failure: Error | undefined;

  private constructor(database: MessageDatabase, messages: MemoryStore, damaged: number) {
    this.database = database;
    this.messages = messages;
    this.damaged = damaged;
  }

  /** Reads the database. Damaged records, and those behind them of the same origin, are dropped from it. */
  static async open(database: MessageDatabase): Promise<LevelStore> {
    await database.open();
    const usable: { message: StoredMessage; pruned: boolean }[] = [];
    const next = new Map<string, number>();
    const damaged: string[] = [];
    for await (const [key, value] of database.iterator()) {
      const read = fromRecord(parsed(value));
      const expected = read === undefined ? undefined : (next.get(read.message.origin) ?? 0);
      const fits = read !== undefined && read.message.rumor.id === expected;
      if (!fits || key !== recordKey(read.message.origin, expected!)) {
        damaged.push(key);
        continue;
      }
      next.set(read.message.origin, expected! + 1);
      usable.push(read);
    }
    if (damaged.length > 0) await database.batch(damaged.map((key) => ({ type: 'del', key })));
    const messages = new MemoryStore();
    // Arrivals order the listings, numbers the messages of one origin; a replacement has an arrival of its own.
    usable.sort((a, b) => a.message.arrival - b.message.arrival);
    const byNumber = [...usable].sort((a, b) => a.message.rumor.id - b.message.rumor.id);
    for (const { message } of byNumber) messages.put(message);
    for (const { message, pruned } of usable) {
      if (pruned) messages.prune(message.origin, message.rumor.id);
      else messages.put(message);
    }
    return new LevelStore(database, messages, damaged.length);
  }

  /** Writes a stored or replaced message behind. */
  stored(message: StoredMessage): void {
    this.write({
      type: 'put',
      key: recordKey(message.origin, message.rumor.id),
      value: JSON.stringify(toRecord(message)),
    });
  }

  /** Drops the content of pruned messages from disk; their hashes stay. */
  pruned({ origin, from, to }: PrunedEffect): void {
    for (let id = from; id < to; id += 1) {
      const record: MessageRecord = {
        ID: id,
        Origin: origin,
        Destination: '',
        Content: '',
        Signature: '',
        Nonce: '',
        DateSeen: 0,
        FromAddress: '',
        Arrival: 0,
        Hash: Buffer.from(this.messages.hashOf(origin, id) ?? []).toString('hex'),
        Pruned: true,
      };
      this.write({ type: 'put', key: recordKey(origin, id), value: JSON.stringify(record) });
    }
  }

  /** Resolves when everything that was noted so far is written; rejects when the disk fails. */
  async flush(): Promise<void> {
    await this.writing;
    if (this.failure !== undefined) throw this.failure;
  }

  async close(): Promise<void> {
    await this.writing;
    await this.database.close();
  }

  private write(operation: Operation): void {
    this.pending.push(operation);
    if (this.pending.length > 1) return;
    this.writing = this.writing.then(async () => {
      const batch = this.pending;
      this.pending = [];
      try {
        await this.database.batch(batch);
      } catch (error) {
        this.failure = error instanceof Error ? error : new Error(String(error));
      }
    });
  }
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

import type { Rumor } from './rumor.ts';

/** A message as a node keeps it: the rumor as received and what the node adds for itself (PEERSTER-28). */
export interface StoredMessage {
  readonly origin: string;
  /** Name of the recipient; empty unless the message is private. In compat mode any text of 16 bytes. */
  readonly destination: string;
  readonly rumor: Rumor;
  /** The message hash, 32 bytes (PEERSTER-12). */
  readonly hash: Uint8Array;
  /** Local sequence of arrival, rising; a replacement arrives anew. */
  readonly arrival: number;
  /** When it arrived, in milliseconds since the Unix epoch. */
  readonly seenAt: number;
  /** Who brought it: a peer's address, or the empty string for our own. */
  readonly from: string;
}

/** Where a listing of messages goes on. */
export interface Page {
  /** Only messages that arrived later than this. */
  readonly after?: number;
  /** At most so many. */
  readonly limit?: number;
}

/**
 * The store port: everything is synchronous, and what must survive a restart is written by the application as it sees
 * `stored` and `pruned` effects. Numbers of one origin are consecutive from 0; a pruned message leaves its hash.
 */
export interface MessageStore {
  /** The message, or undefined where it is not stored or was pruned. */
  get(origin: string, id: number): StoredMessage | undefined;
  /** Adds the next message of an origin, or replaces one. */
  put(message: StoredMessage): void;
  /** Drops the content of a message and keeps its hash. */
  prune(origin: string, id: number): void;
  /** The hash of a stored or pruned message. */
  hashOf(origin: string, id: number): Uint8Array | undefined;
  /** Highest number plus one; 0 for an unknown origin. */
  nextId(origin: string): number;
  /** All origins in ascending order. The list must not be changed and may go stale. */
  origins(): readonly string[];
  /** Highest arrival so far; 0 for an empty store. */
  lastArrival(): number;
  /** Messages from `a` to `b` and back, in order of arrival. */
  between(a: string, b: string, page?: Page): StoredMessage[];
  /** Announcements and public messages, in order of arrival. */
  publicRoom(page?: Page): StoredMessage[];
}

/** A store in memory, the default of a node. */
export class MemoryStore implements MessageStore {
  private readonly logs = new Map<string, { messages: (StoredMessage | undefined)[]; hashes: Uint8Array[] }>();
  private readonly byArrival = new Map<number, StoredMessage>();
  private sorted: string[] = [];
  private last = 0;

  get(origin: string, id: number): StoredMessage | undefined {
    return this.logs.get(origin)?.messages[id];
  }

  /** Throws `RangeError` for a number that leaves a gap. */
  put(message: StoredMessage): void {
    const { origin, rumor, arrival, hash } = message;
    let log = this.logs.get(origin);
    if (rumor.id > (log?.messages.length ?? 0)) throw new RangeError(`number ${rumor.id} of ${origin} leaves a gap`);
    if (log === undefined) {
      log = { messages: [], hashes: [] };
      this.logs.set(origin, log);
      const at = lowerBound(this.sorted, origin);
      this.sorted = [...this.sorted.slice(0, at), origin, ...this.sorted.slice(at)];
    }
    const previous = log.messages[rumor.id];
    if (previous !== undefined) this.byArrival.delete(previous.arrival);
    log.messages[rumor.id] = message;
    log.hashes[rumor.id] = hash;
    this.byArrival.set(arrival, message);
    this.last = Math.max(this.last, arrival);
  }

  prune(origin: string, id: number): void {
    const log = this.logs.get(origin);
    const message = log?.messages[id];
    if (log === undefined || message === undefined) return;
    this.byArrival.delete(message.arrival);
    log.messages[id] = undefined;
  }

  hashOf(origin: string, id: number): Uint8Array | undefined {
    return this.logs.get(origin)?.hashes[id];
  }

  nextId(origin: string): number {
    return this.logs.get(origin)?.hashes.length ?? 0;
  }

  origins(): readonly string[] {
    return this.sorted;
  }

  lastArrival(): number {
    return this.last;
  }

  between(a: string, b: string, page: Page = {}): StoredMessage[] {
    return this.list(
      ({ origin, destination }) =>
        (origin === a && destination === b) || (origin === b && destination === a && destination !== ''),
      page,
    );
  }

  publicRoom(page: Page = {}): StoredMessage[] {
    return this.list(({ rumor }) => rumor.id === 0 || rumor.destination.length === 0, page);
  }

  private list(wanted: (message: StoredMessage) => boolean, page: Page): StoredMessage[] {
    const { after = -1, limit = Number.POSITIVE_INFINITY } = page;
    const found: StoredMessage[] = [];
    for (const message of this.byArrival.values()) {
      if (found.length >= limit) break;
      if (message.arrival > after && wanted(message)) found.push(message);
    }
    return found;
  }
}

/** Index of the first name that is not below `name` in an ascending list. */
export function lowerBound(names: readonly string[], name: string): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (names[middle]! < name) low = middle + 1;
    else high = middle;
  }
  return low;
}

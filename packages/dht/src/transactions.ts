import { type AddressGroup, type Endpoint, endpointKey } from './endpoint.ts';
import type { DhtLimits } from './limits.ts';
import type { RandomBytes } from './random.ts';

const ID_BYTES = 2;
const IDS = 0x10000;
const ADDRESS_BITS = 32;

/** A request under way; `Purpose` is what the answer is for. */
export interface Transaction<Purpose> {
  readonly to: Endpoint;
  readonly sentAt: number;
  readonly purpose: Purpose;
}

/** How late an answer is: past the soft timeout, past the time for which a search waits, past hope (DHT-35). */
export type Lateness = 'slow' | 'late' | 'lost';

/** A request that is later than it was. */
export interface LateTransaction<Purpose> {
  readonly id: Uint8Array;
  readonly transaction: Transaction<Purpose>;
  readonly lateness: Lateness;
}

const STAGES: readonly (Lateness | undefined)[] = [undefined, 'slow', 'late', 'lost'];

/**
 * The requests that wait for an answer, at most `transactions` (DHT-35).
 * An answer belongs to a request by its id of two bytes and the address it comes from; the port is not compared, except on the own
 * machine (as `group` says).
 */
export class Transactions<Purpose> {
  readonly #limits: DhtLimits;
  readonly #group: AddressGroup;
  readonly #random: RandomBytes;
  /** By lateness so far, each in the order of sending: the first of each is the next to be later still. */
  readonly #waiting: readonly Map<number, Transaction<Purpose>>[] = [new Map(), new Map(), new Map()];

  /** Ids come from `random`, so that nobody can guess the next one. */
  constructor(limits: DhtLimits, group: AddressGroup, random: RandomBytes) {
    this.#limits = limits;
    this.#group = group;
    this.#random = random;
  }

  /** How many requests are under way. */
  get size(): number {
    return this.#waiting.reduce((sum, { size }) => sum + size, 0);
  }

  /** Notes a request and returns its id, or undefined where too many are under way. */
  open(to: Endpoint, purpose: Purpose, now: number): Uint8Array | undefined {
    if (this.size >= Math.min(this.#limits.transactions, IDS)) return undefined;
    const drawn = this.#random(ID_BYTES);
    let id = (drawn[0]! << 8) | drawn[1]!;
    while (this.#waiting.some((waiting) => waiting.has(id))) id = (id + 1) % IDS;
    this.#waiting[0]!.set(id, { to, sentAt: now, purpose });
    return idBytes(id);
  }

  /** The request that a packet answers, which is over then; undefined if it answers none. */
  take(id: Uint8Array, from: Endpoint): Transaction<Purpose> | undefined {
    if (id.length !== ID_BYTES) return undefined;
    const number = (id[0]! << 8) | id[1]!;
    for (const waiting of this.#waiting) {
      const found = waiting.get(number);
      if (found === undefined) continue;
      if (!this.#isSource(found.to, from)) return undefined;
      waiting.delete(number);
      return found;
    }
    return undefined;
  }

  /** Forgets a request that was not sent after all. */
  cancel(id: Uint8Array): void {
    for (const waiting of this.#waiting) waiting.delete((id[0]! << 8) | id[1]!);
  }

  /** What has become later by now, and how late; lost requests are over. */
  takeLate(now: number): LateTransaction<Purpose>[] {
    const found: LateTransaction<Purpose>[] = [];
    for (const [stage, waiting] of this.#waiting.entries()) {
      for (const [id, transaction] of waiting) {
        if (now < transaction.sentAt + this.#msOf(stage)) break;
        waiting.delete(id);
        this.#waiting[stage + 1]?.set(id, transaction);
        found.push({ id: idBytes(id), transaction, lateness: STAGES[stage + 1]! });
      }
    }
    return found;
  }

  /** When something becomes later next, ms. */
  nextDeadline(): number | undefined {
    let next: number | undefined;
    for (const [stage, waiting] of this.#waiting.entries()) {
      for (const { sentAt } of waiting.values()) {
        next = Math.min(next ?? Number.POSITIVE_INFINITY, sentAt + this.#msOf(stage));
        break;
      }
    }
    return next;
  }

  #msOf(stage: number): number {
    const { softTimeoutMs, patienceMs, hardTimeoutMs } = this.#limits;
    return [softTimeoutMs, patienceMs, hardTimeoutMs][stage]!;
  }

  #isSource(to: Endpoint, from: Endpoint): boolean {
    if (endpointKey(to) === endpointKey(from)) return true;
    return this.#group(to, ADDRESS_BITS) === this.#group(from, ADDRESS_BITS);
  }
}

function idBytes(id: number): Uint8Array {
  return Uint8Array.of(id >> 8, id & 0xff);
}

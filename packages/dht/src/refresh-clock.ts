import type { DhtLimits } from './limits.ts';
import { type RandomBytes, randomFraction } from './random.ts';
import type { StoredItem } from './value-store.ts';

/** How far a period is spread, to both sides. */
const SPREAD = 0.1;

/**
 * Decides when a held value is put again next (DHT-30): after a period, spread so that nodes do not act at once, and with a gap
 * between one value and the next.
 */
export class RefreshClock {
  readonly #limits: DhtLimits;
  readonly #random: RandomBytes;
  #confirmedAt = 0;
  #localAt = 0;
  #next: number | undefined;

  /** Spreads by `random`. */
  constructor(limits: DhtLimits, random: RandomBytes) {
    this.#limits = limits;
    this.#random = random;
  }

  /** When the first of the values is due, ms; undefined where none is known to be. */
  get next(): number | undefined {
    return this.#next;
  }

  /** Sets the next time of a value. */
  schedule(item: StoredItem, now: number): void {
    const { valueRefreshMs, localRefreshMs, valueRefreshGapMs } = this.#limits;
    const spread = 1 - SPREAD + 2 * SPREAD * randomFraction(this.#random);
    const period = item.confirmed ? valueRefreshMs : localRefreshMs;
    const last = item.confirmed ? this.#confirmedAt : this.#localAt;
    const at = Math.max(last + valueRefreshGapMs, now + Math.floor(period * spread));
    if (item.confirmed) this.#confirmedAt = at;
    else this.#localAt = at;
    item.refreshAt = at;
    this.#next = Math.min(this.#next ?? at, at);
  }

  /** The values that are due. Those that were loaded get a time first, spread over a whole period. */
  takeDue(items: Iterable<StoredItem>, now: number): StoredItem[] {
    const due: StoredItem[] = [];
    this.#next = undefined;
    for (const item of items) {
      if (item.refreshAt === undefined) {
        const { valueRefreshMs, localRefreshMs } = this.#limits;
        item.refreshAt = now + localRefreshMs + Math.floor(valueRefreshMs * randomFraction(this.#random));
      }
      if (item.refreshAt <= now) due.push(item);
      else this.#next = Math.min(this.#next ?? item.refreshAt, item.refreshAt);
    }
    for (const item of due) this.schedule(item, now);
    return due;
  }

  /** Makes the next {@link takeDue} look at all values: some were loaded. */
  loaded(): void {
    this.#next = 0;
  }
}

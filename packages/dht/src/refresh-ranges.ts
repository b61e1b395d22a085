import type { DhtLimits } from './limits.ts';

/** A range of ids, by the number of leading bits that they have in common with the own one, and when it is due, ms. */
export interface DueRange {
  readonly range: number;
  readonly at: number;
}

/**
 * Decides which part of the network a node looks at again, so that it can find its way everywhere (DHT-34; Kademlia, section 2.3).
 * Ranges count from 0, the ids of which not even the first bit is the own one, to that of the nearest node that ever answered.
 */
export class RefreshRanges {
  readonly #limits: DhtLimits;
  /** When a search last went through each range; undefined for never. */
  readonly #touchedAt: (number | undefined)[] = [];
  #refreshedAt = Number.NEGATIVE_INFINITY;
  #next: DueRange | undefined;

  /** No range yet. */
  constructor(limits: DhtLimits) {
    this.#limits = limits;
  }

  /** There is a node in this range, so all up to it count. The own id is in none. */
  reach(range: number): void {
    if (range < this.#touchedAt.length || range >= this.#limits.idBytes * 8) return;
    while (this.#touchedAt.length <= range) this.#touchedAt.push(undefined);
    this.#next = this.#find();
  }

  /** A search goes through a range. */
  touch(range: number, now: number): void {
    if (range >= this.#touchedAt.length) return;
    this.#touchedAt[range] = now;
    this.#next = this.#find();
  }

  /** A range is being refreshed. */
  refreshed(range: number, now: number): void {
    this.#refreshedAt = now;
    this.touch(range, now);
  }

  /** The range that is due next. */
  next(): DueRange | undefined {
    return this.#next;
  }

  /** One that was never looked at first, the farthest of them; else the one looked at longest ago. */
  #find(): DueRange | undefined {
    const { bucketRefreshMs, bucketRefreshGapMs, joinRefreshGapMs } = this.#limits;
    const fresh = this.#touchedAt.indexOf(undefined);
    if (fresh >= 0) return { range: fresh, at: Math.max(0, this.#refreshedAt + joinRefreshGapMs) };
    let stale = 0;
    for (const [range, at] of this.#touchedAt.entries()) if (at! < this.#touchedAt[stale]!) stale = range;
    const touchedAt = this.#touchedAt[stale];
    if (touchedAt === undefined) return undefined;
    return { range: stale, at: Math.max(touchedAt + bucketRefreshMs, this.#refreshedAt + bucketRefreshGapMs) };
  }
}

import { RecentSet } from './recent-set.ts';

/** What a {@link NetworkClock} is bounded by. */
interface ClockLimits {
  readonly clockSamples: number;
  readonly clockLeastSamples: number;
  readonly clockOffsetSeconds: number;
}

/**
 * The node's clock, moved by the median of what its peers say (CHAIN-73). One sample a group of addresses; the median counts
 * where there is an odd number of at least five samples, the node's own zero among them, and is dropped where it is 70 minutes or more.
 */
export class NetworkClock {
  readonly #limits: ClockLimits;
  readonly #known: RecentSet;
  readonly #samples: number[] = [0];
  #offset = 0;

  constructor(limits: ClockLimits) {
    this.#limits = limits;
    this.#known = new RecentSet(limits.clockSamples);
  }

  /** Seconds by which the network's clock is ahead. */
  get offset(): number {
    return this.#offset;
  }

  /** Takes a peer's clock, in seconds, into account. */
  add(group: string, peerSeconds: number, nowSeconds: number): void {
    if (!this.#known.add(group)) return;
    this.#samples.push(peerSeconds - nowSeconds);
    if (this.#samples.length > this.#limits.clockSamples) this.#samples.shift();
    if (this.#samples.length < this.#limits.clockLeastSamples || this.#samples.length % 2 === 0) return;
    const median = [...this.#samples].sort((left, right) => left - right)[(this.#samples.length - 1) / 2]!;
    this.#offset = Math.abs(median) < this.#limits.clockOffsetSeconds ? median : 0;
  }
}

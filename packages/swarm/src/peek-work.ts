import { nextDifficulty } from './difficulty.ts';

const SECOND_MS = 1000;
/** Longer ago than it takes to come back to the least difficulty, but for the unluckiest. */
const MOST_SECONDS = 86_400;

/** The difficulty of the peek extension over time (SWARM-10). Seconds that have passed are counted when somebody asks. */
export class PeekWork {
  #nbits: number;
  #requests = 0;
  #second: number | undefined;
  readonly #least: number;
  readonly #chance: () => number;

  /** `least` is the difficulty to begin with and to come back to; `chance` draws a number of 0 ≤ chance < 1. */
  constructor(least: number, chance: () => number) {
    this.#nbits = least;
    this.#least = least;
    this.#chance = chance;
  }

  /** The difficulty to announce at this time. */
  nbits(now: number): number {
    const second = Math.floor(now / SECOND_MS);
    let from = Math.max(this.#second ?? second, second - MOST_SECONDS);
    // With the least difficulty and no requests nothing can change any more.
    while (from < second && (this.#nbits > this.#least || this.#requests > 0)) {
      this.#nbits = nextDifficulty(this.#nbits, this.#requests, this.#nbits > this.#least ? this.#chance() : 1);
      this.#requests = 0;
      from += 1;
    }
    this.#second = Math.max(second, from);
    return this.#nbits;
  }

  /** Counts a request that was authorised by its nonce. */
  count(now: number): void {
    this.nbits(now);
    this.#requests += 1;
  }
}

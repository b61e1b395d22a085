/** Counts what comes in, and forgets it exponentially. */
export class RateMeter {
  readonly #decayMs: number;
  #amount = 0;
  #since = 0;

  /** `decayMs`: milliseconds in which an amount falls to 1/e. */
  constructor(decayMs: number) {
    this.#decayMs = decayMs;
  }

  /** What is left of all that was added, at a time in milliseconds. */
  at(now: number): number {
    return this.#amount * Math.exp(-Math.max(0, now - this.#since) / this.#decayMs);
  }

  add(amount: number, now: number): void {
    this.#amount = this.at(now) + amount;
    this.#since = Math.max(now, this.#since);
  }
}

/**
 * A bound on bytes a second, with what was not used saved for some seconds (DHT-40, DHT-44).
 * Starts full. A rate of 0 is no bound.
 */
export class Allowance {
  readonly #bytesPerMs: number;
  readonly #most: number;
  #left: number;
  #at: number | undefined;

  /** `burstSeconds` is for how long unused bytes are saved. */
  constructor(bytesPerSecond: number, burstSeconds: number) {
    this.#bytesPerMs = bytesPerSecond / 1000;
    this.#most = bytesPerSecond * burstSeconds;
    this.#left = this.#most;
  }

  /** Takes this many bytes if so many are left. */
  take(bytes: number, now: number): boolean {
    if (this.#bytesPerMs === 0) return true;
    this.#left = Math.min(this.#most, this.#left + (now - (this.#at ?? now)) * this.#bytesPerMs);
    this.#at = now;
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }
}

/**
 * A bound on bytes, or other things, a second, with what was not used saved for some seconds (DHT-36, DHT-40, DHT-44).
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

  /** When as many as these bytes will be left, ms; of no bound, at once. */
  timeOf(bytes: number): number {
    if (this.#bytesPerMs === 0 || this.#at === undefined) return 0;
    return this.#at + Math.max(0, Math.ceil((bytes - this.#left) / this.#bytesPerMs));
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

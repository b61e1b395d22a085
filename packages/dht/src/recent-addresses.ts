/**
 * Remembers groups of addresses for some time: those that proved to receive what is sent to them, those that were asked to (DHT-40).
 * At most so many; the one noted longest ago goes first.
 */
export class RecentAddresses {
  readonly #most: number;
  readonly #ms: number;
  readonly #until = new Map<string, number>();

  /** Remembers `most` groups for `ms`. */
  constructor(most: number, ms: number) {
    this.#most = most;
    this.#ms = ms;
  }

  /** Notes a group. */
  add(group: string, now: number): void {
    this.#until.delete(group);
    if (this.#until.size >= this.#most) {
      const [oldest] = this.#until.keys();
      if (oldest !== undefined) this.#until.delete(oldest);
    }
    this.#until.set(group, now + this.#ms);
  }

  /** Whether it was noted, and not too long ago. */
  has(group: string, now: number): boolean {
    return (this.#until.get(group) ?? Number.NEGATIVE_INFINITY) > now;
  }
}

/**
 * Counts events of keys within a window that starts with the first of them. At most `cap` keys are remembered: one more
 * makes the oldest forgotten, so that its count starts anew.
 */
export class WindowCounter {
  private readonly counts = new Map<string, { since: number; count: number }>();
  private readonly windowMs: number;
  private readonly cap: number;

  constructor(windowMs: number, cap: number) {
    this.windowMs = windowMs;
    this.cap = cap;
  }

  /** Keys remembered now. */
  get size(): number {
    return this.counts.size;
  }

  /** Counts one event and gives how many there were in the window, this one included. */
  count(key: string, now: number): number {
    const entry = this.counts.get(key);
    if (entry !== undefined && now - entry.since < this.windowMs) {
      entry.count += 1;
      return entry.count;
    }
    this.counts.delete(key);
    if (this.counts.size >= this.cap) {
      const oldest = this.counts.keys().next();
      if (!oldest.done) this.counts.delete(oldest.value);
    }
    this.counts.set(key, { since: now, count: 1 });
    return 1;
  }
}

/**
 * Lets the same thing be done again after a time that doubles with every repetition, up to `mostDoublings` times. At most
 * `cap` keys are remembered: one more makes the one forgotten that has been quiet longest.
 */
export class Backoff {
  private readonly entries = new Map<string, { at: number; done: number }>();
  private readonly firstMs: number;
  private readonly mostDoublings: number;
  private readonly cap: number;

  constructor(firstMs: number, mostDoublings: number, cap: number) {
    this.firstMs = firstMs;
    this.mostDoublings = mostDoublings;
    this.cap = cap;
  }

  /** Keys remembered now. */
  get size(): number {
    return this.entries.size;
  }

  /** Whether the thing may be done now; if so, counts it. */
  allows(key: string, now: number): boolean {
    const entry = this.entries.get(key);
    const doublings = Math.min((entry?.done ?? 1) - 1, this.mostDoublings);
    if (entry !== undefined && now - entry.at < this.firstMs * 2 ** doublings) return false;
    this.entries.delete(key);
    if (this.entries.size >= this.cap) {
      const oldest = this.entries.keys().next();
      if (!oldest.done) this.entries.delete(oldest.value);
    }
    this.entries.set(key, { at: now, done: (entry?.done ?? 0) + 1 });
    return true;
  }
}

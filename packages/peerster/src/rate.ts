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

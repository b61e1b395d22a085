import { FIRST_ALARM } from './event-kinds.ts';

const SPAN = 4_096;
const WORDS = SPAN / 32;
const NONE = -1;
const INITIAL = 256;

/**
 * What is to happen, in the order of its time and, within a millisecond, of its scheduling (SIM-1).
 * A timing wheel of one bucket a millisecond holds the next four seconds, a binary heap all that is later; fields lie
 * in typed arrays, so that scheduling allocates nothing but what the arrays grow by.
 */
export class EventQueue {
  /** Events that wait. */
  size = 0;
  /** Those among them that are no alarms. */
  busy = 0;
  /** Time of the event taken last, in ms since the start. */
  now = 0;
  /** Fields of an event, by slot: when, what, and whatever the kind needs. */
  at: Float64Array = new Float64Array(INITIAL);
  kind: Uint8Array = new Uint8Array(INITIAL);
  a: Int32Array = new Int32Array(INITIAL);
  b: Int32Array = new Int32Array(INITIAL);
  from: Float64Array = new Float64Array(INITIAL);
  to: Float64Array = new Float64Array(INITIAL);
  since: Float64Array = new Float64Array(INITIAL);
  readonly bytes: (Uint8Array | undefined)[] = new Array(INITIAL).fill(undefined);

  private next: Int32Array = new Int32Array(INITIAL);
  private free = NONE;
  private used = 0;
  private readonly heads = new Int32Array(SPAN).fill(NONE);
  private readonly tails = new Int32Array(SPAN).fill(NONE);
  private readonly occupied = new Int32Array(WORDS);
  private inWheel = 0;
  private heap: Int32Array = new Int32Array(INITIAL);
  private order: Float64Array = new Float64Array(INITIAL);
  private heaped = 0;
  private count = 0;

  /**
   * Schedules an event and returns its slot. `at` must not be before {@link now}. With `first`, it goes before all that
   * waits for the same millisecond.
   */
  push(at: number, kind: number, a: number, b: number, first = false): number {
    const slot = this.take();
    this.at[slot] = at;
    this.kind[slot] = kind;
    this.a[slot] = a;
    this.b[slot] = b;
    this.size += 1;
    if (kind < FIRST_ALARM) this.busy += 1;
    if (at < this.now + SPAN) this.link(slot, at, first);
    else this.sift(slot, first);
    return slot;
  }

  /** Takes the next event and moves {@link now} to it; −1 when nothing waits. The slot stays valid until `release`. */
  pop(): number {
    if (this.size === 0) return NONE;
    let bucket = this.now % SPAN;
    let slot = this.heads[bucket] as number;
    if (slot === NONE) {
      this.advance(this.nextTime());
      bucket = this.now % SPAN;
      slot = this.heads[bucket] as number;
    }
    const after = this.next[slot] as number;
    this.heads[bucket] = after;
    if (after === NONE) {
      this.tails[bucket] = NONE;
      const word = bucket >>> 5;
      this.occupied[word] = (this.occupied[word] as number) & ~(1 << (bucket & 31));
    }
    this.inWheel -= 1;
    this.size -= 1;
    if ((this.kind[slot] as number) < FIRST_ALARM) this.busy -= 1;
    return slot;
  }

  /** Gives the slot of a taken event back. */
  release(slot: number): void {
    this.bytes[slot] = undefined;
    this.next[slot] = this.free;
    this.free = slot;
  }

  /** Time of the next event, `Infinity` when nothing waits. */
  nextTime(): number {
    if (this.heads[this.now % SPAN] !== NONE) return this.now;
    if (this.inWheel === 0)
      return this.heaped === 0 ? Number.POSITIVE_INFINITY : (this.at[this.heap[0] as number] as number);
    const start = this.now % SPAN;
    let word = start >>> 5;
    let bits = (this.occupied[word] as number) & (-1 << (start & 31));
    while (bits === 0) {
      word = (word + 1) % WORDS;
      bits = this.occupied[word] as number;
    }
    const bucket = word * 32 + (31 - Math.clz32(bits & -bits));
    return this.now + ((bucket - start + SPAN) % SPAN);
  }

  /** Moves time forward to at most the next event. */
  advance(to: number): void {
    this.now = to;
    const horizon = to + SPAN;
    while (this.heaped > 0 && (this.at[this.heap[0] as number] as number) < horizon) {
      const slot = this.unheap();
      this.link(slot, this.at[slot] as number, false);
    }
  }

  private link(slot: number, at: number, first: boolean): void {
    const bucket = at % SPAN;
    const head = this.heads[bucket] as number;
    this.inWheel += 1;
    if (head === NONE) {
      this.heads[bucket] = slot;
      this.tails[bucket] = slot;
      this.next[slot] = NONE;
      const word = bucket >>> 5;
      this.occupied[word] = (this.occupied[word] as number) | (1 << (bucket & 31));
    } else if (first) {
      this.next[slot] = head;
      this.heads[bucket] = slot;
    } else {
      this.next[slot] = NONE;
      this.next[this.tails[bucket] as number] = slot;
      this.tails[bucket] = slot;
    }
  }

  private take(): number {
    const slot = this.free;
    if (slot !== NONE) {
      this.free = this.next[slot] as number;
      return slot;
    }
    if (this.used === this.at.length) this.grow();
    this.used += 1;
    return this.used - 1;
  }

  private grow(): void {
    const length = this.at.length * 2;
    this.at = grown(this.at, new Float64Array(length));
    this.kind = grown(this.kind, new Uint8Array(length));
    this.a = grown(this.a, new Int32Array(length));
    this.b = grown(this.b, new Int32Array(length));
    this.from = grown(this.from, new Float64Array(length));
    this.to = grown(this.to, new Float64Array(length));
    this.since = grown(this.since, new Float64Array(length));
    this.next = grown(this.next, new Int32Array(length));
    this.heap = grown(this.heap, new Int32Array(length));
    this.order = grown(this.order, new Float64Array(length));
    for (let slot = this.bytes.length; slot < length; slot += 1) this.bytes.push(undefined);
  }

  private before(left: number, right: number): boolean {
    const difference = (this.at[left] as number) - (this.at[right] as number);
    return difference < 0 || (difference === 0 && (this.order[left] as number) < (this.order[right] as number));
  }

  private sift(slot: number, first: boolean): void {
    this.count += 1;
    this.order[slot] = first ? -this.count : this.count;
    let hole = this.heaped;
    this.heaped += 1;
    while (hole > 0) {
      const parent = (hole - 1) >>> 1;
      const above = this.heap[parent] as number;
      if (!this.before(slot, above)) break;
      this.heap[hole] = above;
      hole = parent;
    }
    this.heap[hole] = slot;
  }

  private unheap(): number {
    const top = this.heap[0] as number;
    this.heaped -= 1;
    const moved = this.heap[this.heaped] as number;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= this.heaped) break;
      if (child + 1 < this.heaped && this.before(this.heap[child + 1] as number, this.heap[child] as number))
        child += 1;
      const below = this.heap[child] as number;
      if (!this.before(below, moved)) break;
      this.heap[hole] = below;
      hole = child;
    }
    this.heap[hole] = moved;
    return top;
  }
}

function grown<T extends Float64Array | Int32Array | Uint8Array>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}

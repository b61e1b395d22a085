import { chanceBound, DRAWS, mix } from './draw.ts';

/**
 * A seeded stream of random numbers for an engine or a test (xoshiro128**, Blackman and Vigna 2018).
 * Integer arithmetic only, so every runtime draws the same. Not for secrets.
 */
export class Random {
  private s0: number;
  private s1: number;
  private s2: number;
  private s3: number;

  /** A stream that depends on `seed` (any safe integer) alone. */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed)) throw new RangeError(`a seed is a safe integer, not ${seed}`);
    const low = mix(seed % DRAWS);
    const high = Math.floor(seed / DRAWS);
    this.s0 = mix(low ^ 0x243f_6a88);
    this.s1 = mix(this.s0 + high);
    this.s2 = mix(this.s1 ^ 0x13_198a2e);
    this.s3 = mix(this.s2 + 1) | 1;
  }

  /** The next uniform integer 0 … 2^32−1. */
  uint32(): number {
    const scrambled = Math.imul(this.s1, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9);
    const shifted = this.s1 << 9;
    this.s2 ^= this.s0;
    this.s3 ^= this.s1;
    this.s1 ^= this.s2;
    this.s0 ^= this.s3;
    this.s2 ^= shifted;
    this.s3 = (this.s3 << 11) | (this.s3 >>> 21);
    return result >>> 0;
  }

  /** A uniform integer 0 … count−1, without bias; `count` is 1 … 2^32. */
  below(count: number): number {
    if (!(Number.isInteger(count) && count >= 1 && count <= DRAWS)) {
      throw new RangeError(`a count lies between 1 and 2^32, not ${count}`);
    }
    const fair = DRAWS - (DRAWS % count);
    let drawn = this.uint32();
    while (drawn >= fair) drawn = this.uint32();
    return drawn % count;
  }

  /** A uniform integer min … max, both included; they lie less than 2^32 apart. */
  between(min: number, max: number): number {
    return min + this.below(max - min + 1);
  }

  /** True with this chance (0 … 1), to 32 bits. */
  chance(chance: number): boolean {
    return this.uint32() < chanceBound(chance);
  }

  /** This many fresh random bytes. */
  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; at += 4) {
      const word = this.uint32();
      bytes[at] = word;
      if (at + 1 < length) bytes[at + 1] = word >>> 8;
      if (at + 2 < length) bytes[at + 2] = word >>> 16;
      if (at + 3 < length) bytes[at + 3] = word >>> 24;
    }
    return bytes;
  }

  /** One of the items; throws a `RangeError` when there are none. */
  pick<T>(items: readonly T[]): T {
    if (items.length === 0) throw new RangeError('nothing to pick from');
    return items[this.below(items.length)] as T;
  }

  /** The items in a random order, as a new array. */
  shuffle<T>(items: readonly T[]): T[] {
    const shuffled = [...items];
    for (let last = shuffled.length - 1; last > 0; last -= 1) {
      const other = this.below(last + 1);
      const held = shuffled[last] as T;
      shuffled[last] = shuffled[other] as T;
      shuffled[other] = held;
    }
    return shuffled;
  }
}

import type { FilterLoad } from '@rookery/wire';

const SEED_STEP = 0xfba4c795;
const MATCH_ALL = 0xff;

/** A peer's Bloom filter over transaction ids (BIP 37, CHAIN-80). */
export class BloomFilter {
  readonly #data: Uint8Array;
  readonly #hashFuncs: number;
  readonly #tweak: number;

  /** The filter is copied. It must have at least one byte: nothing can be looked up in an empty one (W11). */
  constructor({ data, hashFuncs, tweak }: FilterLoad) {
    if (data.length === 0) throw new RangeError('a filter needs at least one byte');
    this.#data = data.slice();
    this.#hashFuncs = hashFuncs;
    this.#tweak = tweak;
  }

  /** Whether the filter may have been told of these bytes. */
  contains(bytes: Uint8Array): boolean {
    if (this.#matchesAll()) return true;
    for (let index = 0; index < this.#hashFuncs; index += 1) {
      const bit = this.#bitOf(index, bytes);
      if ((this.#data[bit >>> 3]! & (1 << (bit & 7))) === 0) return false;
    }
    return true;
  }

  /** Tells the filter of bytes. */
  add(bytes: Uint8Array): void {
    if (this.#matchesAll()) return;
    for (let index = 0; index < this.#hashFuncs; index += 1) {
      const bit = this.#bitOf(index, bytes);
      this.#data[bit >>> 3]! |= 1 << (bit & 7);
    }
  }

  #matchesAll(): boolean {
    return this.#data.length === 1 && this.#data[0] === MATCH_ALL;
  }

  #bitOf(index: number, bytes: Uint8Array): number {
    return murmur3((Math.imul(index, SEED_STEP) + this.#tweak) >>> 0, bytes) % (8 * this.#data.length);
  }
}

/** MurmurHash3, the 32-bit variant for x86: a uint32. */
export function murmur3(seed: number, bytes: Uint8Array): number {
  let hash = seed | 0;
  const whole = bytes.length - (bytes.length & 3);
  for (let at = 0; at < whole; at += 4) {
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    hash ^= scramble(word);
    hash = Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64;
  }
  let rest = 0;
  for (let at = bytes.length - 1; at >= whole; at -= 1) rest = (rest << 8) | bytes[at]!;
  if (bytes.length > whole) hash ^= scramble(rest);
  hash ^= bytes.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function scramble(word: number): number {
  const mixed = Math.imul(word, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}

const WORD_BITS = 32;
const BYTE_BITS = 8;
const FIRST_BIT = 0x80000000;
const ALL_BITS = 0xffffffff;
/** All bits but the first. */
const LAST_BITS = 0x7fffffff;
const LEAST_WORDS = 4;

/** A set of piece numbers, one bit each: memory is the greatest number ever added, divided by 8. Numbers are safe integers ≥ 0. */
export class PieceSet {
  #words = new Uint32Array(0);

  has(piece: number): boolean {
    return ((this.#words[Math.floor(piece / WORD_BITS)] ?? 0) & (FIRST_BIT >>> (piece % WORD_BITS))) !== 0;
  }

  add(piece: number): void {
    const word = Math.floor(piece / WORD_BITS);
    this.#reserve(word + 1);
    this.#words[word]! |= FIRST_BIT >>> (piece % WORD_BITS);
  }

  delete(piece: number): void {
    const word = Math.floor(piece / WORD_BITS);
    if (word < this.#words.length) this.#words[word]! &= ~(FIRST_BIT >>> (piece % WORD_BITS));
  }

  clear(): void {
    this.#words = new Uint32Array(0);
  }

  /** Replaces the set by what a bitfield says: most significant bit of byte 0 first. */
  load(bitfield: Uint8Array): void {
    const words = new Uint32Array(Math.ceil((BYTE_BITS * bitfield.length) / WORD_BITS));
    for (let byte = 0; byte < bitfield.length; byte += 1) words[byte >> 2]! |= bitfield[byte]! << (24 - 8 * (byte & 3));
    this.#words = words;
  }

  /** Replaces the set by 0 … count − 1. */
  fill(count: number): void {
    this.#words = new Uint32Array(Math.ceil(count / WORD_BITS)).fill(ALL_BITS);
    const last = count % WORD_BITS;
    if (last !== 0) this.#words[this.#words.length - 1] = ~(ALL_BITS >>> last);
  }

  /** The least member that is at least `from` and in none of the other sets, or −1. Looks at 32 numbers at once. */
  next(from: number, without: readonly PieceSet[] = []): number {
    let word = Math.floor(from / WORD_BITS);
    let mask = ALL_BITS >>> (from % WORD_BITS);
    for (; word < this.#words.length; word += 1) {
      let bits = this.#words[word]! & mask;
      if (bits !== 0) for (const other of without) bits &= ~(other.#words[word] ?? 0);
      if (bits !== 0) return WORD_BITS * word + Math.clz32(bits);
      mask = ALL_BITS;
    }
    return -1;
  }

  /** The greatest member that is at most `upTo`, or −1. */
  greatest(upTo: number): number {
    let word = Math.min(Math.floor(upTo / WORD_BITS), this.#words.length - 1);
    let mask = word === Math.floor(upTo / WORD_BITS) ? ~(LAST_BITS >>> (upTo % WORD_BITS)) : ALL_BITS;
    for (; word >= 0; word -= 1) {
      const bits = this.#words[word]! & mask;
      if (bits !== 0) return WORD_BITS * word + Math.clz32(bits & -bits);
      mask = ALL_BITS;
    }
    return -1;
  }

  /** Members from `from` to `upTo`, rising. */
  *values(from: number, upTo: number): IterableIterator<number> {
    for (let piece = this.next(from); piece >= 0 && piece <= upTo; piece = this.next(piece + 1)) yield piece;
  }

  /** The bitfield of the members up to `upTo`, in so many bytes: what has no room there is left out. */
  bitfield(bytes: number, upTo: number): Uint8Array {
    const bitfield = Uint8Array.from(
      { length: bytes },
      (_, byte) => (this.#words[byte >> 2] ?? 0) >>> (24 - 8 * (byte & 3)),
    );
    const last = Math.floor((upTo + 1) / BYTE_BITS);
    if (last < bytes) {
      bitfield[last]! &= ~(0xff >>> ((upTo + 1) % BYTE_BITS));
      bitfield.fill(0, last + 1);
    }
    return bitfield;
  }

  #reserve(words: number): void {
    if (words <= this.#words.length) return;
    const grown = new Uint32Array(Math.max(words, 2 * this.#words.length, LEAST_WORDS));
    grown.set(this.#words);
    this.#words = grown;
  }
}

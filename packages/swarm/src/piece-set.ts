const WORD_BITS = 32;
const BYTE_BITS = 8;
const FIRST_BIT = 0x80000000;
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
    this.#words = new Uint32Array(Math.ceil(count / WORD_BITS)).fill(0xffffffff);
    const last = count % WORD_BITS;
    if (last !== 0) this.#words[this.#words.length - 1]! = ~(0xffffffff >>> last);
  }

  /** The least member that is at least `from` and in none of the other sets, or −1. Looks at 32 numbers at once. */
  next(from: number, without: readonly PieceSet[] = []): number {
    let word = Math.floor(from / WORD_BITS);
    let mask = 0xffffffff >>> (from % WORD_BITS);
    for (; word < this.#words.length; word += 1) {
      let bits = this.#words[word]! & mask;
      if (bits !== 0) for (const other of without) bits &= ~(other.#words[word] ?? 0);
      if (bits !== 0) return WORD_BITS * word + Math.clz32(bits);
      mask = 0xffffffff;
    }
    return -1;
  }

  /** The greatest member, or −1. */
  greatest(): number {
    let word = this.#words.length - 1;
    while (word >= 0 && this.#words[word] === 0) word -= 1;
    if (word < 0) return -1;
    const bits = this.#words[word]!;
    return WORD_BITS * word + Math.clz32(bits & -bits);
  }

  /** All members, rising. */
  *values(): IterableIterator<number> {
    for (let piece = this.next(0); piece >= 0; piece = this.next(piece + 1)) yield piece;
  }

  #reserve(words: number): void {
    if (words <= this.#words.length) return;
    const grown = new Uint32Array(Math.max(words, 2 * this.#words.length, LEAST_WORDS));
    grown.set(this.#words);
    this.#words = grown;
  }
}

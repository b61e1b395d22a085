/** 2^32, the number of values of a draw. */
export const DRAWS = 0x1_0000_0000;

const GOLDEN = 0x9e37_79b9;

/**
 * Purposes of keyed draws. A purpose is part of the key, so that no draw can depend on how many others were made:
 * taking a node or a fault out of a run leaves the luck of everybody else as it was (SIM-2).
 */
export const PURPOSE = {
  node: 1,
  plan: 2,
  datagram: 3,
  deadline: 4,
  stream: 5,
  host: 6,
} as const;

/** Scrambles 32 bits; a bijection (the finaliser of MurmurHash3). Returns a signed 32-bit integer. */
export function mix(word: number): number {
  let x = word ^ (word >>> 16);
  x = Math.imul(x, 0x85eb_ca6b);
  x ^= x >>> 13;
  x = Math.imul(x, 0xc2b2_ae35);
  return x ^ (x >>> 16);
}

/** The key of a whole run: a seed (0 … 2^53−1) in 32 bits. */
export function seedKey(seed: number): number {
  return mix(mix((seed % DRAWS) ^ GOLDEN) + Math.floor(seed / DRAWS));
}

/**
 * The key of one decision of a run, from up to five integers that name it. Integers beyond 32 bits count modulo 2^32.
 * Whole numbers only: `Math.imul`, shifts and xor are exact on every runtime.
 */
export function drawKey(run: number, purpose: number, a: number, b: number, c: number, d: number): number {
  let key = mix(run ^ Math.imul(purpose, GOLDEN));
  key = mix((key ^ a) + GOLDEN);
  key = mix((key ^ b) + GOLDEN);
  key = mix((key ^ c) + GOLDEN);
  return mix((key ^ d) + GOLDEN);
}

/** Draw number `index` under a key: a uniform integer 0 … 2^32−1. */
export function draw(key: number, index: number): number {
  return mix(key + Math.imul(index + 1, GOLDEN)) >>> 0;
}

/** The bound below which a draw means "yes" with this chance (0 … 1); the product with 2^32 is exact. */
export function chanceBound(chance: number): number {
  if (!(chance >= 0 && chance <= 1)) throw new RangeError(`a chance lies between 0 and 1, not ${chance}`);
  return Math.floor(chance * DRAWS);
}

/** A uniform integer 0 … count−1 from a draw, with a bias below count / 2^32. */
export function scale(drawn: number, count: number): number {
  return Math.floor((drawn * count) / DRAWS);
}

import { chacha20 } from '@noble/ciphers/chacha.js';

/** Where random bytes come from: a cryptographic source of the platform, or a seeded one where a run must repeat. */
export type RandomSource = (length: number) => Uint8Array;

const SEED_BYTES = 32;
const NONCE_BYTES = 12;
const POOL_BYTES = 1_024;
const WORD_RANGE = 2 ** 32;

/**
 * A repeatable source: the ChaCha20 key stream (RFC 8439) of a seed of 32 bytes, in pools of 1,024 bytes whose nonce
 * counts up. Anybody who knows the seed knows every byte. Another length of the seed throws `RangeError`.
 */
export function seededRandom(seed: Uint8Array): RandomSource {
  if (seed.length !== SEED_BYTES) throw new RangeError(`a seed has ${SEED_BYTES} bytes, not ${seed.length}`);
  const key = seed.slice();
  const nonce = new Uint8Array(NONCE_BYTES);
  let pool: Uint8Array = new Uint8Array(0);
  let used = 0;
  return (length) => {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; ) {
      if (used === pool.length) {
        pool = chacha20(key, nonce, new Uint8Array(POOL_BYTES));
        used = 0;
        countUp(nonce);
      }
      const taken = Math.min(length - at, pool.length - used);
      bytes.set(pool.subarray(used, used + taken), at);
      at += taken;
      used += taken;
    }
    return bytes;
  };
}

/** A uniform integer from 0 to `bound` − 1; `bound` lies in 1 … 2^32. Draws four bytes, seldom more. */
export function randomBelow(bound: number, random: RandomSource): number {
  const fair = WORD_RANGE - (WORD_RANGE % bound);
  for (;;) {
    const bytes = random(4);
    const value = ((bytes[0]! << 24) | (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!) >>> 0;
    if (value < fair) return value % bound;
  }
}

/** A fair coin: true for heads. Draws one byte. */
export function flipCoin(random: RandomSource): boolean {
  return random(1)[0]! % 2 === 1;
}

/** Counts a little-endian counter up by one. */
function countUp(counter: Uint8Array): void {
  for (let index = 0; index < counter.length; index += 1) {
    counter[index]! += 1;
    if (counter[index] !== 0) return;
  }
}

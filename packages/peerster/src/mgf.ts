import { sha256 } from '@noble/hashes/sha2.js';

const HASH_BYTES = 32;
const MAX_SEED_BYTES = 256;

/** MGF1 with SHA-256 (RFC 8017 appendix B.2.1): XORs the mask that `seed` gives into `target`, in place. */
export function maskWith(target: Uint8Array, seed: Uint8Array): void {
  if (seed.length > MAX_SEED_BYTES) throw new RangeError('the seed of a mask is at most a modulus long');
  const input = new Uint8Array(seed.length + 4);
  input.set(seed);
  for (let at = 0, counter = 0; at < target.length; at += HASH_BYTES, counter += 1) {
    input[seed.length + 3] = counter;
    const mask = sha256(input);
    const end = Math.min(at + HASH_BYTES, target.length);
    for (let index = at; index < end; index += 1) target[index]! ^= mask[index - at]!;
  }
}

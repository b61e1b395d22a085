import { sha256 } from '@noble/hashes/sha2.js';
import { maskWith } from './mgf.ts';

const HASH_BYTES = 32;
const SEPARATOR = 0x01;

/**
 * EME-OAEP encoding with SHA-256, MGF1-SHA-256 and the empty label (RFC 8017 section 7.1.1; PEERSTER-15): the block of
 * `length` bytes that the public key turns into a ciphertext. `seed` has 32 bytes; a text over `length` − 66 bytes or a
 * seed of another length throws `RangeError`. Decoding is the library's.
 */
export function encodeOaep(text: Uint8Array, seed: Uint8Array, length: number): Uint8Array {
  const room = length - 2 * HASH_BYTES - 2;
  if (text.length > room) throw new RangeError(`a text of ${text.length} bytes exceeds ${room}`);
  if (seed.length !== HASH_BYTES) throw new RangeError(`a seed has ${HASH_BYTES} bytes, not ${seed.length}`);
  const block = new Uint8Array(length);
  const maskedSeed = block.subarray(1, 1 + HASH_BYTES);
  const data = block.subarray(1 + HASH_BYTES);
  data.set(sha256(new Uint8Array(0)));
  data[data.length - text.length - 1] = SEPARATOR;
  data.set(text, data.length - text.length);
  maskWith(data, seed);
  maskedSeed.set(seed);
  maskWith(maskedSeed, data);
  return block;
}

import { sha256 } from '@noble/hashes/sha2.js';
import { equalBytes } from './integers.ts';
import { maskWith } from './mgf.ts';

const HASH_BYTES = 32;
const TRAILER = 0xbc;
const SEPARATOR = 0x01;
const PADDING_BYTES = 8;

/**
 * EMSA-PSS encoding with SHA-256 and MGF1-SHA-256 (RFC 8017 section 9.1.1; PEERSTER-13): the block of
 * ⌈`bits` / 8⌉ bytes that the private key turns into a signature. `bits` is the modulus length less one.
 * A salt that does not fit throws `RangeError`.
 */
export function encodePss(payload: Uint8Array, salt: Uint8Array, bits: number): Uint8Array {
  const length = Math.ceil(bits / 8);
  const zeros = length - salt.length - HASH_BYTES - 2;
  if (zeros < 0) throw new RangeError(`a salt of ${salt.length} bytes does not fit a key of ${bits + 1} bits`);
  const hash = saltedHash(payload, salt);
  const block = new Uint8Array(length);
  const masked = block.subarray(0, length - HASH_BYTES - 1);
  masked[zeros] = SEPARATOR;
  masked.set(salt, zeros + 1);
  maskWith(masked, hash);
  masked[0]! &= topMask(bits);
  block.set(hash, masked.length);
  block[length - 1] = TRAILER;
  return block;
}

/**
 * The salt of an EMSA-PSS block that is right for `payload`, whatever its length, or undefined (RFC 8017 section 9.1.2,
 * with the length of the salt found at the separator instead of given; PEERSTER-13).
 */
export function recoverPssSalt(payload: Uint8Array, block: Uint8Array, bits: number): Uint8Array | undefined {
  const length = Math.ceil(bits / 8);
  if (block.length !== length || length < HASH_BYTES + 2 || block[length - 1] !== TRAILER) return undefined;
  const masked = block.slice(0, length - HASH_BYTES - 1);
  const hash = block.subarray(masked.length, length - 1);
  if ((masked[0]! & ~topMask(bits) & 0xff) !== 0) return undefined;
  maskWith(masked, hash);
  masked[0]! &= topMask(bits);
  let separator = 0;
  while (separator < masked.length && masked[separator] === 0) separator += 1;
  if (masked[separator] !== SEPARATOR) return undefined;
  const salt = masked.subarray(separator + 1);
  return equalBytes(saltedHash(payload, salt), hash) ? salt : undefined;
}

/** Keeps the bits of the first byte that lie below `bits`. */
function topMask(bits: number): number {
  return 0xff >> (8 * Math.ceil(bits / 8) - bits);
}

function saltedHash(payload: Uint8Array, salt: Uint8Array): Uint8Array {
  const input = new Uint8Array(PADDING_BYTES + HASH_BYTES + salt.length);
  input.set(sha256(payload), PADDING_BYTES);
  input.set(salt, PADDING_BYTES + HASH_BYTES);
  return sha256(input);
}

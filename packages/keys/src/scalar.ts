import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';

/** Order of the group of secp256k1 (SEC 2, section 2.4.1). */
export const CURVE_ORDER: bigint = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** Prime of the field of secp256k1 (SEC 2, section 2.4.1). */
export const FIELD_PRIME: bigint = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2fn;

/** Length of scalars, coordinates, digests and secrets. */
const WORD_BYTES = 32;

/** Reads a big-endian integer of any length. */
export function toInteger(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${bytesToHex(bytes)}`);
}

/** Writes a non-negative integer below 2^256 as 32 bytes, big-endian. */
export function toWord(value: bigint): Uint8Array {
  return hexToBytes(value.toString(16).padStart(2 * WORD_BYTES, '0'));
}

/** The residue in 0…modulus−1, also of negative integers. */
export function modulo(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}

/** The inverse of a residue modulo a prime by Euclid; its time depends on the value, so only for public ones. */
export function invertModulo(value: bigint, prime: bigint): bigint {
  let [a, b] = [modulo(value, prime), prime];
  let [x, u] = [0n, 1n];
  while (a !== 0n) {
    const quotient = b / a;
    [b, a] = [a, b - a * quotient];
    [x, u] = [u, x - u * quotient];
  }
  return modulo(x, prime);
}

const ORDER_BYTES: readonly number[] = [...toWord(CURVE_ORDER)];

/** Whether 32 bytes, big-endian, are an integer of 1…n−1: what secrets, r and s must be. */
export function isScalar(bytes: Uint8Array): boolean {
  return bytes.length === WORD_BYTES && isBelowOrder(bytes) && bytes.some((byte) => byte !== 0);
}

/** The 32-byte digest as an integer modulo n; nearly every digest is below n and comes back as it is. */
export function reduceDigest(digest: Uint8Array): Uint8Array {
  return isBelowOrder(digest) ? digest : toWord(toInteger(digest) % CURVE_ORDER);
}

function isBelowOrder(bytes: Uint8Array): boolean {
  for (let index = 0; index < WORD_BYTES; index += 1) {
    const difference = (bytes[index] as number) - (ORDER_BYTES[index] as number);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

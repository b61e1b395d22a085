import { hexToBytes } from '@noble/hashes/utils.js';
import { reject, type Verdict } from '@rookery/wire';
import { decodeBits, POW_LIMIT } from './bits.ts';
import type { ChainCode } from './codes.ts';

/**
 * Writes a target as 32 bytes in wire order, least significant byte first, to compare hashes with.
 * Throws `RangeError` outside 1 … {@link POW_LIMIT}.
 */
export function targetBytes(target: bigint): Uint8Array {
  if (target < 1n || target > POW_LIMIT) throw new RangeError('the target is outside 1 … 2^255 − 1');
  return hexToBytes(target.toString(16).padStart(64, '0')).reverse();
}

/**
 * Compares two 32-byte hashes in wire order as the little-endian numbers they are: negative, zero or positive.
 * Neither input is checked for its length.
 */
export function compareHashes(left: Uint8Array, right: Uint8Array): number {
  for (let at = left.length - 1; at >= 0; at -= 1) {
    const difference = left[at]! - right[at]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * Decides whether a hash shows the work that `bits` ask for (CHAIN-5): hash ≤ target, equality included.
 * `hash` has 32 bytes in wire order. Codes `negative-target`, `zero-target`, `target-above-limit`, `insufficient-work`.
 * No penalty: the rules that use it differ in theirs.
 */
export function checkHash(hash: Uint8Array, bits: number): Verdict<ChainCode> {
  const decoded = decodeBits(bits);
  if (!decoded.ok) return decoded;
  if (compareHashes(hash, targetBytes(decoded.target)) > 0)
    return reject('insufficient-work', 'the hash is above the target');
  return { ok: true };
}

import { sha256 } from '@noble/hashes/sha2.js';

/**
 * The hash of the chain: SHA-256 of SHA-256, 32 bytes in wire order (what twister prints is the reverse). Rule WIRE-4.
 */
export function sha256d(bytes: Uint8Array): Uint8Array {
  return sha256(sha256(bytes));
}

import { ripemd160 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { KEYS_LIMITS } from './limits.ts';

/**
 * Whether bytes have the form of a public key: 33 beginning with `02` or `03`, or 65 beginning with `04`, `06` or `07`.
 * This is all that deployed nodes ask when they look a key up; whether it is a point of the curve is not checked. Rule KEY-1.
 */
export function isPublicKeySyntax(bytes: Uint8Array): boolean {
  switch (bytes[0]) {
    case 2:
    case 3:
      return bytes.length === KEYS_LIMITS.compressedKeyBytes;
    case 4:
    case 6:
    case 7:
      return bytes.length === KEYS_LIMITS.uncompressedKeyBytes;
    default:
      return false;
  }
}

/** The 20-byte id of a serialised public key: RIPEMD-160 of its SHA-256. The two forms of one key have two ids. Rule KEY-2. */
export function keyId(publicKey: Uint8Array): Uint8Array {
  return ripemd160(sha256(publicKey));
}

/**
 * `@rookery/keys/raw`: the signing primitive without the typed rule.
 * Whoever signs a stranger's bytes with it may be signing a key replacement or a post (W2, W23); `signTyped` of the main entry
 * refuses that. It is here for tests, for vectors, and for messages that later versions of the protocol may bring.
 */
import type { CurveBackend } from './backend.ts';
import { messageDigest } from './digest.ts';
import { defaultBackend } from './noble-backend.ts';
import { encodeSignature } from './signature.ts';

/**
 * Signs any bytes: 65 bytes, nonce by RFC 6979, low s. `compressed` says in which form the signer's key is registered.
 * A nonce point with x ≥ n (never yet seen) makes a signature of recovery id 3 that deployed nodes refuse, in half the cases.
 * Throws `RangeError` for a secret outside 1…n−1. Rule KEY-11.
 */
export function signRaw(
  message: Uint8Array,
  secret: Uint8Array,
  compressed: boolean = true,
  backend: CurveBackend = defaultBackend(),
): Uint8Array {
  return encodeSignature({ ...backend.sign(messageDigest(message), secret), compressed });
}

import type { CurveBackend } from './backend.ts';
import { defaultBackend } from './noble-backend.ts';
import { signRaw } from './raw.ts';
import { type Signable, signableBytes } from './signable.ts';

/** With which form of key, and by whom, something is signed. */
export interface SignOptions {
  /** Whether the signer's key is registered in its 33-byte form; true if left out. */
  readonly compressed?: boolean;
  /** Who does the curve work; noble if left out. */
  readonly backend?: CurveBackend;
}

/**
 * Signs one thing for one purpose: 65 bytes, nonce by RFC 6979, low s. Rules KEY-11 … KEY-18.
 *
 * Deployed nodes take the same kind of signature for posts, stored values, key replacements, promotions, votes and messages between
 * people (W2, W23). So this signs nothing that could be used for another purpose than the stated one: free text that reads as a public
 * key, a bencoded dictionary or a script is refused, and so is a vote for a height whose bytes read as a promoted text.
 * Throws `KeysError` `not-signable`; `RangeError` for a secret outside 1…n−1.
 *
 * @example
 * ```ts
 * const secret = new Uint8Array(32).fill(1); // a real one is random
 * const signature = signTyped({ type: 'text', text: 'hello' }, secret);
 * signature.length; // 65
 * ```
 */
export function signTyped(signable: Signable, secret: Uint8Array, options: SignOptions = {}): Uint8Array {
  const backend = options.backend ?? defaultBackend();
  return signRaw(signableBytes(signable, backend), secret, options.compressed ?? true, backend);
}

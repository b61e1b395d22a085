/**
 * The curve work of secp256k1: synchronous, pure, and the same bytes from every backend.
 *
 * Integers are 32 bytes, big-endian. A secret is an integer of 1…n−1. A `compact` signature is r and s, 64 bytes.
 * Public keys are SEC 1 encodings: 33 bytes (`02`, `03`) or 65 (`04`, and the hybrid `06` and `07`).
 * Misuse (a secret out of range, a digest that is not 32 bytes, a recovery id outside 0…3) throws `RangeError`;
 * what a stranger may have chosen (public keys, signatures) never throws.
 * Build one from a library with {@link createBackend}, which does these checks. Rules KEY-21 … KEY-23.
 */
export interface CurveBackend {
  /** What the backend is, for people: `noble`, `wasm`, `native`. */
  readonly name: string;

  /** The public key of a secret, 33 or 65 bytes. */
  derivePublicKey(secret: Uint8Array, compressed: boolean): Uint8Array;

  /** The 65-byte form (`04`) of any valid encoding of a point; undefined if the bytes are none. */
  expandPublicKey(publicKey: Uint8Array): Uint8Array | undefined;

  /** Signs a 32-byte digest: deterministic nonce (RFC 6979 with SHA-256), s at most n/2, recovery id 0…3. */
  sign(digest: Uint8Array, secret: Uint8Array): { readonly compact: Uint8Array; readonly recovery: number };

  /**
   * The 33-byte public key under which the signature holds for the digest (SEC 1, section 4.1.6).
   * Undefined if r or s is outside 1…n−1, if no point fits, or if the key would be the point at infinity. High s is taken.
   */
  recover(digest: Uint8Array, compact: Uint8Array, recovery: number): Uint8Array | undefined;

  /**
   * Whether `recover` gives exactly this key, which is 33 bytes, or 65 beginning with `04`; false for other encodings.
   * Backends may decide it faster than by recovery, but never otherwise.
   */
  matches(digest: Uint8Array, compact: Uint8Array, recovery: number, publicKey: Uint8Array): boolean;

  /** The X coordinate of secret times public key, 32 bytes, not hashed; undefined if the key is no point. */
  sharedSecret(secret: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined;

  /** The 32-byte public key of BIP 340. */
  schnorrPublicKey(secret: Uint8Array): Uint8Array;

  /** A BIP 340 signature of a 32-byte message, 64 bytes; `auxiliary` is 32 bytes, fresh random ones or zeros. */
  schnorrSign(message: Uint8Array, secret: Uint8Array, auxiliary: Uint8Array): Uint8Array;

  /** Whether a BIP 340 signature of a 32-byte message holds; false for a signature or key of a wrong length. */
  schnorrVerify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
}

/**
 * The RSA work of the protocol behind a port (PEERSTER-13, PEERSTER-15). Every provider gives the same results, bit for
 * bit: {@link createRsaProvider} is pure and portable, {@link createNodeRsaProvider} uses what a runtime offers.
 */
export interface RsaProvider {
  readonly name: string;
  /** Prepares a serialised key of 260 bytes. Never throws on their content: a useless key verifies nothing. */
  publicKey(key: Uint8Array): RsaPublicKey;
  /** Prepares a private key in PKCS#8 DER. Throws {@link PeersterError} `bad-key-file`. */
  privateKey(pkcs8: Uint8Array): RsaPrivateKey;
}

/** A public key that is ready for use. */
export interface RsaPublicKey {
  /** The serialised key, 260 bytes (PEERSTER-6). */
  readonly bytes: Uint8Array;
  /** Whether `signature` is a PSS signature of `payload` with a salt of any length (PEERSTER-13). */
  verify(payload: Uint8Array, signature: Uint8Array): boolean;
  /** OAEP encryption of at most 190 bytes with a seed of 32 bytes: 256 bytes (PEERSTER-15). `RangeError` otherwise. */
  encrypt(text: Uint8Array, seed: Uint8Array): Uint8Array;
}

/** A private key that is ready for use. */
export interface RsaPrivateKey {
  readonly publicKey: RsaPublicKey;
  /** The key in PKCS#8 DER. */
  readonly pkcs8: Uint8Array;
  /** PSS signature of `payload`, 256 bytes; the salt has up to 222 bytes, `RangeError` otherwise (PEERSTER-13). */
  sign(payload: Uint8Array, salt: Uint8Array): Uint8Array;
  /** The text of a ciphertext of 256 bytes, or undefined where it does not decrypt (PEERSTER-15). */
  decrypt(ciphertext: Uint8Array): Uint8Array | undefined;
}

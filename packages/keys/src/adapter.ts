import type { CurveBackend } from './backend.ts';
import { equalBytes } from './bytes.ts';
import { KEYS_LIMITS } from './limits.ts';
import { isScalar, reduceDigest } from './scalar.ts';

/**
 * What a library must provide to become a {@link CurveBackend}.
 * Every argument has been checked: secrets, r and s are of 1…n−1, digests are 32 bytes (reduced modulo n for signing),
 * public keys have 33 bytes beginning with `02` or `03`, or 65 beginning with `04`, and may be no point.
 */
export interface CurvePrimitives {
  readonly name: string;
  derivePublicKey(secret: Uint8Array, compressed: boolean): Uint8Array;
  /** 65 bytes, or undefined if the bytes are no point of the curve. */
  expandPublicKey(publicKey: Uint8Array): Uint8Array | undefined;
  sign(digest: Uint8Array, secret: Uint8Array): { readonly compact: Uint8Array; readonly recovery: number };
  /** 33 bytes, or undefined if there is no such key. */
  recover(digest: Uint8Array, compact: Uint8Array, recovery: number): Uint8Array | undefined;
  /** Left out where nothing is faster than recovering and comparing. */
  readonly matches?: CurveBackend['matches'];
  sharedSecret(secret: Uint8Array, publicKey: Uint8Array): Uint8Array | undefined;
  readonly schnorr: SchnorrPrimitives;
}

/** BIP 340 for 32-byte messages, with lengths and secrets already checked; {@link schnorrOver} makes one. */
export interface SchnorrPrimitives {
  publicKey(secret: Uint8Array): Uint8Array;
  sign(message: Uint8Array, secret: Uint8Array, auxiliary: Uint8Array): Uint8Array;
  verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
}

const HYBRID_EVEN = 6;
const HYBRID_ODD = 7;
const UNCOMPRESSED = 4;

/**
 * Makes a backend of a library's curve functions.
 * Everything on which libraries differ is decided here, once for all of them: the range of arguments, hybrid encodings
 * (taken when the parity agrees, as SEC 1 asks), digests at or above n, and what is misuse rather than bad data.
 */
export function createBackend(primitives: CurvePrimitives): CurveBackend {
  const expand = (publicKey: Uint8Array): Uint8Array | undefined => {
    const plain = withoutHybridForm(publicKey);
    return plain && primitives.expandPublicKey(plain);
  };
  const recover = (digest: Uint8Array, compact: Uint8Array, recovery: number): Uint8Array | undefined => {
    checkSignatureArguments(digest, compact, recovery);
    return areScalars(compact) ? primitives.recover(digest, compact, recovery) : undefined;
  };
  const recoverAndCompare: CurveBackend['matches'] = (digest, compact, recovery, publicKey) => {
    const signer = primitives.recover(digest, compact, recovery);
    if (signer === undefined) return false;
    if (publicKey.length === signer.length) return equalBytes(signer, publicKey);
    const expanded = primitives.expandPublicKey(signer);
    return expanded !== undefined && equalBytes(expanded, publicKey);
  };
  const decide = primitives.matches?.bind(primitives) ?? recoverAndCompare;
  return {
    name: primitives.name,
    derivePublicKey: (secret, compressed) => primitives.derivePublicKey(checkSecret(secret), compressed),
    expandPublicKey: expand,
    sign: (digest, secret) => primitives.sign(reduceDigest(checkWord(digest, 'digest')), checkSecret(secret)),
    recover,
    matches: (digest, compact, recovery, publicKey) => {
      checkSignatureArguments(digest, compact, recovery);
      return areScalars(compact) && isPlainForm(publicKey) && decide(digest, compact, recovery, publicKey);
    },
    sharedSecret: (secret, publicKey) => {
      checkSecret(secret);
      const plain = withoutHybridForm(publicKey);
      return plain && primitives.sharedSecret(secret, plain);
    },
    schnorrPublicKey: (secret) => primitives.schnorr.publicKey(checkSecret(secret)),
    schnorrSign: (message, secret, auxiliary) =>
      primitives.schnorr.sign(checkWord(message, 'message'), checkSecret(secret), checkWord(auxiliary, 'auxiliary')),
    schnorrVerify: (signature, message, publicKey) => {
      checkWord(message, 'message');
      return signature.length === 64 && publicKey.length === 32
        ? primitives.schnorr.verify(signature, message, publicKey)
        : false;
    },
  };
}

function isPlainForm(publicKey: Uint8Array): boolean {
  const first = publicKey[0];
  return first === UNCOMPRESSED
    ? publicKey.length === KEYS_LIMITS.uncompressedKeyBytes
    : (first === 2 || first === 3) && publicKey.length === KEYS_LIMITS.compressedKeyBytes;
}

function withoutHybridForm(publicKey: Uint8Array): Uint8Array | undefined {
  if (isPlainForm(publicKey)) return publicKey;
  const [first] = publicKey;
  if (publicKey.length !== KEYS_LIMITS.uncompressedKeyBytes) return undefined;
  if (first !== HYBRID_EVEN && first !== HYBRID_ODD) return undefined;
  if (((publicKey.at(-1) as number) & 1) !== (first & 1)) return undefined;
  const plain = publicKey.slice();
  plain[0] = UNCOMPRESSED;
  return plain;
}

function areScalars(compact: Uint8Array): boolean {
  return isScalar(compact.subarray(0, 32)) && isScalar(compact.subarray(32));
}

function checkSecret(secret: Uint8Array): Uint8Array {
  if (!isScalar(secret)) throw new RangeError('a secret must be 32 bytes, an integer of 1 to n - 1');
  return secret;
}

function checkWord(bytes: Uint8Array, name: string): Uint8Array {
  if (bytes.length !== 32) throw new RangeError(`${name} must have 32 bytes, not ${bytes.length}`);
  return bytes;
}

function checkSignatureArguments(digest: Uint8Array, compact: Uint8Array, recovery: number): void {
  checkWord(digest, 'digest');
  if (compact.length !== 64) throw new RangeError(`a compact signature must have 64 bytes, not ${compact.length}`);
  if (recovery !== 0 && recovery !== 1 && recovery !== 2 && recovery !== 3) {
    throw new RangeError('a recovery id must be 0, 1, 2 or 3');
  }
}

import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import * as secp from '@noble/secp256k1';
import { createBackend } from './adapter.ts';
import type { CurveBackend } from './backend.ts';
import { equalBytes } from './bytes.ts';
import { type KeyTableOptions, KeyTables } from './key-tables.ts';

/** Bounds of the window tables of the default backend; each default is in `KEYS_LIMITS`. */
export interface NobleBackendOptions extends KeyTableOptions {}

/**
 * The default backend: `@noble/secp256k1`, in JavaScript alone.
 *
 * Public keys that `matches` is asked about again get a window table, from their second check on, and are then checked by
 * R = u1·G + u2·Q against r and the parity that the recovery id states. This decides exactly as recovery does and is several
 * times faster. At most `tables` tables are kept, the least recently used goes first; `tables: 0` keeps none.
 *
 * BigInt arithmetic is not constant time; noble balances its steps where a secret is involved, the tables see public values only.
 * Sets the synchronous hashes of `@noble/secp256k1` (a global of that module) if nobody has, when called, not when imported.
 */
export function createNobleBackend(options: NobleBackendOptions = {}): CurveBackend {
  secp.hashes.sha256 ??= sha256;
  secp.hashes.hmacSha256 ??= (key, message) => hmac(sha256, key, message);
  const tables = new KeyTables(options);

  const recover = (digest: Uint8Array, compact: Uint8Array, recovery: number, isCompressed: boolean) => {
    const signature = new Uint8Array(65);
    signature[0] = recovery;
    signature.set(compact, 1);
    return attempt(() => secp.recoverPublicKey(signature, digest, { prehash: false, isCompressed }));
  };

  return createBackend({
    name: 'noble',
    derivePublicKey: (secret, compressed) => secp.getPublicKey(secret, compressed),
    expandPublicKey: (publicKey) => attempt(() => secp.Point.fromBytes(publicKey).toBytes(false)),
    sign: (digest, secret) => {
      const signature = secp.sign(digest, secret, { prehash: false, lowS: true, format: 'recovered' });
      return { compact: signature.slice(1), recovery: signature[0] as number };
    },
    recover: (digest, compact, recovery) => recover(digest, compact, recovery, true),
    matches: (digest, compact, recovery, publicKey) => {
      const decided = tables.matches(digest, compact, recovery, publicKey);
      if (decided !== undefined) return decided;
      const signer = recover(digest, compact, recovery, publicKey.length === 33);
      return signer !== undefined && equalBytes(signer, publicKey);
    },
    sharedSecret: (secret, publicKey) => {
      const point = attempt(() => secp.Point.fromBytes(publicKey));
      return point?.multiply(secp.etc.secretKeyToScalar(secret)).toBytes(true).slice(1);
    },
    schnorr: {
      publicKey: (secret) => secp.schnorr.getPublicKey(secret),
      sign: (message, secret, auxiliary) => secp.schnorr.sign(message, secret, auxiliary),
      verify: (signature, message, publicKey) => secp.schnorr.verify(signature, message, publicKey),
    },
  });
}

let shared: CurveBackend | undefined;

/** The backend that functions use where none is given: one noble backend for all of them, made at the first call. */
export function defaultBackend(): CurveBackend {
  shared ??= createNobleBackend();
  return shared;
}

/** noble throws where a point does not exist; arguments have been checked, so nothing else can be wrong. */
function attempt<T>(compute: () => T): T | undefined {
  try {
    return compute();
  } catch {
    return undefined;
  }
}

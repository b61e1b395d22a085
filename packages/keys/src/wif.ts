import type { Network } from '@rookery/wire';
import { decodeBase58Check, encodeBase58Check } from './base58check.ts';
import { KeysError } from './errors.ts';
import { BASE58_PREFIXES } from './networks.ts';
import { isScalar } from './scalar.ts';

/** A secret and the form of the public key that belongs to it. */
export interface SecretKey {
  /** 32 bytes, an integer of 1…n−1, big-endian. */
  readonly secret: Uint8Array;
  /** Whether its public key is registered with 33 bytes (as wallets do by default) or with 65. */
  readonly compressed: boolean;
}

/** Whether bytes can be a secret: 32 of them, an integer of 1…n−1, big-endian. Rule KEY-3. */
export function isSecret(bytes: Uint8Array): boolean {
  return isScalar(bytes);
}

const SECRET_BYTES = 32;
/** Follows the secret of a key whose public key is compressed. */
const COMPRESSED_MARK = 1;

/**
 * Writes a secret as text (wallet import format): base58check of prefix, 32 bytes, and `01` if compressed. Rule KEY-3.
 * Throws `RangeError` for a secret outside 1…n−1.
 */
export function encodeWif(key: SecretKey, network: Network): string {
  if (!isSecret(key.secret)) throw new RangeError('a secret must be 32 bytes, an integer of 1 to n - 1');
  const payload = new Uint8Array(1 + SECRET_BYTES + (key.compressed ? 1 : 0));
  payload[0] = BASE58_PREFIXES[network].secret;
  payload.set(key.secret, 1);
  if (key.compressed) payload[1 + SECRET_BYTES] = COMPRESSED_MARK;
  return encodeBase58Check(payload);
}

/**
 * Reads a secret from text. Rule KEY-3. Main, regtest and dev share a prefix and cannot be told apart.
 * Throws `KeysError`: `bad-base58`, `bad-checksum`, `wrong-network` (another prefix), `bad-wif` (length or mark),
 * `bad-secret` (outside 1…n−1, which deployed nodes find only when they use it).
 */
export function decodeWif(wif: string, network: Network): SecretKey {
  const payload = decodeBase58Check(wif);
  if (payload[0] !== BASE58_PREFIXES[network].secret) {
    throw new KeysError('wrong-network', 0, `the prefix of the text is not that of secrets on ${network}`);
  }
  const compressed = payload.length === SECRET_BYTES + 2;
  if (!compressed && payload.length !== SECRET_BYTES + 1) {
    throw new KeysError('bad-wif', 0, 'the text does not hold 32 bytes, nor 33');
  }
  if (compressed && payload[1 + SECRET_BYTES] !== COMPRESSED_MARK) {
    throw new KeysError('bad-wif', 0, 'the mark of a compressed key must be 01');
  }
  const secret = payload.slice(1, 1 + SECRET_BYTES);
  if (!isSecret(secret)) throw new KeysError('bad-secret', 0, 'the secret is not an integer of 1 to n - 1');
  return { secret, compressed };
}

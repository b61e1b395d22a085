import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { scrypt } from '@noble/hashes/scrypt.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { PeersterError } from './errors.ts';
import { PEERSTER_LIMITS } from './limits.ts';
import { decodePkcs8 } from './pkcs8.ts';
import { encodeUtf8 } from './utf8.ts';

/** `PKF1` in ASCII. */
const MAGIC: readonly number[] = [0x50, 0x4b, 0x46, 0x31];
const SALT_BYTES = 16;
const NONCE_BYTES = 24;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const BLOCK_SIZE = 8;
const PARALLEL = 1;
const DEFAULT_COST = 17;
const HEADER_BYTES = MAGIC.length + 1 + SALT_BYTES + NONCE_BYTES;

/** Fresh random bytes for one key file, and how hard the passphrase is to try. */
export interface KeyFileOptions {
  /** 16 bytes. */
  readonly salt: Uint8Array;
  /** 24 bytes. */
  readonly nonce: Uint8Array;
  /** log2 of the cost N of scrypt, 1 … 20; default 17. r = 8, p = 1. */
  readonly cost?: number;
}

/**
 * Encrypts a private key (PKCS#8 DER) under a passphrase (PEERSTER-42): `PKF1` ‖ log2 N (1 byte) ‖ salt (16) ‖
 * nonce (24) ‖ XChaCha20-Poly1305 of the key, with everything before the ciphertext authenticated and the key of the
 * cipher from scrypt (RFC 7914) of the UTF-8 passphrase. Lengths and costs out of range throw `RangeError`.
 */
export function encryptKeyFile(pkcs8: Uint8Array, passphrase: string, options: KeyFileOptions): Uint8Array {
  const { salt, nonce, cost = DEFAULT_COST } = options;
  if (salt.length !== SALT_BYTES || nonce.length !== NONCE_BYTES) throw new RangeError('salt 16 bytes, nonce 24 bytes');
  if (!Number.isInteger(cost) || cost < 1 || cost > PEERSTER_LIMITS.keyFileCost) {
    throw new RangeError(`a cost lies within 1 … ${PEERSTER_LIMITS.keyFileCost}, got ${cost}`);
  }
  const header = concatBytes(Uint8Array.from([...MAGIC, cost]), salt, nonce);
  const cipher = xchacha20poly1305(deriveKey(passphrase, salt, cost), nonce, header);
  return concatBytes(header, cipher.encrypt(pkcs8));
}

/**
 * Decrypts a key file (PEERSTER-42) and gives the PKCS#8 DER inside. Throws {@link PeersterError} `bad-key-file` for
 * anything that is no key file, also for a cost above 20, and `wrong-passphrase` where it does not open.
 */
export function decryptKeyFile(file: Uint8Array, passphrase: string): Uint8Array {
  if (!isEncryptedKeyFile(file) || file.length < HEADER_BYTES + TAG_BYTES) {
    throw new PeersterError('bad-key-file', 0, 'the file is no encrypted key');
  }
  const cost = file[MAGIC.length]!;
  if (cost < 1 || cost > PEERSTER_LIMITS.keyFileCost) {
    throw new PeersterError('bad-key-file', MAGIC.length, `the cost ${cost} is out of range`);
  }
  const header = file.subarray(0, HEADER_BYTES);
  const salt = header.subarray(MAGIC.length + 1, MAGIC.length + 1 + SALT_BYTES);
  const nonce = header.subarray(MAGIC.length + 1 + SALT_BYTES);
  let pkcs8: Uint8Array;
  try {
    pkcs8 = xchacha20poly1305(deriveKey(passphrase, salt, cost), nonce, header).decrypt(file.subarray(HEADER_BYTES));
  } catch {
    throw new PeersterError('wrong-passphrase', HEADER_BYTES, 'the passphrase does not open the key');
  }
  decodePkcs8(pkcs8);
  return pkcs8;
}

/** Whether bytes begin like an encrypted key file, rather than like DER. */
export function isEncryptedKeyFile(file: Uint8Array): boolean {
  return MAGIC.every((byte, index) => file[index] === byte);
}

function deriveKey(passphrase: string, salt: Uint8Array, cost: number): Uint8Array {
  const options = { N: 2 ** cost, r: BLOCK_SIZE, p: PARALLEL, dkLen: KEY_BYTES, maxmem: 2 ** 31 };
  return scrypt(encodeUtf8(passphrase), salt, options);
}

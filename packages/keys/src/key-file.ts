import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { scrypt } from '@noble/hashes/scrypt.js';
import {
  type BencodeNode,
  bencodeDict,
  decodeBencode,
  decodeUtf8,
  encodeBencode,
  encodeUtf8,
  WireError,
} from '@rookery/wire';
import { equalBytes } from './bytes.ts';
import { KeysError } from './errors.ts';
import { KEYS_LIMITS } from './limits.ts';
import { isScalar } from './scalar.ts';
import type { SecretKey } from './wif.ts';

/** A secret with the name that its owner gave it: a user name, `name/replaced`, a group alias. */
export interface StoredKey extends SecretKey {
  readonly label: string;
}

/** How hard it is to try a passphrase: scrypt with N = 2^costLog2. */
export interface KeyFileCost {
  readonly costLog2: number;
  readonly blockSize: number;
  readonly parallel: number;
}

/** What makes every key file different, drawn by the caller, and its cost. */
export interface KeyFileOptions {
  /** 32 random bytes, new for every file written. */
  readonly salt: Uint8Array;
  /** 24 random bytes, new for every file written. */
  readonly nonce: Uint8Array;
  /** N = 2^15, r = 8, p = 1 if left out: 32 MiB and a fraction of a second. */
  readonly cost?: KeyFileCost;
}

/** `rookkeys`, then the version. */
const MAGIC: readonly number[] = [0x72, 0x6f, 0x6f, 0x6b, 0x6b, 0x65, 0x79, 0x73, 1];
const COST_AT = MAGIC.length;
const SALT_AT = COST_AT + 3;
const SALT_BYTES = 32;
const NONCE_AT = SALT_AT + SALT_BYTES;
const NONCE_BYTES = 24;
const BODY_AT = NONCE_AT + NONCE_BYTES;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const DEFAULT_COST: KeyFileCost = { costLog2: KEYS_LIMITS.keyFileCost[0], blockSize: 8, parallel: 1 };

/**
 * Encrypts keys under a passphrase: scrypt and XChaCha20-Poly1305; the layout is rule KEY-19.
 * The passphrase is taken in Unicode form NFC. Its length and the number of keys show; labels do not.
 * Throws `RangeError` for a salt or nonce of another length, a cost out of bounds, an empty passphrase, or keys that do not fit.
 */
export function encryptKeyFile(keys: readonly StoredKey[], passphrase: string, options: KeyFileOptions): Uint8Array {
  const { salt, nonce, cost = DEFAULT_COST } = options;
  if (salt.length !== SALT_BYTES) throw new RangeError(`the salt must have ${SALT_BYTES} bytes`);
  if (nonce.length !== NONCE_BYTES) throw new RangeError(`the nonce must have ${NONCE_BYTES} bytes`);
  if (passphrase === '') throw new RangeError('the passphrase is empty');
  if (!isAllowedCost(cost)) throw new RangeError('the cost is out of bounds');
  const content = encodeKeys(keys);
  if (BODY_AT + content.length + TAG_BYTES > KEYS_LIMITS.keyFileBytes) throw new RangeError('too many keys for a file');

  const file = new Uint8Array(BODY_AT + content.length + TAG_BYTES);
  file.set(MAGIC);
  file.set([cost.costLog2, cost.blockSize, cost.parallel], COST_AT);
  file.set(salt, SALT_AT);
  file.set(nonce, NONCE_AT);
  const key = deriveKey(passphrase, salt, cost);
  file.set(xchacha20poly1305(key, nonce, file.subarray(0, BODY_AT)).encrypt(content), BODY_AT);
  return file;
}

/**
 * Reads a key file. Bounds on cost and size are checked before anything is derived, so that a hostile file takes neither gigabytes nor minutes.
 * Throws `KeysError`: `bad-key-file` (not one, or another version, or too long), `key-file-cost` (parameters out of bounds),
 * `wrong-passphrase` (that, or any byte of the file was changed).
 */
export function decryptKeyFile(file: Uint8Array, passphrase: string): StoredKey[] {
  if (file.length > KEYS_LIMITS.keyFileBytes) {
    throw new KeysError('bad-key-file', KEYS_LIMITS.keyFileBytes, 'the key file is too long');
  }
  if (!equalBytes(file.subarray(0, COST_AT), Uint8Array.from(MAGIC))) {
    throw new KeysError('bad-key-file', 0, 'this is no key file of version 1');
  }
  if (file.length < BODY_AT + TAG_BYTES) throw new KeysError('bad-key-file', file.length, 'the key file is cut short');
  const cost = {
    costLog2: file[COST_AT] as number,
    blockSize: file[COST_AT + 1] as number,
    parallel: file[COST_AT + 2] as number,
  };
  if (!isAllowedCost(cost)) throw new KeysError('key-file-cost', COST_AT, 'the key file asks for a cost out of bounds');

  const key = deriveKey(passphrase, file.subarray(SALT_AT, NONCE_AT), cost);
  const box = xchacha20poly1305(key, file.subarray(NONCE_AT, BODY_AT), file.subarray(0, BODY_AT));
  let content: Uint8Array;
  try {
    content = box.decrypt(file.subarray(BODY_AT));
  } catch {
    throw new KeysError('wrong-passphrase', BODY_AT, 'the passphrase is wrong, or the key file was changed');
  }
  return decodeKeys(content);
}

function deriveKey(passphrase: string, salt: Uint8Array, cost: KeyFileCost): Uint8Array {
  return scrypt(encodeUtf8(passphrase.normalize('NFC')), salt, {
    N: 2 ** cost.costLog2,
    r: cost.blockSize,
    p: cost.parallel,
    dkLen: KEY_BYTES,
  });
}

function isAllowedCost({ costLog2, blockSize, parallel }: KeyFileCost): boolean {
  return (
    isWithin(costLog2, KEYS_LIMITS.keyFileCost) &&
    isWithin(blockSize, KEYS_LIMITS.keyFileBlock) &&
    isWithin(parallel, KEYS_LIMITS.keyFileParallel) &&
    128 * 2 ** costLog2 * blockSize <= KEYS_LIMITS.keyFileMemoryBytes
  );
}

function isWithin(value: number, [min, max]: readonly [number, number]): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

function encodeKeys(keys: readonly StoredKey[]): Uint8Array {
  if (keys.length > KEYS_LIMITS.keyFileKeys) throw new RangeError('too many keys for a file');
  const entries = keys.map(({ label, secret, compressed }) => {
    if (!isScalar(secret)) throw new RangeError('a secret must be 32 bytes, an integer of 1 to n - 1');
    return bencodeDict({ compressed: compressed ? 1 : 0, label, secret });
  });
  return encodeBencode(bencodeDict({ keys: entries }));
}

/** Only a program that knew the passphrase can have written something else than {@link encodeKeys} does. */
function decodeKeys(content: Uint8Array): StoredKey[] {
  try {
    const { value } = decodeBencode(content);
    const list = value.kind === 'dict' ? value.getList('keys') : undefined;
    if (list !== undefined) return list.items().map(decodeKey);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
  }
  throw new KeysError('bad-key-file', BODY_AT, 'the key file does not hold keys');
}

function decodeKey(entry: BencodeNode): StoredKey {
  if (entry.kind === 'dict') {
    const label = entry.getBytes('label');
    const secret = entry.getBytes('secret');
    const compressed = entry.getInteger('compressed');
    const text = label && decodeUtf8(label);
    if (text !== undefined && secret !== undefined && isScalar(secret) && (compressed === 0n || compressed === 1n)) {
      return { label: text, secret: secret.slice(), compressed: compressed === 1n };
    }
  }
  throw new KeysError('bad-key-file', BODY_AT, 'the key file holds something that is no key');
}

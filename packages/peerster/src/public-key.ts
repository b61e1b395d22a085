import { bytesToNumberBE, numberToBytesBE } from './integers.ts';
import { PEERSTER_LIMITS } from './limits.ts';
import type { Profile } from './profile.ts';
import { reject, type Verdict } from './verdict.ts';

/** The numbers of an RSA public key. */
export interface PublicNumbers {
  readonly modulus: bigint;
  /** uint32. */
  readonly exponent: number;
}

const LEAST_EXPONENT = 3;
const EXPONENT_LIMIT = 2 ** 31;
const TOP_BIT = 0x80;

/** Serialises a public key: the modulus as 256 bytes big-endian, then the exponent as uint32 little-endian (PEERSTER-6). */
export function encodePublicKey(numbers: PublicNumbers): Uint8Array {
  const { modulusBytes, keyBytes } = PEERSTER_LIMITS;
  const key = new Uint8Array(keyBytes);
  key.set(numberToBytesBE(numbers.modulus, modulusBytes));
  for (let index = 0; index < 4; index += 1) key[modulusBytes + index] = numbers.exponent >>> (8 * index);
  return key;
}

/** Reads the numbers of 260 bytes (PEERSTER-6) without judging them; other lengths throw `RangeError`. */
export function decodePublicKey(key: Uint8Array): PublicNumbers {
  const { modulusBytes, keyBytes } = PEERSTER_LIMITS;
  if (key.length !== keyBytes) throw new RangeError(`a serialised key has ${keyBytes} bytes, not ${key.length}`);
  const at = modulusBytes;
  const exponent = (key[at]! | (key[at + 1]! << 8) | (key[at + 2]! << 16) | (key[at + 3]! << 24)) >>> 0;
  return { modulus: bytesToNumberBE(key.subarray(0, modulusBytes)), exponent };
}

/**
 * Decides whether bytes may serve as a public key (PEERSTER-7). Both profiles want 260 bytes; `strict` also wants the top
 * bit of the modulus set, the modulus odd, and the exponent odd with 3 ≤ e < 2^31. Whether the modulus is a product of
 * two primes is not checked: whoever announces a weak key harms nobody else. Code `bad-key`.
 */
export function checkPublicKey(key: Uint8Array, profile: Profile = 'strict'): Verdict<'bad-key'> {
  const { modulusBytes, keyBytes } = PEERSTER_LIMITS;
  if (key.length !== keyBytes) return reject('bad-key', `a key has ${keyBytes} bytes, not ${key.length}`);
  if (profile === 'compat') return { ok: true };
  if (key[0]! < TOP_BIT) return reject('bad-key', 'the modulus has fewer than 2048 bits');
  if (key[modulusBytes - 1]! % 2 === 0) return reject('bad-key', 'the modulus is even');
  const { exponent } = decodePublicKey(key);
  if (exponent % 2 === 0 || exponent < LEAST_EXPONENT || exponent >= EXPONENT_LIMIT) {
    return reject('bad-key', `the exponent ${exponent} is not odd or not within 3 … 2^31 − 1`);
  }
  return { ok: true };
}

/** What the name of a key hashes: the key without leading zero bytes of its modulus (PEERSTER-8). */
export function serialisedForName(key: Uint8Array): Uint8Array {
  let zeros = 0;
  while (zeros < PEERSTER_LIMITS.modulusBytes && key[zeros] === 0) zeros += 1;
  return key.subarray(zeros);
}

import { cbc } from '@noble/ciphers/aes.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { ECIES_LIMITS } from './limits.ts';

/** The two keys that a shared secret gives. */
interface EnvelopeKeys {
  readonly cipher: Uint8Array;
  readonly mac: Uint8Array;
}

const KEY_BYTES = 32;

/** Every envelope has keys of its own, so a fixed IV repeats nothing as long as no ephemeral key is used twice (W17). */
const zeroIv = (): Uint8Array => new Uint8Array(ECIES_LIMITS.blockBytes);

/** SHA-512 of the shared X: 32 bytes for AES-256, 32 for the MAC. Rule ECIES-5. */
export function deriveEnvelopeKeys(sharedX: Uint8Array): EnvelopeKeys {
  const material = sha512(sharedX);
  return { cipher: material.subarray(0, KEY_BYTES), mac: material.subarray(KEY_BYTES) };
}

/** Encrypts after filling with zeros to whole blocks; whole blocks get no further one. Rule ECIES-6. */
export function encryptBody(plaintext: Uint8Array, keys: EnvelopeKeys): Uint8Array {
  const blocks = Math.ceil(plaintext.length / ECIES_LIMITS.blockBytes);
  const padded = new Uint8Array(blocks * ECIES_LIMITS.blockBytes);
  padded.set(plaintext);
  return blocks === 0 ? padded : cbc(keys.cipher, zeroIv(), { disablePadding: true }).encrypt(padded);
}

/** Decrypts whole blocks; padding is not looked at. Rule ECIES-6. */
export function decryptBody(body: Uint8Array, keys: EnvelopeKeys): Uint8Array {
  if (body.length === 0) return new Uint8Array(0);
  return cbc(keys.cipher, zeroIv(), { disablePadding: true }).decrypt(body);
}

/** HMAC-SHA-512 of the encrypted body. Rule ECIES-7. */
export function bodyMac(body: Uint8Array, keys: EnvelopeKeys): Uint8Array {
  return hmac(sha512, keys.mac, body);
}

/** Compares MACs in time that depends on their length only. */
export function equalMacs(expected: Uint8Array, received: Uint8Array): boolean {
  if (expected.length !== received.length) return false;
  let difference = 0;
  for (let index = 0; index < expected.length; index += 1) {
    difference |= (expected[index] as number) ^ (received[index] as number);
  }
  return difference === 0;
}

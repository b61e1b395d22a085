import { sha1 } from '@noble/hashes/legacy.js';
import { reject, type Verdict } from '@rookery/wire';
import type { SwarmCode } from './codes.ts';
import { SWARM_LIMITS } from './limits.ts';

const PIECE_BYTES = 4;
const MOST_PIECE = 0xffffffff;
const MOST_BITS = 0xffff;

/**
 * Decides whether a nonce pays for a piece (SWARM-11): SHA-1( info-hash ‖ piece ‖ nonce ) < (2^160 − 1) >> nbits.
 * `nonce` is the payload of `hashcash_nonce`; `nbits` (0 to 65535) is the difficulty that the judging side has announced, not what the
 * peer claims. Refuses with `bad-nonce` (not 1 to 9 bytes) and `too-little-work`. Misuse throws `RangeError`.
 * Not checked: who solved it, and when; a solution serves everybody for good (W54).
 */
export function checkPeek(infoHash: Uint8Array, piece: number, nonce: Uint8Array, nbits: number): Verdict<SwarmCode> {
  if (!Number.isSafeInteger(nbits) || nbits < 0 || nbits > MOST_BITS) throw new RangeError(`nbits of ${nbits}`);
  const message = peekMessage(infoHash, piece, nonce.length);
  if (nonce.length < 1 || nonce.length > SWARM_LIMITS.nonceBytes) {
    return reject('bad-nonce', `a nonce of ${nonce.length} bytes`);
  }
  message.set(nonce, message.length - nonce.length);
  if (isBelow(sha1(message), nbits)) return { ok: true };
  return reject('too-little-work', `the hash is not below the limit of ${nbits} bits`);
}

/** The bytes that are hashed, with zeros for the nonce. */
export function peekMessage(infoHash: Uint8Array, piece: number, nonceBytes: number): Uint8Array {
  if (infoHash.length !== SWARM_LIMITS.infoHashBytes) {
    throw new RangeError(`an info-hash has 20 bytes, got ${infoHash.length}`);
  }
  if (!Number.isSafeInteger(piece) || piece < 0 || piece > MOST_PIECE) throw new RangeError(`piece ${piece}`);
  const message = new Uint8Array(infoHash.length + PIECE_BYTES + nonceBytes);
  message.set(infoHash);
  writeUint32(message, infoHash.length, piece);
  return message;
}

/** Writes an unsigned 32-bit number, high byte first. */
export function writeUint32(bytes: Uint8Array, at: number, value: number): void {
  for (let index = 0; index < 4; index += 1) bytes[at + index] = value >>> (24 - 8 * index);
}

/** Whether a hash, read big-endian, is less than (2^160 − 1) >> nbits: `nbits` zero bits, and not all ones after them. */
function isBelow(hash: Uint8Array, nbits: number): boolean {
  let rest = nbits;
  let allOnes = true;
  for (const byte of hash) {
    const zeros = Math.min(8, rest);
    rest -= zeros;
    const most = 0xff >> zeros;
    if (byte > most) return false;
    allOnes &&= byte === most;
  }
  return !allOnes;
}

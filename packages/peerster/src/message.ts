import { sha256 } from '@noble/hashes/sha2.js';
import type { Rumor } from './rumor.ts';
import { sha256Parts } from './sha256-parts.ts';

/** The three kinds of messages (PEERSTER-10). */
export type MessageKind = 'announcement' | 'public' | 'private';

/** The kind of a message: number 0 announces a key, otherwise an empty destination is public (PEERSTER-10). */
export function messageKind(rumor: Pick<Rumor, 'id' | 'destination'>): MessageKind {
  if (rumor.id === 0) return 'announcement';
  return rumor.destination.length === 0 ? 'public' : 'private';
}

/**
 * What a signature covers: origin ‖ destination ‖ number as uint32 little-endian ‖ content, without lengths between
 * (PEERSTER-11).
 */
export function signedPayload(rumor: Pick<Rumor, 'origin' | 'destination' | 'id' | 'content'>): Uint8Array {
  const { origin, destination, content } = rumor;
  const payload = new Uint8Array(origin.length + destination.length + 4 + content.length);
  writePayload(payload, rumor);
  return payload;
}

/** SHA-256 of the signed payload, 32 bytes (PEERSTER-11). */
export function payloadDigest(rumor: Pick<Rumor, 'origin' | 'destination' | 'id' | 'content'>): Uint8Array {
  return sha256(signedPayload(rumor));
}

/**
 * What the hash of a message covers but for the nonce: signed payload ‖ signature (PEERSTER-12). The nonce comes last, so
 * that a search needs to hash the rest once only.
 */
export function hashedPrefix(rumor: Omit<Rumor, 'nonce'>): Uint8Array {
  const payload = rumor.origin.length + rumor.destination.length + 4 + rumor.content.length;
  const prefix = new Uint8Array(payload + rumor.signature.length);
  writePayload(prefix, rumor);
  prefix.set(rumor.signature, payload);
  return prefix;
}

/** SHA-256(signed payload ‖ signature ‖ nonce), 32 bytes: names this version of the message (PEERSTER-12). */
export function messageHash({ origin, destination, id, content, signature, nonce }: Rumor): Uint8Array {
  return sha256Parts(origin, destination, Uint8Array.of(id, id >>> 8, id >>> 16, id >>> 24), content, signature, nonce);
}

function writePayload(
  target: Uint8Array,
  { origin, destination, id, content }: Pick<Rumor, 'origin' | 'destination' | 'id' | 'content'>,
): void {
  target.set(origin);
  target.set(destination, origin.length);
  const at = origin.length + destination.length;
  for (let index = 0; index < 4; index += 1) target[at + index] = id >>> (8 * index);
  target.set(content, at + 4);
}

import type { PrivateCode } from './codes.ts';
import { PEERSTER_LIMITS } from './limits.ts';
import type { RsaPrivateKey, RsaPublicKey } from './provider.ts';
import { reject, type Verdict } from './verdict.ts';

const LENGTH_BYTES = 2;

/** The two encryptions of one private text (PEERSTER-14). Nobody but the author knows whether they agree. */
export interface PrivateContent {
  /** To the author's own key. */
  readonly forSender: Uint8Array;
  /** To the recipient's key. */
  readonly forRecipient: Uint8Array;
}

/** Which half of a private content to read: the author's own, or the one of whoever else it was sent to. */
export type PrivateRole = 'sender' | 'recipient';

/** Writes the content of a private message: length of the first ciphertext as uint16 little-endian, both (PEERSTER-14). */
export function encodePrivateContent({ forSender, forRecipient }: PrivateContent): Uint8Array {
  const content = new Uint8Array(LENGTH_BYTES + forSender.length + forRecipient.length);
  content[0] = forSender.length;
  content[1] = forSender.length >>> 8;
  content.set(forSender, LENGTH_BYTES);
  content.set(forRecipient, LENGTH_BYTES + forSender.length);
  return content;
}

/**
 * Splits the content of a private message (PEERSTER-14); the parts are views. Any two parts pass, as long as the first
 * does not reach the end of the content; `malformed-content` otherwise.
 */
export function decodePrivateContent(content: Uint8Array): Verdict<'malformed-content', PrivateContent> {
  const length = content.length < LENGTH_BYTES ? 0 : content[0]! | (content[1]! << 8);
  if (content.length < LENGTH_BYTES || length >= content.length || LENGTH_BYTES + length > content.length) {
    return reject('malformed-content', `${content.length} bytes do not hold two ciphertexts`);
  }
  const forSender = content.subarray(LENGTH_BYTES, LENGTH_BYTES + length);
  return { ok: true, forSender, forRecipient: content.subarray(LENGTH_BYTES + length) };
}

/** Whether a private content has the usual form: 514 bytes, two ciphertexts of 256 (PEERSTER-24). */
export function isUsualPrivateContent(content: Uint8Array): boolean {
  const { modulusBytes, privateContentBytes } = PEERSTER_LIMITS;
  return content.length === privateContentBytes && (content[0]! | (content[1]! << 8)) === modulusBytes;
}

/**
 * Encrypts one text for its author and for its recipient (PEERSTER-14, PEERSTER-15). Seeds have 32 bytes each and must be
 * fresh and independent; a text over 190 bytes throws `RangeError`.
 */
export function sealPrivate(
  text: Uint8Array,
  keys: { readonly sender: RsaPublicKey; readonly recipient: RsaPublicKey },
  seeds: { readonly sender: Uint8Array; readonly recipient: Uint8Array },
): Uint8Array {
  const forSender = keys.sender.encrypt(text, seeds.sender);
  return encodePrivateContent({ forSender, forRecipient: keys.recipient.encrypt(text, seeds.recipient) });
}

/**
 * Decrypts one half of a private content (PEERSTER-14): the bytes of the text, not checked to be UTF-8. Codes
 * `malformed-content` and `undecipherable`. Check the message first: a ciphertext says nothing of its author.
 */
export function openPrivate(
  content: Uint8Array,
  key: RsaPrivateKey,
  role: PrivateRole,
): Verdict<PrivateCode, { readonly text: Uint8Array }> {
  const parts = decodePrivateContent(content);
  if (!parts.ok) return parts;
  const text = key.decrypt(role === 'sender' ? parts.forSender : parts.forRecipient);
  return text === undefined ? reject('undecipherable', 'the ciphertext is not for this key') : { ok: true, text };
}

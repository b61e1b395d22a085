import type { MessageCode } from './codes.ts';
import { compareBytes } from './integers.ts';
import { PEERSTER_LIMITS } from './limits.ts';
import { messageHash, messageKind, signedPayload } from './message.ts';
import { deriveName, isAcceptedName, nameText } from './name.ts';
import { countZeroBits } from './pow.ts';
import { isUsualPrivateContent } from './private-content.ts';
import type { Profile } from './profile.ts';
import type { RsaPublicKey } from './provider.ts';
import { checkPublicKey } from './public-key.ts';
import type { Rumor } from './rumor.ts';
import { rumorDatagramBytes } from './rumor.ts';
import { reject, type Verdict } from './verdict.ts';

/** What the check of a message needs to know. */
export interface MessageContext {
  readonly profile: Profile;
  /** Zero bits that the hash must have, 0 … 64 (PEERSTER-21). */
  readonly target: number;
  /** The key that an origin has announced, or undefined where none is stored. */
  keyOf(origin: string): RsaPublicKey | undefined;
  /** Whether this very message passed before, so that its key or signature need not be checked again; default: no. */
  isStored?(origin: string, hash: Uint8Array): boolean;
}

/** What the check of a message found out. */
export interface CheckedMessage {
  readonly origin: string;
  readonly hash: Uint8Array;
}

/**
 * Decides whether a message may be stored, relayed and answered (PEERSTER-18 … PEERSTER-24), cheap rules first and the
 * signature last. Every rule is a function of its own below. Whether its number is the next one is PEERSTER-25.
 */
export function checkMessage(rumor: Rumor, context: MessageContext): Verdict<MessageCode, CheckedMessage> {
  const { profile } = context;
  const fields = checkFields(rumor, profile);
  if (!fields.ok) return fields;
  const hash = messageHash(rumor);
  const work = checkWork(hash, context.target);
  if (!work.ok) return work;
  const origin = nameText(rumor.origin);
  if (context.isStored?.(origin, hash)) return { ok: true, origin, hash };
  const author =
    messageKind(rumor) === 'announcement' ? checkAnnouncement(rumor, profile) : checkAuthor(rumor, context);
  return author.ok ? { ok: true, origin, hash } : author;
}

/** The rules that look at the fields alone: PEERSTER-18, 19, 20, 22 (empty fields) and 24. */
export function checkFields(rumor: Rumor, profile: Profile): Verdict<MessageCode> {
  const names = checkNames(rumor, profile);
  if (!names.ok) return names;
  if (rumor.nonce.length !== PEERSTER_LIMITS.nonceBytes) {
    return reject('bad-nonce', `a nonce has ${PEERSTER_LIMITS.nonceBytes} bytes, not ${rumor.nonce.length}`);
  }
  const size = checkSize(rumor, profile);
  if (!size.ok || profile === 'compat') return size;
  switch (messageKind(rumor)) {
    case 'announcement':
      return rumor.destination.length === 0 && rumor.signature.length === 0
        ? { ok: true }
        : reject('unexpected-field', 'a key announcement has neither destination nor signature');
    case 'private':
      return isUsualPrivateContent(rumor.content)
        ? { ok: true }
        : reject('bad-private-content', 'the content does not consist of two ciphertexts of 256 bytes');
    case 'public':
      return { ok: true };
  }
}

/** Both names follow PEERSTER-9; the destination may be empty (PEERSTER-18). Code `bad-name`. */
export function checkNames(rumor: Pick<Rumor, 'origin' | 'destination'>, profile: Profile): Verdict<'bad-name'> {
  if (!isAcceptedName(rumor.origin, profile)) return reject('bad-name', 'the origin is no name');
  if (rumor.destination.length > 0 && !isAcceptedName(rumor.destination, profile)) {
    return reject('bad-name', 'the destination is no name');
  }
  return { ok: true };
}

/**
 * The number lies below 2^24 and a public text has at most 1,024 bytes (strict, PEERSTER-19 and PEERSTER-20); the whole
 * message fits a datagram that we would send (both profiles, PEERSTER-20). Codes `number-too-large`, `content-too-long`.
 */
export function checkSize(rumor: Rumor, profile: Profile): Verdict<'number-too-large' | 'content-too-long'> {
  if (profile === 'strict') {
    if (rumor.id >= PEERSTER_LIMITS.messageNumber) return reject('number-too-large', `number ${rumor.id} reaches 2^24`);
    if (messageKind(rumor) === 'public' && rumor.content.length > PEERSTER_LIMITS.publicTextBytes) {
      return reject('content-too-long', `a public text of ${rumor.content.length} bytes`);
    }
  }
  const bytes = rumorDatagramBytes(rumor);
  if (bytes > PEERSTER_LIMITS.datagramBytes) return reject('content-too-long', `a datagram of ${bytes} bytes`);
  return { ok: true };
}

/** The hash has at least `target` zero bits (PEERSTER-21). Code `insufficient-work`. */
export function checkWork(hash: Uint8Array, target: number): Verdict<'insufficient-work'> {
  const bits = countZeroBits(hash);
  return bits >= target ? { ok: true } : reject('insufficient-work', `${bits} zero bits where ${target} are wanted`);
}

/** The content of an announcement is a key whose name is the origin (PEERSTER-22). Codes `bad-key`, `name-mismatch`. */
export function checkAnnouncement(
  rumor: Pick<Rumor, 'origin' | 'content'>,
  profile: Profile,
): Verdict<'bad-key' | 'name-mismatch'> {
  const key = checkPublicKey(rumor.content, profile);
  if (!key.ok) return key;
  const name = deriveName(rumor.content);
  if (nameText(rumor.origin) !== name) return reject('name-mismatch', `the announced key has the name ${name}`);
  return { ok: true };
}

/** The announced key of the origin made the signature (PEERSTER-23). Codes `unknown-origin`, `bad-signature`. */
export function checkAuthor(
  rumor: Rumor,
  context: Pick<MessageContext, 'keyOf'>,
): Verdict<'unknown-origin' | 'bad-signature'> {
  const key = context.keyOf(nameText(rumor.origin));
  if (key === undefined) return reject('unknown-origin', 'the origin has announced no key here');
  if (!key.verify(signedPayload(rumor), rumor.signature)) {
    return reject('bad-signature', 'the signature is not one of the announced key');
  }
  return { ok: true };
}

/** What becomes of a valid message beside those stored (PEERSTER-25, PEERSTER-26). */
export type Placement = 'new' | 'replacing' | 'duplicate' | 'higher-hash' | 'out-of-order';

/**
 * Where a valid message belongs (PEERSTER-25, PEERSTER-26): `next` is the number that its origin has not used here,
 * `stored` the hash of the stored message of the same number, undefined where there is none.
 * Of two versions the lower hash wins, compared as unsigned big-endian numbers.
 */
export function placeMessage(id: number, hash: Uint8Array, next: number, stored: Uint8Array | undefined): Placement {
  if (id === next) return 'new';
  if (id > next || stored === undefined) return 'out-of-order';
  const order = compareBytes(hash, stored);
  if (order === 0) return 'duplicate';
  return order < 0 ? 'replacing' : 'higher-hash';
}

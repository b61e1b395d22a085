import { PEERSTER_LIMITS } from './limits.ts';
import { signedPayload } from './message.ts';
import { deriveName, nameBytes } from './name.ts';
import { sealPrivate } from './private-content.ts';
import type { RsaPrivateKey, RsaPublicKey } from './provider.ts';
import type { RandomSource } from './random.ts';
import type { Rumor } from './rumor.ts';

/** A message that still lacks its proof of work. */
export type Draft = Omit<Rumor, 'nonce'>;

const NO_BYTES: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/** The key announcement of an identity, number 0 (PEERSTER-10, PEERSTER-22): destination and signature are empty. */
export function composeAnnouncement(key: RsaPublicKey): Draft {
  const origin = nameBytes(deriveName(key.bytes));
  return { origin, destination: NO_BYTES, id: 0, content: key.bytes, signature: NO_BYTES };
}

/** A signed public message (PEERSTER-10). `text` is UTF-8; `id` is the author's next number, at least 1. */
export function composePublic(key: RsaPrivateKey, id: number, text: Uint8Array, random: RandomSource): Draft {
  return signed(key, { destination: NO_BYTES, id, content: text }, random);
}

/**
 * A signed and encrypted private message (PEERSTER-10, PEERSTER-14). `text` is UTF-8 of at most 190 bytes, `RangeError`
 * otherwise; the recipient's key comes from its announcement.
 */
export function composePrivate(
  key: RsaPrivateKey,
  id: number,
  recipient: RsaPublicKey,
  text: Uint8Array,
  random: RandomSource,
): Draft {
  const { seedBytes } = PEERSTER_LIMITS;
  const seeds = { sender: random(seedBytes), recipient: random(seedBytes) };
  const content = sealPrivate(text, { sender: key.publicKey, recipient }, seeds);
  return signed(key, { destination: nameBytes(deriveName(recipient.bytes)), id, content }, random);
}

function signed(
  key: RsaPrivateKey,
  fields: Pick<Rumor, 'destination' | 'id' | 'content'>,
  random: RandomSource,
): Draft {
  const unsigned = { origin: nameBytes(deriveName(key.publicKey.bytes)), ...fields };
  return { ...unsigned, signature: key.sign(signedPayload(unsigned), random(PEERSTER_LIMITS.saltBytes)) };
}

import { type Profile, reject, type Verdict } from '@rookery/wire';
import type { CurveBackend } from './backend.ts';
import { equalBytes } from './bytes.ts';
import type { KeyCode } from './codes.ts';
import { messageDigest } from './digest.ts';
import { defaultBackend } from './noble-backend.ts';
import { isPublicKeySyntax } from './public-key.ts';
import { recoverUnreduced } from './recovery.ts';
import { isScalar } from './scalar.ts';
import { decodeSignature, type MessageSignature } from './signature.ts';

/** How a signature is judged. */
export interface VerifyOptions {
  /** `canonical` (the default) refuses r and s outside 1…n−1; `deployed` reduces them as deployed nodes do. */
  readonly profile?: Profile;
  /** Who does the curve work; noble if left out. */
  readonly backend?: CurveBackend;
}

/**
 * Judges a signature before any curve work and takes it apart: its length (KEY-6) and header (KEY-7), `bad-signature-format`; in the
 * canonical profile that r and s are of 1…n−1 (KEY-8), `scalar-out-of-range`. `inRange` says so in both.
 */
export function checkSignatureForm(
  signature: Uint8Array,
  profile: Profile = 'canonical',
): Verdict<KeyCode, { readonly parts: MessageSignature; readonly inRange: boolean }> {
  const parts = decodeSignature(signature);
  if (parts === undefined) {
    return reject('bad-signature-format', 'a signature has 65 bytes and a header of 27 to 29 or 31 to 33');
  }
  const inRange = isScalar(parts.compact.subarray(0, 32)) && isScalar(parts.compact.subarray(32));
  if (!inRange && profile === 'canonical') return reject('scalar-out-of-range', 'r or s is not of 1 to n - 1');
  return { ok: true, parts, inRange };
}

/**
 * Decides whether a message was signed with the key of a registration.
 *
 * `signature` is 65 bytes: header, r, s. `publicKey` is what the chain holds, unchecked. In order: the key must look like one
 * (KEY-1, `bad-key`), the signature must have its form (KEY-6, KEY-7, `bad-signature-format`), r and s their range in the
 * canonical profile (KEY-8, `scalar-out-of-range`), and recovery must give the same serialised key in the form that the header
 * states (KEY-10, `bad-signature`). A registered hybrid key therefore never matches, as deployed. High s is accepted in both profiles.
 * Signatures are malleable: nothing may be identified by one (W22).
 */
export function verifySignature(
  message: Uint8Array,
  signature: Uint8Array,
  publicKey: Uint8Array,
  options: VerifyOptions = {},
): Verdict<KeyCode> {
  if (!isPublicKeySyntax(publicKey))
    return reject('bad-key', 'the registered bytes do not have the form of a public key');
  const form = checkSignatureForm(signature, options.profile);
  if (!form.ok) return form;
  const { parts, inRange } = form;
  const backend = options.backend ?? defaultBackend();
  const sameForm = parts.compressed === (publicKey.length === 33);
  if (sameForm) {
    const digest = messageDigest(message);
    const holds = inRange
      ? backend.matches(digest, parts.compact, parts.recovery, publicKey)
      : matchesUnreduced(digest, parts, publicKey, backend);
    if (holds) return { ok: true };
  }
  return reject('bad-signature', 'the signature does not hold under the key');
}

/**
 * The public key with which a message was signed, serialised in the form that the signature's header states.
 * Undefined if the signature has another form (KEY-6, KEY-7), its numbers are out of range (KEY-8) or name no key (KEY-9, KEY-10).
 */
export function recoverSigner(
  message: Uint8Array,
  signature: Uint8Array,
  options: VerifyOptions = {},
): Uint8Array | undefined {
  const form = checkSignatureForm(signature, options.profile);
  if (!form.ok) return undefined;
  const { parts, inRange } = form;
  const backend = options.backend ?? defaultBackend();
  const digest = messageDigest(message);
  const signer = inRange
    ? backend.recover(digest, parts.compact, parts.recovery)
    : recoverUnreduced(digest, parts.compact, parts.recovery, backend);
  return signer && inStatedForm(signer, parts, backend);
}

function matchesUnreduced(
  digest: Uint8Array,
  parts: MessageSignature,
  publicKey: Uint8Array,
  backend: CurveBackend,
): boolean {
  const signer = recoverUnreduced(digest, parts.compact, parts.recovery, backend);
  const serialised = signer && inStatedForm(signer, parts, backend);
  return serialised !== undefined && equalBytes(serialised, publicKey);
}

function inStatedForm(signer: Uint8Array, parts: MessageSignature, backend: CurveBackend): Uint8Array | undefined {
  return parts.compressed ? signer : backend.expandPublicKey(signer);
}

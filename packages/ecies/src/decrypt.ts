import { type CurveBackend, defaultBackend } from '@rookery/keys';
import { type Profile, type Rejection, reject, type Verdict } from '@rookery/wire';
import type { EciesCode } from './codes.ts';
import { checkEnvelope, type Envelope } from './envelope.ts';
import { ECIES_LIMITS } from './limits.ts';
import { bodyMac, decryptBody, deriveEnvelopeKeys, equalMacs } from './secret-box.ts';

/** How an envelope is judged and who does the curve work. */
export interface OpenOptions {
  /** `canonical` (the default) or `deployed`; see {@link checkEnvelope}. */
  readonly profile?: Profile;
  /** noble if left out. */
  readonly backend?: CurveBackend;
}

/**
 * Opens an envelope with one secret.
 *
 * In order: the lengths (ECIES-2, ECIES-3, `bad-envelope`), the point (ECIES-4, `bad-key`), the MAC (ECIES-7, `bad-mac`), and only then
 * the cipher. Padding is never looked at: the plaintext is the first `orig` bytes, so that envelopes of other programs, which pad
 * in other ways, open too (W25). All that a sender can learn is whether the MAC held. Who sent it is not checked here.
 * Throws `RangeError` for a secret that is not 32 bytes of 1…n−1.
 */
export function openEnvelope(
  envelope: Envelope,
  secret: Uint8Array,
  options: OpenOptions = {},
): Verdict<EciesCode, { readonly plaintext: Uint8Array }> {
  const shape = checkEnvelope(envelope, options.profile);
  if (!shape.ok) return shape;
  return openShaped(envelope, envelope.key, secret, options.backend ?? defaultBackend());
}

/** Bounds of {@link openWithAny}. */
export interface TrialOptions extends OpenOptions {
  /** Most secrets to try. */
  readonly maxTried?: number;
}

/** What a trial decryption found and how much it worked for it. */
export interface Trial {
  /** The first secret that opened the envelope, by its place, and the plaintext. */
  readonly opened?: { readonly index: number; readonly plaintext: Uint8Array };
  /** Why nobody can open it: its lengths or its point are wrong. */
  readonly refused?: Rejection<EciesCode>;
  /** Curve multiplications done, one a secret. */
  readonly tried: number;
  /** Whether secrets were left untried because of the bound. */
  readonly capped: boolean;
}

/**
 * Tries secrets one after the other until one opens the envelope, as a wallet with several users must, since an envelope does
 * not name its recipient (W21). Stops after `maxTried` secrets (`ECIES_LIMITS.trialSecrets` if left out) and says how many it tried, for a budget.
 * An envelope that nobody can open costs no multiplication. Each secret is judged as by {@link openEnvelope}. Rule ECIES-8.
 */
export function openWithAny(envelope: Envelope, secrets: Iterable<Uint8Array>, options: TrialOptions = {}): Trial {
  const maxTried = options.maxTried ?? ECIES_LIMITS.trialSecrets;
  const backend = options.backend ?? defaultBackend();
  const shape = checkEnvelope(envelope, options.profile);
  if (!shape.ok) return { refused: shape, tried: 0, capped: false };
  const point = backend.expandPublicKey(envelope.key);
  if (point === undefined) return { refused: badKey(), tried: 0, capped: false };
  let tried = 0;
  for (const secret of secrets) {
    if (tried >= maxTried) return { tried, capped: true };
    const result = openShaped(envelope, point, secret, backend);
    tried += 1;
    if (result.ok) return { opened: { index: tried - 1, plaintext: result.plaintext }, tried, capped: false };
    if (result.code !== 'bad-mac') return { refused: result, tried, capped: false };
  }
  return { tried, capped: false };
}

function openShaped(
  { mac, orig, body }: Envelope,
  point: Uint8Array,
  secret: Uint8Array,
  backend: CurveBackend,
): Verdict<EciesCode, { readonly plaintext: Uint8Array }> {
  const sharedX = backend.sharedSecret(secret, point);
  if (sharedX === undefined) return badKey();
  const keys = deriveEnvelopeKeys(sharedX);
  if (!equalMacs(bodyMac(body, keys), mac))
    return reject('bad-mac', 'the envelope is not for this secret, or was changed');
  // The deployed profile comes here with any length; deployed nodes fail in the cipher then.
  if (body.length % ECIES_LIMITS.blockBytes !== 0) return reject('bad-envelope', 'the body must be whole blocks');
  return { ok: true, plaintext: decryptBody(body, keys).slice(0, orig) };
}

function badKey(): Rejection<EciesCode> {
  return reject('bad-key', 'the key of the envelope is no point of the curve');
}

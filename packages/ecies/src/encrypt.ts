import { type CurveBackend, defaultBackend } from '@rookery/keys';
import type { Envelope } from './envelope.ts';
import { EciesError } from './errors.ts';
import { bodyMac, deriveEnvelopeKeys, encryptBody } from './secret-box.ts';

/**
 * Encrypts a message for the holder of a public key. Rules ECIES-4 … ECIES-7.
 *
 * `publicKey` is any encoding of a point, as registered. `ephemeralSecret` is 32 bytes of 1…n−1: it must be fresh random for every
 * envelope and never used again, as it alone makes keys and ciphertext differ (W17). The body is as long as the plaintext up to the next multiple of 16,
 * so lengths show (W20). The sender is not authenticated; that is what the post's signature does.
 * Throws `EciesError` `bad-key` where the registered key is no point, `RangeError` for a secret out of range.
 */
export function encryptEnvelope(
  publicKey: Uint8Array,
  plaintext: Uint8Array,
  ephemeralSecret: Uint8Array,
  backend: CurveBackend = defaultBackend(),
): Envelope {
  const sharedX = backend.sharedSecret(ephemeralSecret, publicKey);
  if (sharedX === undefined) throw new EciesError('bad-key', 0, 'the recipient has no usable public key');
  const keys = deriveEnvelopeKeys(sharedX);
  const body = encryptBody(plaintext, keys);
  return {
    key: backend.derivePublicKey(ephemeralSecret, true),
    mac: bodyMac(body, keys),
    orig: plaintext.length,
    body,
  };
}

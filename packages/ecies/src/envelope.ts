import type { Profile } from '@rookery/wire';
import { type BencodeDict, type BencodeNode, bencodeDict, reject, type Verdict } from '@rookery/wire';
import type { EciesCode } from './codes.ts';
import { ECIES_LIMITS } from './limits.ts';

/** An encrypted message as a post carries it, in the dictionary `dm` or `pfav`. */
export interface Envelope {
  /** Ephemeral public key: 33 bytes; deployed nodes take every encoding of a point. */
  readonly key: Uint8Array;
  /** HMAC-SHA-512 of the body, 64 bytes. */
  readonly mac: Uint8Array;
  /** Length of the plaintext in bytes, 0…length of the body; nothing authenticates it. */
  readonly orig: number;
  /** AES-256-CBC with a zero IV, a multiple of 16 bytes, possibly none. */
  readonly body: Uint8Array;
}

/**
 * Reads an envelope from its dictionary; the bytes are views. Refuses with `bad-envelope` where a field is missing, has another type, or
 * `orig` is no safe integer. Further keys are left alone. Lengths are judged by {@link checkEnvelope}. Rule ECIES-1.
 */
export function envelopeFromNode(node: BencodeNode): Verdict<EciesCode, { readonly envelope: Envelope }> {
  if (node.kind !== 'dict') return reject('bad-envelope', 'an envelope is a dictionary');
  const key = node.getBytes('key');
  const mac = node.getBytes('mac');
  const body = node.getBytes('body');
  const orig = node.getNumber('orig');
  if (key === undefined || mac === undefined || body === undefined || orig === undefined) {
    return reject('bad-envelope', 'key, mac and body must be byte strings and orig an integer');
  }
  return { ok: true, envelope: { key, mac, orig, body } };
}

/** The dictionary of an envelope, keys sorted. Rule ECIES-1. */
export function envelopeToBencode({ key, mac, orig, body }: Envelope): BencodeDict {
  return bencodeDict({ body, key, mac, orig });
}

/**
 * Judges the lengths in an envelope before any key is used. Rules ECIES-2 and ECIES-3, code `bad-envelope`.
 * Both profiles refuse an `orig` that is no integer of 0…length of the body: deployed nodes would allocate what it says (W19).
 * The canonical one also wants a key of 33 bytes, a MAC of 64 and a body of whole blocks.
 */
export function checkEnvelope(envelope: Envelope, profile: Profile = 'canonical'): Verdict<EciesCode> {
  const { key, mac, orig, body } = envelope;
  if (!Number.isInteger(orig) || orig < 0 || orig > body.length) {
    return reject('bad-envelope', 'orig must be of 0 to the length of the body');
  }
  if (profile === 'deployed') return { ok: true };
  if (key.length !== ECIES_LIMITS.keyBytes) return reject('bad-envelope', 'the key must have 33 bytes');
  if (mac.length !== ECIES_LIMITS.macBytes) return reject('bad-envelope', 'the MAC must have 64 bytes');
  if (body.length % ECIES_LIMITS.blockBytes !== 0) return reject('bad-envelope', 'the body must be whole blocks');
  return { ok: true };
}

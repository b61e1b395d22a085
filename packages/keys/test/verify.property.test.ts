import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createNobleBackend, keyId, messageDigest, recoverSigner, verifySignature } from '../src/index.ts';
import { signRaw } from '../src/raw.ts';
import { CURVE_ORDER, FIELD_PRIME } from '../src/scalar.ts';
import { anyWords, hex, joined, keyLike, secrets, word } from './arbitraries.ts';

const backend = createNobleBackend();
const messages = fc.uint8Array({ maxLength: 300 });
const profiles = fc.constantFrom('canonical' as const, 'deployed' as const);

describe('verification', () => {
  it('accepts what was signed, in the form that was signed for (KEY-10, KEY-11)', () => {
    fc.assert(
      fc.property(messages, secrets, fc.boolean(), profiles, (message, secret, compressed, profile) => {
        const signature = signRaw(message, secret, compressed, backend);
        const key = backend.derivePublicKey(secret, compressed);
        const otherForm = backend.derivePublicKey(secret, !compressed);
        expect(verifySignature(message, signature, key, { profile, backend })).toEqual({ ok: true });
        expect(verifySignature(message, signature, otherForm, { profile, backend })).toMatchObject({
          code: 'bad-signature',
        });
        expect(hex(recoverSigner(message, signature, { profile, backend })!)).toBe(hex(key));
      }),
    );
  });

  it('refuses any flipped bit of message or signature', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 80 }),
        secrets,
        fc.nat(),
        profiles,
        (message, secret, at, profile) => {
          const signature = signRaw(message, secret, true, backend);
          const key = backend.derivePublicKey(secret, true);
          const whole = joined(signature, message);
          const bit = at % (8 * whole.length);
          whole[bit >> 3] = (whole[bit >> 3] as number) ^ (1 << (bit & 7));
          const verdict = verifySignature(whole.subarray(65), whole.subarray(0, 65), key, { profile, backend });
          expect(verdict.ok).toBe(false);
        },
      ),
    );
  });

  it('refuses a signature cut at any offset', () => {
    const signature = signRaw(Uint8Array.of(1), word(5n), true, backend);
    const key = backend.derivePublicKey(word(5n), true);
    for (let length = 0; length < 65; length += 1) {
      const verdict = verifySignature(Uint8Array.of(1), signature.subarray(0, length), key, { backend });
      expect(verdict).toMatchObject({ ok: false, code: 'bad-signature-format' });
    }
  });

  it('agrees with recovery on any input, in both profiles', () => {
    fc.assert(
      fc.property(
        messages,
        fc.integer({ min: 24, max: 38 }),
        anyWords,
        anyWords,
        profiles,
        fc.boolean(),
        keyLike,
        (message, header, r, s, profile, takeSigner, other) => {
          const signature = joined(Uint8Array.of(header), r, s);
          const signer = recoverSigner(message, signature, { profile, backend });
          const key = takeSigner && signer !== undefined ? signer : other;
          const expected = signer !== undefined && hex(keyId(signer)) === hex(keyId(key));
          expect(verifySignature(message, signature, key, { profile, backend }).ok).toBe(expected);
        },
      ),
    );
  });

  it('reads numbers in range alike in both profiles, and the canonical one takes no others (KEY-8)', () => {
    fc.assert(
      fc.property(messages, fc.constantFrom(27, 28, 29, 31, 32, 33), anyWords, anyWords, (message, header, r, s) => {
        const signature = joined(Uint8Array.of(header), r, s);
        const inRange = [r, s].every((bytes) => {
          const value = BigInt(`0x${hex(bytes)}`);
          return value > 0n && value < CURVE_ORDER;
        });
        const canonical = recoverSigner(message, signature, { backend });
        const deployed = recoverSigner(message, signature, { profile: 'deployed', backend });
        if (inRange) expect(canonical && hex(canonical)).toBe(deployed && hex(deployed));
        else expect(canonical).toBeUndefined();
      }),
    );
  });

  it('gives r and s their residues as deployed (KEY-9)', () => {
    const most = FIELD_PRIME - CURVE_ORDER;
    fc.assert(
      fc.property(
        messages,
        fc.bigInt({ min: 1n, max: most - 1n }),
        fc.bigInt({ min: 1n, max: 2n ** 256n - 1n - CURVE_ORDER }),
        fc.nat(1),
        (message, r, s, parity) => {
          const digest = messageDigest(message);
          const expected = backend.recover(digest, joined(word(r), word(s)), 2 | parity);
          const raised = joined(Uint8Array.of(31 + parity), word(r + CURVE_ORDER), word(s + CURVE_ORDER));
          const signer = recoverSigner(message, raised, { profile: 'deployed', backend });
          expect(signer && hex(signer)).toBe(expected && hex(expected));
        },
      ),
    );
  });

  it('takes the other s of a signature, with the other recovery id (W22)', () => {
    const message = Uint8Array.of(1, 2, 3);
    const signature = signRaw(message, word(99n), true, backend);
    const s = BigInt(`0x${hex(signature.subarray(33))}`);
    const header = 31 + (((signature[0] as number) - 31) ^ 1);
    const other = joined(Uint8Array.of(header), signature.subarray(1, 33), word(CURVE_ORDER - s));
    const key = backend.derivePublicKey(word(99n), true);
    expect(verifySignature(message, other, key, { backend })).toEqual({ ok: true });
  });
});

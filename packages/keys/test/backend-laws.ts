import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CurveBackend, createNobleBackend, messageDigest } from '../src/index.ts';
import { CURVE_ORDER } from '../src/scalar.ts';
import { anyWords, hex, joined, keyLike, secrets, signatures, unhex, word, words } from './arbitraries.ts';
import { BIP340_VECTORS } from './bip340-vectors.ts';
import { capturedKeys, capturedPosts } from './captured.ts';

function shown(bytes: Uint8Array | undefined): string | undefined {
  return bytes && hex(bytes);
}

/**
 * What every backend must do, and do alike: published values, captured signatures, and the same bytes as plain noble
 * for every input, misuse included. Each backend's package runs this suite.
 */
export function describeBackend(name: string, make: () => CurveBackend | Promise<CurveBackend>): void {
  describe(`curve backend ${name}`, async () => {
    const backend = await make();
    const plain = createNobleBackend({ tables: 0 });

    it('derives the captured public keys', () => {
      for (const { privHex, pubHex } of capturedKeys()) {
        expect(hex(backend.derivePublicKey(unhex(privHex), true))).toBe(pubHex);
        const expanded = backend.expandPublicKey(unhex(pubHex));
        expect(shown(expanded)).toBe(hex(backend.derivePublicKey(unhex(privHex), false)));
      }
    });

    it('recovers and matches the signers of captured posts', () => {
      for (const { signedBytes, signature, recoveredPubKey } of capturedPosts()) {
        const digest = messageDigest(unhex(signedBytes));
        const compact = unhex(signature.slice(2));
        const recovery = Number.parseInt(signature.slice(0, 2), 16) - 31;
        const key = unhex(recoveredPubKey);
        expect(shown(backend.recover(digest, compact, recovery))).toBe(recoveredPubKey);
        expect(backend.matches(digest, compact, recovery, key)).toBe(true);
        expect(backend.matches(digest, compact, recovery, backend.expandPublicKey(key) as Uint8Array)).toBe(true);
        expect(backend.matches(digest, compact, recovery ^ 1, key)).toBe(false);
      }
    });

    it('signs as published: key 1, SHA-256 of "Satoshi Nakamoto"', () => {
      const digest = unhex('a0dc65ffca799873cbea0ac274015b9526505daaaed385155425f7337704883e');
      expect(hex(backend.sign(digest, word(1n)).compact)).toBe(
        '934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8' +
          '2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5',
      );
    });

    it('signs the same bytes as noble, with low s, and recovers them', () => {
      fc.assert(
        fc.property(anyWords, secrets, (digest, secret) => {
          const { compact, recovery } = backend.sign(digest, secret);
          const reference = plain.sign(digest, secret);
          expect([hex(compact), recovery]).toEqual([hex(reference.compact), reference.recovery]);
          expect(BigInt(`0x${hex(compact.subarray(32))}`) <= CURVE_ORDER / 2n).toBe(true);
          const publicKey = backend.derivePublicKey(secret, true);
          expect(shown(backend.recover(digest, compact, recovery))).toBe(hex(publicKey));
          expect(backend.matches(digest, compact, recovery, publicKey)).toBe(true);
        }),
      );
    });

    it('recovers what noble recovers, from any numbers', () => {
      fc.assert(
        fc.property(anyWords, signatures, (digest, { compact, recovery }) => {
          const reference = plain.recover(digest, compact, recovery);
          expect(shown(backend.recover(digest, compact, recovery))).toBe(shown(reference));
        }),
      );
    });

    it('matches exactly the key that recovery gives, in either form', () => {
      fc.assert(
        fc.property(anyWords, signatures, keyLike, (digest, { compact, recovery }, other) => {
          const signer = plain.recover(digest, compact, recovery);
          expect(backend.matches(digest, compact, recovery, other)).toBe(false);
          if (signer === undefined) return;
          const long = plain.expandPublicKey(signer) as Uint8Array;
          const hybrid = Uint8Array.from(long);
          hybrid[0] = 6 + ((long[64] as number) & 1);
          const negated = Uint8Array.from(signer);
          negated[0] = (signer[0] as number) ^ 1;
          expect(backend.matches(digest, compact, recovery, signer)).toBe(true);
          expect(backend.matches(digest, compact, recovery, long)).toBe(true);
          expect(backend.matches(digest, compact, recovery, hybrid)).toBe(false);
          expect(backend.matches(digest, compact, recovery, negated)).toBe(false);
        }),
      );
    });

    it('has no key where the sum is the point at infinity', () => {
      const digest = messageDigest(Uint8Array.of(1));
      const nonce = word(7n);
      const noncePoint = plain.derivePublicKey(nonce, true);
      // With R = 7·G, s = e/7 makes s·R − e·G vanish.
      const inverse = (() => {
        let power = 1n;
        for (let base = 7n, rest = CURVE_ORDER - 2n; rest > 0n; rest >>= 1n) {
          if (rest & 1n) power = (power * base) % CURVE_ORDER;
          base = (base * base) % CURVE_ORDER;
        }
        return power;
      })();
      const s = word((BigInt(`0x${hex(digest)}`) * inverse) % CURVE_ORDER);
      const compact = joined(noncePoint.subarray(1), s);
      const recovery = (noncePoint[0] as number) - 2;
      expect(backend.recover(digest, compact, recovery)).toBeUndefined();
      expect(backend.recover(digest, compact, recovery ^ 1)).toBeDefined();
    });

    it('reads the encodings of points that noble reads, and hybrid ones of the right parity', () => {
      fc.assert(
        fc.property(keyLike, secrets, (bytes, secret) => {
          expect(shown(backend.expandPublicKey(bytes))).toBe(shown(plain.expandPublicKey(bytes)));
          const long = backend.derivePublicKey(secret, false);
          const odd = (long[64] as number) & 1;
          const hybrid = Uint8Array.from(long);
          hybrid[0] = 6 + odd;
          expect(shown(backend.expandPublicKey(hybrid))).toBe(hex(long));
          hybrid[0] = 7 - odd;
          expect(backend.expandPublicKey(hybrid)).toBeUndefined();
        }),
      );
    });

    it('agrees with noble on shared secrets, whichever side computes them', () => {
      fc.assert(
        fc.property(secrets, secrets, keyLike, (one, two, bytes) => {
          const shared = backend.sharedSecret(one, backend.derivePublicKey(two, true));
          expect(shared?.length).toBe(32);
          expect(shown(backend.sharedSecret(two, backend.derivePublicKey(one, false)))).toBe(shown(shared));
          expect(shown(plain.sharedSecret(one, plain.derivePublicKey(two, true)))).toBe(shown(shared));
          expect(shown(backend.sharedSecret(one, bytes))).toBe(shown(plain.sharedSecret(one, bytes)));
        }),
      );
    });

    it.each(BIP340_VECTORS)(
      'decides BIP 340: $comment',
      ({ secret, publicKey, auxiliary, message, signature, valid }) => {
        expect(backend.schnorrVerify(unhex(signature), unhex(message), unhex(publicKey))).toBe(valid);
        if (secret === undefined || auxiliary === undefined) return;
        expect(hex(backend.schnorrPublicKey(unhex(secret)))).toBe(publicKey);
        expect(hex(backend.schnorrSign(unhex(message), unhex(secret), unhex(auxiliary)))).toBe(signature);
      },
    );

    it('makes the BIP 340 signatures of noble, and refuses them with any bit flipped', () => {
      fc.assert(
        fc.property(words, secrets, words, fc.nat(511), (message, secret, auxiliary, bit) => {
          const signature = backend.schnorrSign(message, secret, auxiliary);
          const publicKey = backend.schnorrPublicKey(secret);
          expect(hex(signature)).toBe(hex(plain.schnorrSign(message, secret, auxiliary)));
          expect(backend.schnorrVerify(signature, message, publicKey)).toBe(true);
          const changed = Uint8Array.from(signature);
          changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
          expect(backend.schnorrVerify(changed, message, publicKey)).toBe(false);
          expect(backend.schnorrVerify(signature.subarray(1), message, publicKey)).toBe(false);
          expect(backend.schnorrVerify(signature, message, publicKey.subarray(1))).toBe(false);
        }),
      );
    });

    it('throws RangeError for misuse and nothing else', () => {
      const digest = word(1n);
      const compact = joined(word(1n), word(1n));
      const key = backend.derivePublicKey(word(1n), true);
      for (const secret of [
        word(0n),
        word(CURVE_ORDER),
        word(2n ** 256n - 1n),
        new Uint8Array(31),
        new Uint8Array(33),
      ]) {
        expect(() => backend.derivePublicKey(secret, true)).toThrow(RangeError);
        expect(() => backend.sign(digest, secret)).toThrow(RangeError);
        expect(() => backend.sharedSecret(secret, key)).toThrow(RangeError);
        expect(() => backend.schnorrPublicKey(secret)).toThrow(RangeError);
        expect(() => backend.schnorrSign(digest, secret, digest)).toThrow(RangeError);
      }
      expect(() => backend.sign(digest.subarray(1), word(1n))).toThrow(RangeError);
      expect(() => backend.recover(digest.subarray(1), compact, 0)).toThrow(RangeError);
      expect(() => backend.recover(digest, compact.subarray(1), 0)).toThrow(RangeError);
      expect(() => backend.matches(digest, compact.subarray(1), 0, key)).toThrow(RangeError);
      for (const recovery of [-1, 4, 0.5, Number.NaN]) {
        expect(() => backend.recover(digest, compact, recovery)).toThrow(RangeError);
        expect(() => backend.matches(digest, compact, recovery, key)).toThrow(RangeError);
      }
      expect(() => backend.schnorrVerify(compact, digest.subarray(1), word(1n))).toThrow(RangeError);
      expect(() => backend.schnorrSign(digest, word(1n), digest.subarray(1))).toThrow(RangeError);
    });

    it('leaves its arguments as they were', () => {
      const digest = word(9n);
      const secret = word(CURVE_ORDER - 3n);
      const compact = joined(digest, digest);
      const key = backend.derivePublicKey(secret, false);
      const before = [digest, secret, compact, key].map(hex);
      backend.sign(digest, secret);
      backend.recover(digest, compact, 1);
      backend.matches(digest, compact, 1, key);
      backend.sharedSecret(secret, key);
      backend.schnorrVerify(backend.schnorrSign(digest, secret, digest), digest, backend.schnorrPublicKey(secret));
      expect([digest, secret, compact, key].map(hex)).toEqual(before);
    });
  });
}

import { createNobleBackend } from '@rookery/keys';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EciesError, type Envelope, encryptEnvelope, openEnvelope, openWithAny } from '../src/index.ts';
import { hex } from './hex.ts';

const backend = createNobleBackend();
const plaintexts = fc.uint8Array({ maxLength: 100 });
const secrets = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => {
  const secret = bytes.slice();
  secret[0] = 0x7f;
  return secret;
});
const profiles = fc.constantFrom('canonical' as const, 'deployed' as const);
const recipient = new Uint8Array(32).fill(5);
const recipientKey = backend.derivePublicKey(recipient, true);
const sealed = encryptEnvelope(recipientKey, new Uint8Array(40).fill(0x61), new Uint8Array(32).fill(6), backend);

describe('envelopes', () => {
  it('open for the recipient with what was put in, whichever form the key has', () => {
    fc.assert(
      fc.property(
        plaintexts,
        secrets,
        secrets,
        fc.boolean(),
        profiles,
        (plaintext, secret, ephemeral, compressed, profile) => {
          const envelope = encryptEnvelope(backend.derivePublicKey(secret, compressed), plaintext, ephemeral, backend);
          const opened = openEnvelope(envelope, secret, { profile, backend });
          expect(opened.ok && hex(opened.plaintext)).toBe(hex(plaintext));
          expect(envelope.key.length).toBe(33);
          expect(envelope.mac.length).toBe(64);
          expect(envelope.body.length).toBe(Math.ceil(plaintext.length / 16) * 16);
        },
      ),
    );
  });

  it('do not open for anybody else', () => {
    fc.assert(
      fc.property(plaintexts, secrets, secrets, secrets, (plaintext, secret, other, ephemeral) => {
        if (hex(secret) === hex(other)) return;
        const envelope = encryptEnvelope(backend.derivePublicKey(secret, true), plaintext, ephemeral, backend);
        expect(openEnvelope(envelope, other, { backend })).toMatchObject({ ok: false, code: 'bad-mac' });
      }),
    );
  });

  it('do not open with any bit of MAC or body changed, and all such changes look the same', () => {
    fc.assert(
      fc.property(fc.nat(8 * (64 + sealed.body.length) - 1), profiles, (bit, profile) => {
        const whole = new Uint8Array([...sealed.mac, ...sealed.body]);
        whole[bit >> 3] = (whole[bit >> 3] as number) ^ (1 << (bit & 7));
        const envelope = { ...sealed, mac: whole.subarray(0, 64), body: whole.subarray(64) };
        const verdict = openEnvelope(envelope, recipient, { profile, backend });
        expect(verdict).toEqual({ ok: false, code: 'bad-mac', detail: expect.any(String) });
      }),
    );
  });

  it('give a plaintext or a verdict for any bytes at all, never an error', () => {
    const parts = fc.uint8Array({ maxLength: 70 });
    const lengths = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(Number.NaN, Infinity, 2 ** 53, -0));
    const keys = fc.oneof(parts, fc.constant(sealed.key));
    fc.assert(
      fc.property(keys, parts, lengths, parts, profiles, (key, mac, orig, body, profile) => {
        const verdict = openEnvelope({ key, mac, orig, body }, recipient, { profile, backend });
        expect(verdict.ok || verdict.code).toMatch(/^bad-(envelope|key|mac)$/);
      }),
    );
  });

  it('are cut at every offset without an error', () => {
    for (const field of ['key', 'mac', 'body'] as const) {
      for (let length = 0; length < sealed[field].length; length += 1) {
        const envelope = { ...sealed, [field]: sealed[field].subarray(0, length) };
        expect(openEnvelope(envelope, recipient, { backend })).toMatchObject({ code: 'bad-envelope' });
      }
    }
  });

  it('allocate nothing for a length that was made up (ECIES-2)', () => {
    for (const orig of [41 + 8, 2 ** 31, 2 ** 52, Number.MAX_VALUE, -1, 0.5, Number.NaN]) {
      for (const profile of ['canonical', 'deployed'] as const) {
        expect(openEnvelope({ ...sealed, orig }, recipient, { profile, backend })).toMatchObject({
          code: 'bad-envelope',
        });
      }
    }
  });

  it('hand out bytes of their own', () => {
    const opened = openEnvelope(sealed, recipient, { backend });
    if (!opened.ok) throw new Error(opened.detail);
    expect(opened.plaintext.buffer.byteLength).toBe(40);
    opened.plaintext.fill(0);
    expect(openEnvelope(sealed, recipient, { backend })).toMatchObject({ ok: true });
  });

  it('cannot be written for a key that is no point', () => {
    const write = () => encryptEnvelope(new Uint8Array(33).fill(2, 0, 1), new Uint8Array(0), recipient, backend);
    expect(write).toThrow(EciesError);
    expect(() => encryptEnvelope(recipientKey, new Uint8Array(0), new Uint8Array(32), backend)).toThrow(RangeError);
  });
});

describe('trial decryption (ECIES-8)', () => {
  const others = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte));

  /** Counts the multiplications that a trial really does. */
  function counted(envelope: Envelope, tried: readonly Uint8Array[], maxTried?: number) {
    let multiplications = 0;
    const counting = {
      ...backend,
      sharedSecret: (secret: Uint8Array, key: Uint8Array) => {
        multiplications += 1;
        return backend.sharedSecret(secret, key);
      },
    };
    const trial = openWithAny(envelope, tried, { backend: counting, ...(maxTried === undefined ? {} : { maxTried }) });
    expect(trial.tried).toBe(multiplications);
    return trial;
  }

  it('finds the secret wherever it stands, and stops there', () => {
    for (let index = 0; index <= others.length; index += 1) {
      const tried = [...others.slice(0, index), recipient, ...others.slice(index)];
      const trial = counted(sealed, tried);
      expect(trial).toMatchObject({ opened: { index }, tried: index + 1, capped: false });
    }
  });

  it('stops at its bound and says so', () => {
    expect(counted(sealed, [...others, recipient], 3)).toEqual({ tried: 3, capped: true });
    expect(counted(sealed, [...others, recipient], 0)).toEqual({ tried: 0, capped: true });
    expect(counted(sealed, others, 3)).toEqual({ tried: 3, capped: false });
    expect(counted(sealed, [], 0)).toEqual({ tried: 0, capped: false });
  });

  it('does no work for an envelope that nobody can open', () => {
    expect(counted({ ...sealed, orig: -1 }, others)).toMatchObject({ refused: { code: 'bad-envelope' }, tried: 0 });
    const offCurve = Uint8Array.from(sealed.key, (byte, at) => (at === 0 ? byte : at === 32 ? 5 : 0));
    expect(counted({ ...sealed, key: offCurve }, others)).toMatchObject({ refused: { code: 'bad-key' }, tried: 0 });
  });
});

import { type BencodeValue, bencodeDict, decodeBencode, encodeBencode } from '@rookery/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkPut, checkReadValue, type SignedValue } from '../src/index.ts';
import { capturedPost, fields, NOW, signed, value, world } from './world.ts';

const [alice0, bob1, carol1] = [capturedPost('alice', 0), capturedPost('bob', 1), capturedPost('carol', 1)];
type Content = Parameters<typeof value>[0];

/** Values that honest users put. */
const honestPuts: readonly (readonly [sigUser: string, changes: Content])[] = [
  ['alice', {}],
  ['alice', { target: { n: 'alice', r: 'post0', t: 's' }, v: alice0 }],
  ['alice', { target: { n: 'alice', r: 'status', t: 's' }, v: alice0 }],
  ['alice', { target: { n: 'alice', r: 'mention', t: 'm' }, v: alice0, seq: undefined }],
  ['bob', { target: { n: 'alice', r: 'mention', t: 'm' }, v: bob1, seq: undefined }],
  ['bob', { target: { n: 'alice', r: 'replies0', t: 'm' }, v: bob1, seq: undefined }],
  ['carol', { target: { n: 'alice', r: 'rts0', t: 'm' }, v: carol1, seq: undefined }],
  ['carol', { target: { n: 'rt', r: 'hashtag', t: 'm' }, v: carol1, seq: undefined }],
];
const any64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
/** One field of them changed, or none. */
const change: fc.Arbitrary<Content> = fc.oneof(
  fc.constant({}),
  fc.record({ height: fc.oneof(fc.integer({ min: 0, max: 31 }), any64) }),
  fc.record({ time: fc.oneof(fc.integer({ min: NOW - 10_000, max: NOW + 10_000 }), any64) }),
  fc.record({ seq: fc.oneof(fc.nat(), any64, fc.constant(undefined)) }),
  fc.record({ v: fc.constantFrom<BencodeValue>(alice0, bob1, carol1, 1n, []) }),
  fc.record({
    target: fc.record({
      n: fc.constantFrom('alice', 'bob', 'test'),
      r: fc.constantFrom('profile', 'post0', 'mention', 'hashtag', 'replies0', 'custom', 'x'.repeat(33)),
      t: fc.constantFrom('s', 'm', 'x'),
    }),
  }),
);
const puts: fc.Arbitrary<SignedValue> = fc
  .tuple(fc.constantFrom(...honestPuts), change)
  .map(([[sigUser, content], changed]) => value({ ...content, ...changed }, sigUser));

test('both profiles take what honest users put', () => {
  for (const [sigUser, changes] of honestPuts) {
    for (const profile of ['canonical', 'deployed'] as const) {
      expect(checkPut(value(changes, sigUser), { ...world(), profile })).toMatchObject({ ok: true });
    }
  }
});

test('deployed nodes take whatever the canonical profile takes, to store and to read', () => {
  fc.assert(
    fc.property(puts, (put) => {
      const canonical = checkPut(put, world());
      const deployed = checkPut(put, { ...world(), profile: 'deployed' });
      if (!canonical.ok) return;
      expect(deployed.ok).toBe(true);
      const { target: asked } = canonical;
      const read = checkReadValue(put, { ...world(), target: asked });
      expect(read.ok || read.code === 'no-time').toBe(true);
      expect(checkReadValue(put, { ...world(), target: asked, profile: 'deployed' }).ok).toBe(read.ok);
    }),
  );
});

test('what the canonical profile takes survives being encoded anew', () => {
  fc.assert(
    fc.property(puts, (put) => {
      if (!checkPut(put, world()).ok) return;
      expect(encodeBencode(decodeBencode(put.p, { profile: 'deployed' }).value.toValue())).toEqual(put.p);
    }),
  );
});

describe('hostile input', () => {
  const honest = value();

  test('any bytes give a verdict', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.uint8Array({ maxLength: 70 }), fc.string(), (p, sigP, sigUser) => {
        for (const profile of ['canonical', 'deployed'] as const) {
          expect(checkPut({ p, sigP, sigUser }, { ...world(), profile }).ok).toBe(false);
        }
      }),
    );
  });

  test('a value cut anywhere is refused', () => {
    for (let length = 0; length < honest.p.length; length += 1) {
      const p = honest.p.subarray(0, length);
      expect(checkPut({ ...honest, p }, world())).toMatchObject({ ok: false, code: 'not-bencode' });
    }
  });

  test('any flipped bit is refused', () => {
    fc.assert(
      fc.property(fc.nat(8 * honest.p.length - 1), fc.constantFrom('canonical', 'deployed'), (bit, profile) => {
        const p = Uint8Array.from(honest.p);
        p[bit >> 3]! ^= 1 << (bit & 7);
        expect(checkPut({ ...honest, p }, { ...world(), profile }).ok).toBe(false);
        expect(checkReadValue({ ...honest, p }, { ...world(), profile, target: new Uint8Array(20) }).ok).toBe(false);
      }),
    );
  });

  test('deep nesting and long runs of anything are refused without recursion', () => {
    for (const byte of [...'dlie0:9'].map((letter) => letter.charCodeAt(0))) {
      const p = new Uint8Array(1_000_000).fill(byte);
      for (const profile of ['canonical', 'deployed'] as const) {
        expect(checkPut({ ...honest, p }, { ...world(), profile }).ok).toBe(false);
      }
    }
  });

  test('a signer with a lone surrogate is nobody', () => {
    expect(checkPut({ ...honest, sigUser: '\ud800' }, world())).toMatchObject({ code: 'unknown-user' });
  });

  test('names of objects are nobody', () => {
    for (const sigUser of ['__proto__', 'constructor', 'toString', '']) {
      expect(checkPut({ ...honest, sigUser }, world())).toMatchObject({ code: 'unknown-user' });
    }
  });
});

test('a further entry in the target is refused when put and when read', () => {
  const p = encodeBencode(bencodeDict(fields({ target: { n: 'alice', r: 'profile', t: 's', u: '' } })));
  expect(checkPut(signed(p, 'alice'), world())).toMatchObject({ code: 'bad-target' });
});

import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  checkAnnouncement,
  checkPublicKey,
  decodePublicKey,
  deriveName,
  encodePublicKey,
  isName,
  nameBytes,
} from '../src/index.ts';
import { hex, KEYS, unhex } from './captured.ts';

const keys = Object.values(KEYS);

test('the captured keys serialise as listed, fingerprint and name included (PEERSTER-6, PEERSTER-8)', () => {
  for (const { n, e, serialized_public_key, fingerprint_sha256, display_name } of keys) {
    const key = encodePublicKey({ modulus: BigInt(`0x${n}`), exponent: e });
    expect(hex(key)).toBe(serialized_public_key);
    expect(hex(sha256(key))).toBe(fingerprint_sha256);
    expect(deriveName(key)).toBe(display_name);
    expect(decodePublicKey(key)).toEqual({ modulus: BigInt(`0x${n}`), exponent: e });
    expect(checkPublicKey(key).ok).toBe(true);
  }
});

test('a flipped bit of a key changes the name or makes the announcement invalid (PEERSTER-22)', () => {
  for (const { serialized_public_key, display_name } of keys) {
    const origin = nameBytes(display_name);
    expect(checkAnnouncement({ origin, content: unhex(serialized_public_key) }, 'strict').ok).toBe(true);
    for (let bit = 0; bit < 8 * 260; bit += 1) {
      const content = unhex(serialized_public_key);
      content[bit >> 3]! ^= 1 << (bit & 7);
      expect(checkAnnouncement({ origin, content }, 'strict').ok).toBe(false);
      expect(checkAnnouncement({ origin, content }, 'compat').ok).toBe(false);
    }
  }
});

test('strict refuses keys that no honest node makes, compat only another length (PEERSTER-7)', () => {
  const good = unhex(keys[0]!.serialized_public_key);
  const altered = (change: (key: Uint8Array) => void) => {
    const key = good.slice();
    change(key);
    return key;
  };
  const odd = [
    altered((key) => key.set([0x7f], 0)),
    altered((key) => key.set([0], 0)),
    altered((key) => key.set([2], 255)),
    altered((key) => key.set([0, 0, 1, 0], 256)),
    altered((key) => key.set([1, 0, 0, 0], 256)),
    altered((key) => key.set([1, 0, 0, 0x80], 256)),
  ];
  for (const key of odd) {
    expect(checkPublicKey(key)).toMatchObject({ ok: false, code: 'bad-key' });
    expect(checkPublicKey(key, 'compat').ok).toBe(true);
  }
  for (const key of [good.subarray(1), new Uint8Array(261), new Uint8Array(0)]) {
    expect(checkPublicKey(key, 'compat')).toMatchObject({ ok: false, code: 'bad-key' });
  }
});

test('leading zero bytes of a modulus are no part of what the name hashes (PEERSTER-8)', () => {
  const key = unhex(keys[0]!.serialized_public_key);
  key.fill(0, 0, 2);
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  let bits = '';
  for (const byte of sha256(key.subarray(2)).subarray(0, 10)) bits += byte.toString(2).padStart(8, '0');
  const name = (bits.match(/.{5}/g) ?? []).map((group) => alphabet[Number.parseInt(group, 2)]).join('');
  expect(deriveName(key)).toBe(name);
});

test('every name is a name', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 260, maxLength: 260 }), (key) => {
      expect(isName(nameBytes(deriveName(key)))).toBe(true);
    }),
  );
});

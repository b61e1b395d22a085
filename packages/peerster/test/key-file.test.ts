import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decryptKeyFile, encryptKeyFile, isEncryptedKeyFile, PeersterError } from '../src/index.ts';
import { KEYS, unhex } from './captured.ts';

const pkcs8 = unhex(KEYS.A!.pkcs8_der);
const options = { salt: new Uint8Array(16).fill(1), nonce: new Uint8Array(24).fill(2), cost: 4 };
const file = encryptKeyFile(pkcs8, 'correct horse', options);

test('a key file opens with its passphrase and with no other (PEERSTER-42)', () => {
  expect(decryptKeyFile(file, 'correct horse')).toEqual(pkcs8);
  expect(isEncryptedKeyFile(file)).toBe(true);
  expect(isEncryptedKeyFile(pkcs8)).toBe(false);
  expect(() => decryptKeyFile(file, 'correct horse ')).toThrow(expect.objectContaining({ code: 'wrong-passphrase' }));
  expect(file.length).toBe(45 + pkcs8.length + 16);
});

test('any altered byte of a key file keeps it shut', () => {
  fc.assert(
    fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (position, flip) => {
      // A larger cost would be accepted and take minutes before it fails.
      if (position === 4) return;
      const altered = file.slice();
      altered[position]! ^= flip;
      expect(() => decryptKeyFile(altered, 'correct horse')).toThrow(PeersterError);
    }),
  );
});

test('what is no key file, or asks for too much work, is refused', () => {
  for (const bad of [
    new Uint8Array(0),
    pkcs8,
    file.subarray(0, 50),
    Uint8Array.from([...file.subarray(0, 4), 21, ...file.subarray(5)]),
  ]) {
    expect(() => decryptKeyFile(bad, 'correct horse')).toThrow(expect.objectContaining({ code: 'bad-key-file' }));
  }
  expect(() => encryptKeyFile(pkcs8, '', { ...options, cost: 21 })).toThrow(RangeError);
  expect(() => encryptKeyFile(pkcs8, '', { ...options, nonce: new Uint8Array(12) })).toThrow(RangeError);
});

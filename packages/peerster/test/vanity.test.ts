import { expect, test } from 'vitest';
import {
  checkPublicKey,
  decodePkcs8,
  deriveName,
  expectedNameTries,
  KeySearch,
  nameBytes,
  remainingNameMs,
  VanitySearch,
} from '../src/index.ts';
import { KEYS, unhex } from './captured.ts';
import { nodeRsa, pureRsa } from './identities.ts';
import { testRandom } from './mesh.ts';

const primes = unhex(KEYS.B!.pkcs8_der);

test('a name with a wanted prefix is found, and its key works in both providers (PEERSTER-43)', () => {
  const search = new VanitySearch('me', primes);
  let found = search.step(100);
  while (found === undefined) found = search.step(100);
  expect(found.name.startsWith('me')).toBe(true);
  expect(search.tried).toBeGreaterThan(0);
  const payload = nameBytes('signed');
  for (const rsa of [pureRsa, nodeRsa]) {
    const key = rsa.privateKey(found.pkcs8);
    expect(deriveName(key.publicKey.bytes)).toBe(found.name);
    expect(checkPublicKey(key.publicKey.bytes).ok).toBe(true);
    const signature = key.sign(payload, new Uint8Array(222));
    expect(pureRsa.publicKey(key.publicKey.bytes).verify(payload, signature)).toBe(true);
    expect(nodeRsa.publicKey(key.publicKey.bytes).verify(payload, signature)).toBe(true);
  }
  expect(decodePkcs8(found.pkcs8).modulus).toBe(decodePkcs8(primes).modulus);
});

test('expectations follow the length of the prefix (PEERSTER-43)', () => {
  expect(expectedNameTries('')).toBe(1);
  expect(expectedNameTries('abc')).toBe(32_768);
  expect(remainingNameMs('ab', 0, 0)).toBeUndefined();
  expect(remainingNameMs('ab', 512, 1_000)).toBe(2_000);
});

test('impossible prefixes and exponents are refused at once', () => {
  for (const prefix of ['Alice', 'bob1', 'o8', 'a'.repeat(17)]) {
    expect(() => new VanitySearch(prefix, primes)).toThrow(RangeError);
  }
  expect(() => new VanitySearch('a', primes, 65_538)).toThrow(RangeError);
  expect(() => new VanitySearch('a', primes, 3)).toThrow(RangeError);
  expect(() => new VanitySearch('a', primes, 2 ** 31 + 1)).toThrow(RangeError);
});

test('a search ends where the exponents end', () => {
  const search = new VanitySearch('aaaaaaaaaaaaaaaa', primes, 2 ** 31 - 3);
  expect(search.step(10)).toBeUndefined();
  expect(search.exhausted).toBe(true);
  expect(search.tried).toBe(2);
});

test('a key is generated from a seeded source, the same each time and in steps (PEERSTER-6)', () => {
  const whole = new KeySearch(testRandom(40));
  let key = whole.step(50);
  while (key === undefined) key = whole.step(50);
  const stepped = new KeySearch(testRandom(40));
  let again = stepped.step(7);
  while (again === undefined) again = stepped.step(7);
  expect(again).toEqual(key);
  const identity = nodeRsa.privateKey(key);
  expect(checkPublicKey(identity.publicKey.bytes).ok).toBe(true);
  const text = nameBytes('hello');
  expect(identity.decrypt(identity.publicKey.encrypt(text, new Uint8Array(32)))).toEqual(text);
});

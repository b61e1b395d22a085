import nodeCrypto from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodePkcs8, encodePkcs8, PEERSTER_LIMITS, PeersterError, type RsaProvider } from '../src/index.ts';
import { type CapturedRumor, hex, KEYS, RUMORS, unhex } from './captured.ts';
import { capturedIdentity, nodeRsa, pureRsa } from './identities.ts';

const providers: readonly (readonly [string, RsaProvider])[] = [
  ['pure', pureRsa],
  ['node', nodeRsa],
];
const signed = RUMORS.filter(({ signature }) => signature !== '');

function keyOf(rsa: RsaProvider, signer: string) {
  return rsa.publicKey(unhex(KEYS[signer]!.serialized_public_key));
}

test.each(providers)('all captured signatures verify with any salt length: %s (PEERSTER-13)', (_name, rsa) => {
  const lengths = new Set<number>();
  for (const { signer, signed_payload, signature, pss_salt_length } of signed) {
    expect(keyOf(rsa, signer).verify(unhex(signed_payload), unhex(signature))).toBe(true);
    lengths.add(pss_salt_length!);
  }
  expect([...lengths].sort((a, b) => a - b)).toEqual([0, 32, 222]);
});

test.each(providers)('one flipped bit of payload or signature is enough: %s', (_name, rsa) => {
  const { signer, signed_payload, signature } = signed[0]!;
  const key = keyOf(rsa, signer);
  const flips = fc.tuple(fc.constantFrom('payload', 'signature'), fc.nat());
  fc.assert(
    fc.property(flips, ([part, position]) => {
      const payload = unhex(signed_payload);
      const altered = unhex(signature);
      const bytes = part === 'payload' ? payload : altered;
      bytes[(position >> 3) % bytes.length]! ^= 1 << (position & 7);
      expect(key.verify(payload, altered)).toBe(false);
    }),
  );
});

test.each(providers)('signing with the captured salt gives the captured signature: %s', (_name, rsa) => {
  for (const { signer, signed_payload, signature, pss_salt } of signed) {
    const key = rsa.privateKey(unhex(KEYS[signer]!.pkcs8_der));
    expect(hex(key.sign(unhex(signed_payload), unhex(pss_salt!)))).toBe(signature);
  }
  expect(PEERSTER_LIMITS.saltBytes).toBe(222);
});

const sealed = RUMORS.filter(
  (rumor): rumor is CapturedRumor & Required<CapturedRumor> => rumor.sender_oaep_seed !== undefined,
);

test.each(providers)(
  'encrypting with the captured seeds gives the captured ciphertexts: %s (PEERSTER-15)',
  (_name, rsa) => {
    expect(sealed.length).toBeGreaterThan(0);
    for (const rumor of sealed) {
      const text = unhex(rumor.plaintext);
      const recipient = Object.entries(KEYS).find(([, key]) => key.display_name === rumor.destination)![0];
      expect(hex(keyOf(rsa, rumor.signer).encrypt(text, unhex(rumor.sender_oaep_seed)))).toBe(rumor.sender_ciphertext);
      expect(hex(keyOf(rsa, recipient).encrypt(text, unhex(rumor.recipient_oaep_seed)))).toBe(
        rumor.recipient_ciphertext,
      );
      const openWith = (name: string, ciphertext: string) =>
        rsa.privateKey(unhex(KEYS[name]!.pkcs8_der)).decrypt(unhex(ciphertext));
      expect(openWith(rumor.signer, rumor.sender_ciphertext)).toEqual(text);
      expect(openWith(recipient, rumor.recipient_ciphertext)).toEqual(text);
      expect(openWith('P', rumor.recipient_ciphertext)).toBeUndefined();
      expect(openWith(recipient, rumor.sender_ciphertext)).toBeUndefined();
    }
  },
);

test.each(providers)('190 bytes are encrypted, 191 refused before: %s', (_name, rsa) => {
  const identity = capturedIdentity('A', rsa);
  const seed = new Uint8Array(32).fill(7);
  const text = new Uint8Array(190).fill(0x61);
  expect(identity.decrypt(identity.publicKey.encrypt(text, seed))).toEqual(text);
  expect(() => identity.publicKey.encrypt(new Uint8Array(191), seed)).toThrow(RangeError);
  expect(() => identity.publicKey.encrypt(text, new Uint8Array(31))).toThrow(RangeError);
});

test('both providers give the same bytes', () => {
  const pure = capturedIdentity('B', pureRsa);
  const node = capturedIdentity('B', nodeRsa);
  const salt = fc.uint8Array({ maxLength: 222 });
  const seed = fc.uint8Array({ minLength: 32, maxLength: 32 });
  const text = fc.uint8Array({ maxLength: 190 });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), salt, seed, text, (payload, anySalt, anySeed, anyText) => {
      const signature = pure.sign(payload, anySalt);
      expect(node.sign(payload, anySalt)).toEqual(signature);
      expect(node.publicKey.verify(payload, signature)).toBe(true);
      expect(pure.publicKey.verify(payload, signature)).toBe(true);
      const ciphertext = pure.publicKey.encrypt(anyText, anySeed);
      expect(node.publicKey.encrypt(anyText, anySeed)).toEqual(ciphertext);
      expect(pure.decrypt(ciphertext)).toEqual(anyText);
      expect(node.decrypt(ciphertext)).toEqual(anyText);
    }),
    { numRuns: Math.ceil((fc.readConfigureGlobal().numRuns ?? 100) / 5) },
  );
});

test.each(providers)('nothing that a stranger sends makes a key throw: %s', (_name, rsa) => {
  const identity = capturedIdentity('A', rsa);
  const anyBytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.uint8Array({ minLength: 256, maxLength: 256 }),
    fc.constantFrom(new Uint8Array(256), new Uint8Array(256).fill(0xff), unhex(KEYS.A!.n)),
  );
  const anyKey = fc.oneof(
    fc.uint8Array({ minLength: 260, maxLength: 260 }),
    fc.constantFrom(new Uint8Array(260), new Uint8Array(260).fill(0xff)),
  );
  fc.assert(
    fc.property(anyBytes, anyKey, (bytes, key) => {
      expect(identity.publicKey.verify(new Uint8Array(5), bytes)).toBe(false);
      expect(identity.decrypt(bytes)).toBeUndefined();
      expect(rsa.publicKey(key).verify(new Uint8Array(5), bytes)).toBe(false);
    }),
    { numRuns: Math.ceil((fc.readConfigureGlobal().numRuns ?? 100) / 2) },
  );
});

test('a key of the original and one of the platform read and write as PKCS#8 (PEERSTER-42)', () => {
  const { privateKey } = nodeCrypto.generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  });
  for (const der of [unhex(KEYS.A!.pkcs8_der), unhex(KEYS.P!.pkcs8_der), new Uint8Array(privateKey)]) {
    // Libraries differ in d, by φ or by λ; everything else must come back the same.
    const again = encodePkcs8(decodePkcs8(der));
    expect(decodePkcs8(again)).toEqual(decodePkcs8(der));
    expect(again).toEqual(der);
    const imported = nodeCrypto.createPrivateKey({ key: Buffer.from(again), format: 'der', type: 'pkcs8' });
    expect(imported.asymmetricKeyDetails?.modulusLength).toBe(2048);
  }
});

test('a damaged PKCS#8 key is refused with the declared error, wherever it is damaged', () => {
  const der = unhex(KEYS.A!.pkcs8_der);
  for (let length = 0; length < der.length; length += 1) {
    expect(() => decodePkcs8(der.subarray(0, length))).toThrow(PeersterError);
  }
  fc.assert(
    fc.property(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }), (position, flip) => {
      const altered = der.slice();
      altered[position]! ^= flip;
      try {
        decodePkcs8(altered);
      } catch (error) {
        expect(error).toMatchObject({ code: 'bad-key-file' });
      }
    }),
  );
});

import { invert } from 'micro-rsa-dsa-dh/utils.js';
import { encodeBase64Url } from './base64url.ts';
import { bitLength, numberToBytesBE } from './integers.ts';
import { PEERSTER_LIMITS } from './limits.ts';
import { encodeOaep } from './oaep.ts';
import { decodePkcs8, type PrivateNumbers } from './pkcs8.ts';
import type { RsaPrivateKey, RsaProvider, RsaPublicKey } from './provider.ts';
import { encodePss } from './pss.ts';
import { checkPublicKey, decodePublicKey, encodePublicKey } from './public-key.ts';
import { createRsaProvider } from './rsa.ts';

/** An RSA key as a JSON Web Key (RFC 7518 section 6.3). */
export type RsaWebKey = {
  readonly kty: 'RSA';
  readonly n: string;
  readonly e: string;
  readonly d?: string;
  readonly p?: string;
  readonly q?: string;
  readonly dp?: string;
  readonly dq?: string;
  readonly qi?: string;
};

/** What {@link createNodeRsaProvider} uses of the module `node:crypto`, which Node, Deno and Bun have. */
export interface NodeCrypto<Key extends object> {
  readonly constants: {
    readonly RSA_NO_PADDING: number;
    readonly RSA_PKCS1_OAEP_PADDING: number;
    readonly RSA_PKCS1_PSS_PADDING: number;
    readonly RSA_PSS_SALTLEN_AUTO: number;
  };
  createPublicKey(key: { key: RsaWebKey; format: 'jwk' }): Key;
  createPrivateKey(key: { key: RsaWebKey; format: 'jwk' }): Key;
  verify(
    algorithm: string,
    data: Uint8Array,
    key: { key: NoInfer<Key>; padding: number; saltLength: number },
    signature: Uint8Array,
  ): boolean;
  publicEncrypt(key: { key: NoInfer<Key>; padding: number }, buffer: Uint8Array): Uint8Array;
  privateEncrypt(key: { key: NoInfer<Key>; padding: number }, buffer: Uint8Array): Uint8Array;
  privateDecrypt(key: { key: NoInfer<Key>; padding: number; oaepHash: string }, buffer: Uint8Array): Uint8Array;
}

/**
 * The provider that works with the platform's RSA: pass the module `node:crypto`, which this package does not import.
 * Six times faster than {@link createRsaProvider} and constant in time as far as the platform is. Keys that PEERSTER-7
 * refuses go to the pure provider, as platforms differ on them.
 */
export function createNodeRsaProvider<Key extends object>(crypto: NodeCrypto<Key>): RsaProvider {
  const pure = createRsaProvider();
  return {
    name: 'node',
    publicKey: (bytes) =>
      checkPublicKey(bytes, 'strict').ok
        ? publicKey(crypto, bytes, importPublic(crypto, bytes))
        : pure.publicKey(bytes),
    privateKey: (pkcs8) => privateKey(crypto, pkcs8),
  };
}

function publicKey<Key extends object>(crypto: NodeCrypto<Key>, bytes: Uint8Array, key: Key): RsaPublicKey {
  const { RSA_NO_PADDING, RSA_PKCS1_PSS_PADDING, RSA_PSS_SALTLEN_AUTO } = crypto.constants;
  const pss = { key, padding: RSA_PKCS1_PSS_PADDING, saltLength: RSA_PSS_SALTLEN_AUTO };
  const raw = { key, padding: RSA_NO_PADDING };
  return {
    bytes,
    verify(payload, signature) {
      if (signature.length !== PEERSTER_LIMITS.modulusBytes) return false;
      return crypto.verify('sha256', payload, pss, signature);
    },
    encrypt(text, seed) {
      return new Uint8Array(crypto.publicEncrypt(raw, encodeOaep(text, seed, PEERSTER_LIMITS.modulusBytes)));
    },
  };
}

function privateKey<Key extends object>(crypto: NodeCrypto<Key>, pkcs8: Uint8Array): RsaPrivateKey {
  const { RSA_NO_PADDING, RSA_PKCS1_OAEP_PADDING } = crypto.constants;
  const numbers = decodePkcs8(pkcs8);
  const key = crypto.createPrivateKey({ key: webKey(numbers), format: 'jwk' });
  const serialised = encodePublicKey(numbers);
  const bits = bitLength(numbers.modulus);
  const length = Math.ceil(bits / 8);
  return {
    publicKey: publicKey(crypto, serialised, importPublic(crypto, serialised)),
    pkcs8,
    sign(payload, salt) {
      const block = new Uint8Array(length);
      const encoded = encodePss(payload, salt, bits - 1);
      block.set(encoded, length - encoded.length);
      return new Uint8Array(crypto.privateEncrypt({ key, padding: RSA_NO_PADDING }, block));
    },
    decrypt(ciphertext) {
      if (ciphertext.length !== length) return undefined;
      try {
        const options = { key, padding: RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
        return new Uint8Array(crypto.privateDecrypt(options, ciphertext));
      } catch {
        return undefined;
      }
    },
  };
}

function importPublic<Key extends object>(crypto: NodeCrypto<Key>, bytes: Uint8Array): Key {
  const { modulus, exponent } = decodePublicKey(bytes);
  return crypto.createPublicKey({
    key: { kty: 'RSA', n: webInteger(modulus), e: webInteger(BigInt(exponent)) },
    format: 'jwk',
  });
}

function webKey(numbers: PrivateNumbers): RsaWebKey {
  const { modulus, exponent, privateExponent, prime1, prime2 } = numbers;
  return {
    kty: 'RSA',
    n: webInteger(modulus),
    e: webInteger(BigInt(exponent)),
    d: webInteger(privateExponent),
    p: webInteger(prime1),
    q: webInteger(prime2),
    dp: webInteger(privateExponent % (prime1 - 1n)),
    dq: webInteger(privateExponent % (prime2 - 1n)),
    qi: webInteger(invert(prime2, prime1)),
  };
}

function webInteger(value: bigint): string {
  return encodeBase64Url(numberToBytesBE(value, Math.ceil(bitLength(value) / 8)));
}

import nodeCrypto from 'node:crypto';
import { privateNumbers } from '../src/generate-key.ts';
import {
  createNodeRsaProvider,
  createRsaProvider,
  decodePkcs8,
  deriveName,
  encodePkcs8,
  type RsaPrivateKey,
  type RsaProvider,
} from '../src/index.ts';
import { KEYS, unhex } from './captured.ts';

export const pureRsa: RsaProvider = createRsaProvider();
export const nodeRsa: RsaProvider = createNodeRsaProvider(nodeCrypto);

/** The captured private key of A, B, C (made by the original) or P (made by the probe). */
export function capturedIdentity(name: 'A' | 'B' | 'C' | 'P', rsa: RsaProvider = nodeRsa): RsaPrivateKey {
  return rsa.privateKey(unhex(KEYS[name]!.pkcs8_der));
}

/** Any number of identities without generating keys: the primes of A under different exponents. */
export function manyIdentities(count: number, rsa: RsaProvider = nodeRsa): RsaPrivateKey[] {
  const { prime1, prime2 } = decodePkcs8(unhex(KEYS.A!.pkcs8_der));
  const found: RsaPrivateKey[] = [];
  for (let exponent = 65_539; found.length < count; exponent += 2) {
    try {
      found.push(rsa.privateKey(encodePkcs8(privateNumbers(prime1, prime2, exponent))));
    } catch {
      // The exponent shares a factor with a prime less one.
    }
  }
  return found;
}

export function nameOf(identity: RsaPrivateKey): string {
  return deriveName(identity.publicKey.bytes);
}

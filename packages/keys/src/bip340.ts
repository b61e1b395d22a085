import { sha256 } from '@noble/hashes/sha2.js';
import type { SchnorrPrimitives } from './adapter.ts';
import { equalBytes } from './bytes.ts';
import { CURVE_ORDER, isScalar, modulo, reduceDigest, toInteger, toWord } from './scalar.ts';

/**
 * The arithmetic that BIP 340 needs, as libsecp256k1 and its ports offer it under the name of tweaks.
 * Secrets, factors and terms are 32 bytes of 1…n−1; public keys are 33 bytes.
 */
export interface TweakPrimitives {
  derivePublicKey(secret: Uint8Array): Uint8Array;
  /** secret · factor mod n, without leaking the secret through its time. */
  multiplySecret(secret: Uint8Array, factor: Uint8Array): Uint8Array;
  /** secret + term mod n, likewise; undefined if the sum is 0. */
  addToSecret(secret: Uint8Array, term: Uint8Array): Uint8Array | undefined;
  /** n − secret, likewise. */
  negateSecret(secret: Uint8Array): Uint8Array;
  /** factor · P; undefined if P is no point. */
  multiplyPoint(publicKey: Uint8Array, factor: Uint8Array): Uint8Array | undefined;
  /** P + term · G; undefined if the sum is the point at infinity. */
  addGenerator(publicKey: Uint8Array, term: Uint8Array): Uint8Array | undefined;
}

/**
 * BIP 340 over a library that has point and scalar tweaks but no Schnorr signatures of that standard.
 * Every multiplication of a secret is the library's; what is computed here is public, or a XOR.
 */
export function schnorrOver(curve: TweakPrimitives): SchnorrPrimitives {
  const verify: SchnorrPrimitives['verify'] = (signature, message, publicKey) => {
    const r = signature.subarray(0, 32);
    const s = signature.subarray(32);
    if (!isScalar(s)) return false;
    const challenge = challengeOf(r, publicKey, message);
    const evenKey = withPrefix(EVEN, publicKey);
    const product = curve.multiplyPoint(evenKey, toWord(modulo(-challenge, CURVE_ORDER)));
    const noncePoint = product && curve.addGenerator(product, s);
    return noncePoint !== undefined && equalBytes(noncePoint, withPrefix(EVEN, r));
  };

  const sign: SchnorrPrimitives['sign'] = (message, secret, auxiliary) => {
    const [key, publicKey] = evenPair(secret, curve);
    const mask = taggedHash('BIP0340/aux', [auxiliary]);
    const masked = key.map((byte, index) => byte ^ (mask[index] as number));
    const seed = reduceDigest(taggedHash('BIP0340/nonce', [masked, publicKey, message]));
    if (!isScalar(seed)) throw new Error('BIP 340 has no nonce for this message');
    const [nonce, r] = evenPair(seed, curve);
    const challenge = challengeOf(r, publicKey, message);
    const s = curve.addToSecret(curve.multiplySecret(key, toWord(challenge)), nonce);
    const signature = new Uint8Array(64);
    signature.set(r);
    signature.set(s ?? new Uint8Array(32), 32);
    if (!verify(signature, message, publicKey)) throw new Error('the signature does not hold under its own key');
    return signature;
  };

  return { publicKey: (secret) => curve.derivePublicKey(secret).slice(1), sign, verify };
}

/** Prefix of a compressed point with even y, the only one that BIP 340 knows. */
const EVEN = 2;

/** The secret, or its negative, whose public point has an even y, and the x of that point. */
function evenPair(secret: Uint8Array, curve: TweakPrimitives): readonly [secret: Uint8Array, x: Uint8Array] {
  const point = curve.derivePublicKey(secret);
  return [point[0] === EVEN ? secret : curve.negateSecret(secret), point.slice(1)];
}

function withPrefix(prefix: number, x: Uint8Array): Uint8Array {
  const point = new Uint8Array(33);
  point[0] = prefix;
  point.set(x, 1);
  return point;
}

function challengeOf(r: Uint8Array, publicKey: Uint8Array, message: Uint8Array): bigint {
  return toInteger(taggedHash('BIP0340/challenge', [r, publicKey, message])) % CURVE_ORDER;
}

function taggedHash(tag: string, parts: readonly Uint8Array[]): Uint8Array {
  const name = sha256(Uint8Array.from(tag, (char) => char.charCodeAt(0)));
  const hash = sha256.create().update(name).update(name);
  for (const part of parts) hash.update(part);
  return hash.digest();
}

import { gcd } from 'micro-rsa-dsa-dh/utils.js';
import { privateNumbers } from './generate-key.ts';
import { PEERSTER_LIMITS } from './limits.ts';
import { deriveName } from './name.ts';
import { decodePkcs8, encodePkcs8, type PrivateNumbers } from './pkcs8.ts';
import { encodePublicKey } from './public-key.ts';

const LETTERS = 32;
const PREFIX = /^[a-z2-7]*$/;
/** Exponents are odd and lie in 65,537 … 2^31 − 1 (PEERSTER-7). */
const FIRST_EXPONENT = 65_537;
const EXPONENT_LIMIT = 2 ** 31;

/** A key whose name begins as wanted. */
export interface FoundName {
  readonly name: string;
  /** PKCS#8 DER. */
  readonly pkcs8: Uint8Array;
}

/** Tries that a prefix takes on average: 32 to the power of its length (PEERSTER-43). `RangeError` for an impossible one. */
export function expectedNameTries(prefix: string): number {
  checkPrefix(prefix);
  return LETTERS ** prefix.length;
}

/** Expected milliseconds that are left of a search, at the speed so far; undefined before the first try. */
export function remainingNameMs(prefix: string, tried: number, elapsedMs: number): number | undefined {
  // Every try is as good as the first: what was tried before brings the hit no nearer.
  return tried === 0 ? undefined : (expectedNameTries(prefix) * elapsedMs) / tried;
}

/**
 * The search for a key pair whose name begins with a wanted prefix, as work that can be interrupted (PEERSTER-43). The
 * name certifies the exponent as well as the modulus, so one pair of primes gives a billion names, at one hash a name
 * instead of one key generation: exponents are tried upwards from `start`. A larger exponent makes verification up to
 * three times slower for everybody. The searched key replaces the given one; do not use both.
 */
export class VanitySearch {
  private readonly prefix: string;
  private readonly numbers: PrivateNumbers;
  private readonly key: Uint8Array;
  private exponent: number;
  private triedCount = 0;

  /** `pkcs8` gives the primes; `start` an odd exponent, default 65,537. */
  constructor(prefix: string, pkcs8: Uint8Array, start: number = FIRST_EXPONENT) {
    checkPrefix(prefix);
    if (start % 2 !== 1 || start < FIRST_EXPONENT || start >= EXPONENT_LIMIT) {
      throw new RangeError(`an exponent to start from is odd and within ${FIRST_EXPONENT} … 2^31 − 1, got ${start}`);
    }
    this.prefix = prefix;
    this.numbers = decodePkcs8(pkcs8);
    this.key = encodePublicKey(this.numbers);
    this.exponent = start;
  }

  /** Names tried so far. */
  get tried(): number {
    return this.triedCount;
  }

  /** Whether all exponents have been tried: take another pair of primes. */
  get exhausted(): boolean {
    return this.exponent >= EXPONENT_LIMIT;
  }

  /** Tries at most `tries` names; the first that fits, or undefined. */
  step(tries: number): FoundName | undefined {
    const { key, numbers, prefix } = this;
    const { modulusBytes } = PEERSTER_LIMITS;
    for (let count = 0; count < tries && !this.exhausted; count += 1) {
      const exponent = this.exponent;
      this.exponent += 2;
      this.triedCount += 1;
      for (let index = 0; index < 4; index += 1) key[modulusBytes + index] = exponent >>> (8 * index);
      const name = deriveName(key);
      if (!name.startsWith(prefix) || !isCoprime(exponent, numbers)) continue;
      return { name, pkcs8: encodePkcs8(privateNumbers(numbers.prime1, numbers.prime2, exponent)) };
    }
    return undefined;
  }
}

function isCoprime(exponent: number, { prime1, prime2 }: PrivateNumbers): boolean {
  const value = BigInt(exponent);
  return gcd(prime1 - 1n, value) === 1n && gcd(prime2 - 1n, value) === 1n;
}

function checkPrefix(prefix: string): void {
  if (!PREFIX.test(prefix) || prefix.length > PEERSTER_LIMITS.nameLength) {
    throw new RangeError(`a prefix consists of at most 16 letters a–z and digits 2–7, got ${prefix}`);
  }
}

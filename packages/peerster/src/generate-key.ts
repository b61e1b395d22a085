import { isProbablePrimeRSA } from 'micro-rsa-dsa-dh/primality.js';
import { gcd, invert } from 'micro-rsa-dsa-dh/utils.js';
import { bytesToNumberBE } from './integers.ts';
import { PEERSTER_LIMITS } from './limits.ts';
import { encodePkcs8, type PrivateNumbers } from './pkcs8.ts';
import type { RandomSource } from './random.ts';

/** The exponent that the original generates its keys with. */
const USUAL_EXPONENT = 65_537;
const PRIME_BYTES: number = PEERSTER_LIMITS.modulusBytes / 2;
/** FIPS 186-5 appendix A.1.3: both primes are at least √2 · 2^1023, so that the modulus has 2048 bits. */
const LEAST_PRIME: bigint = 0xb504f333f9de6484n << 960n;
const LEAST_DISTANCE: bigint = 1n << BigInt(8 * PRIME_BYTES - 100);

/**
 * The generation of a key pair as work that can be interrupted (PEERSTER-6; FIPS 186-5 appendix A.1.3): each step tries
 * candidates for the primes, of which about one in 350 is one. A platform's generator is many times faster.
 */
export class KeySearch {
  private readonly random: RandomSource;
  private prime1: bigint | undefined;
  private triedCount = 0;

  constructor(random: RandomSource) {
    this.random = random;
  }

  /** Candidates tried so far; about 700 are wanted for a key. */
  get tried(): number {
    return this.triedCount;
  }

  /** Tries at most `candidates` numbers; the key in PKCS#8 DER when both primes are found, or undefined. */
  step(candidates: number): Uint8Array | undefined {
    for (let count = 0; count < candidates; count += 1) {
      this.triedCount += 1;
      const candidate = bytesToNumberBE(this.random(PRIME_BYTES)) | 1n;
      if (!this.isUsable(candidate)) continue;
      if (this.prime1 === undefined) this.prime1 = candidate;
      else return encodePkcs8(privateNumbers(this.prime1, candidate, USUAL_EXPONENT));
    }
    return undefined;
  }

  private isUsable(candidate: bigint): boolean {
    if (candidate < LEAST_PRIME || gcd(candidate - 1n, BigInt(USUAL_EXPONENT)) !== 1n) return false;
    if (this.prime1 !== undefined) {
      const distance = candidate > this.prime1 ? candidate - this.prime1 : this.prime1 - candidate;
      if (distance <= LEAST_DISTANCE) return false;
    }
    return isProbablePrimeRSA(candidate, this.random);
  }
}

/** A new key pair in PKCS#8 DER, in one go: seconds of work. */
export function generateKey(random: RandomSource): Uint8Array {
  const search = new KeySearch(random);
  for (;;) {
    const key = search.step(1_000);
    if (key !== undefined) return key;
  }
}

/** The private numbers of two primes and an exponent that is coprime to both less one. */
export function privateNumbers(prime1: bigint, prime2: bigint, exponent: number): PrivateNumbers {
  const totient = (prime1 - 1n) * (prime2 - 1n);
  const privateExponent = invert(BigInt(exponent), totient);
  return { modulus: prime1 * prime2, exponent, privateExponent, prime1, prime2 };
}

import { sha256 } from '@noble/hashes/sha2.js';
import { encodeUtf8 } from '@rookery/wire';
import { equalBytes } from './bytes.ts';
import type { DhtLimits } from './limits.ts';

const SECRET_BYTES = 32;

/**
 * Gives out and recognises the tokens that a node asks for before it stores something (DHT-9, DHT-39).
 * A token is a hash of a secret, the asker's address (not the port) and the target. The secret changes every `tokenPeriodMs`, by and
 * by as time is told; tokens of the one before it stay good. Nothing is remembered of who got one.
 */
export class Tokens {
  readonly #random: (length: number) => Uint8Array;
  readonly #limits: DhtLimits;
  #current: Uint8Array;
  #previous: Uint8Array;
  #since: number | undefined;

  /** `random` gives bytes that nobody can guess. */
  constructor(random: (length: number) => Uint8Array, limits: DhtLimits) {
    this.#random = random;
    this.#limits = limits;
    this.#current = random(SECRET_BYTES);
    this.#previous = random(SECRET_BYTES);
  }

  /** The token of an address for a 20-byte target. */
  give(ip: string, target: Uint8Array, now: number): Uint8Array {
    this.#rotate(now);
    return this.#make(this.#current, ip, target);
  }

  /** Whether this token was given to this address for this target, in this period or the one before. */
  accepts(token: Uint8Array, ip: string, target: Uint8Array, now: number): boolean {
    this.#rotate(now);
    return [this.#current, this.#previous].some((secret) => equalBytes(token, this.#make(secret, ip, target)));
  }

  #make(secret: Uint8Array, ip: string, target: Uint8Array): Uint8Array {
    const hash = sha256.create().update(secret).update(target).update(encodeUtf8(ip));
    return hash.digest().slice(0, this.#limits.tokenBytes);
  }

  #rotate(now: number): void {
    const { tokenPeriodMs } = this.#limits;
    this.#since ??= now;
    const periods = Math.floor((now - this.#since) / tokenPeriodMs);
    if (periods < 1) return;
    this.#previous = periods === 1 ? this.#current : this.#random(SECRET_BYTES);
    this.#current = this.#random(SECRET_BYTES);
    this.#since += periods * tokenPeriodMs;
  }
}

import { PEERSTER_LIMITS } from './limits.ts';
import { hashedPrefix } from './message.ts';
import type { Rumor } from './rumor.ts';
import { compress, expand, initialState, newSchedule, readBlock, stateBytes } from './sha256-block.ts';

const BLOCK_BYTES = 64;
const LENGTH_BYTES = 8;
const PADDING_BIT = 0x80;
const BITS = 8;

/**
 * Leading zero bits of a hash as the original counts them (PEERSTER-16): bytes in order, but the bits of a byte from the
 * least significant up. `00 00 8c` counts 18 here and would count 16 the usual way.
 */
export function countZeroBits(hash: Uint8Array): number {
  let zeros = 0;
  for (const byte of hash) {
    if (byte !== 0) return zeros + (31 - Math.clz32(byte & -byte));
    zeros += BITS;
  }
  return zeros;
}

/** Whether a hash has at least `target` leading zero bits (PEERSTER-16); `target` lies in 0 … 64, `RangeError` otherwise. */
export function meetsTarget(hash: Uint8Array, target: number): boolean {
  checkTarget(target);
  return countZeroBits(hash) >= target;
}

/** Tries that a search for `target` bits takes on average: 2^target (PEERSTER-17). */
export function expectedTries(target: number): number {
  checkTarget(target);
  return 2 ** target;
}

/** What a finished search found. */
export interface FoundNonce {
  /** 16 bytes. */
  readonly nonce: Uint8Array;
  /** The message hash that it gives. */
  readonly hash: Uint8Array;
}

/**
 * The search for a nonce as work that can be interrupted (PEERSTER-17): nonces are tried in the order of a little-endian
 * counter from `start` on, so that the first hit from zero is the original's. Only the blocks that hold the nonce are
 * hashed for a try. Copy `nextNonce` to go on elsewhere.
 */
export class NonceSearch {
  private readonly state = initialState();
  private readonly result = new Int32Array(8);
  private readonly tail: Uint8Array;
  private readonly nonceAt: number;
  private readonly first = newSchedule();
  private readonly second: Int32Array | undefined;
  private readonly nonceInFirst: boolean;
  private readonly mask0: number;
  private readonly mask1: number;
  private triedCount = 0;

  /** `start` is the first nonce to try, 16 bytes; zero when left out. A target outside 0 … 64 throws `RangeError`. */
  constructor(rumor: Omit<Rumor, 'nonce'>, target: number, start?: Uint8Array) {
    checkTarget(target);
    const { nonceBytes } = PEERSTER_LIMITS;
    if (start !== undefined && start.length !== nonceBytes) {
      throw new RangeError(`a nonce has ${nonceBytes} bytes, not ${start.length}`);
    }
    const prefix = hashedPrefix(rumor);
    const constant = prefix.length - (prefix.length % BLOCK_BYTES);
    for (let at = 0; at < constant; at += BLOCK_BYTES) {
      readBlock(prefix, at, this.first);
      expand(this.first);
      compress(this.state, this.first, this.state);
    }
    this.nonceAt = prefix.length - constant;
    this.nonceInFirst = this.nonceAt + nonceBytes <= BLOCK_BYTES;
    this.tail = paddedTail(prefix.subarray(constant), prefix.length + nonceBytes);
    if (start !== undefined) this.tail.set(start, this.nonceAt);
    this.mask0 = zeroMask(target, 0);
    this.mask1 = zeroMask(target, 4);
    readBlock(this.tail, 0, this.first);
    if (this.tail.length > BLOCK_BYTES) {
      this.second = newSchedule();
      readBlock(this.tail, BLOCK_BYTES, this.second);
      expand(this.second);
    }
  }

  /** Nonces tried so far. */
  get tried(): number {
    return this.triedCount;
  }

  /** The nonce that the next step tries first. */
  get nextNonce(): Uint8Array {
    return this.tail.slice(this.nonceAt, this.nonceAt + PEERSTER_LIMITS.nonceBytes);
  }

  /** Tries at most `tries` nonces; the first that meets the target, or undefined. After a hit, goes on behind it. */
  step(tries: number): FoundNonce | undefined {
    const { state, result, first, second, nonceInFirst, mask0, mask1 } = this;
    for (let count = 1; count <= tries; count += 1) {
      expand(first);
      compress(state, first, result);
      if (second !== undefined) {
        if (!nonceInFirst) expand(second);
        compress(result, second, result);
      }
      if ((result[0]! & mask0) === 0 && (result[1]! & mask1) === 0) {
        this.triedCount += count;
        const found = { nonce: this.nextNonce, hash: stateBytes(result) };
        this.advance();
        return found;
      }
      this.advance();
    }
    this.triedCount += tries;
    return undefined;
  }

  /** Counts the nonce up by one, byte 0 running fastest, and brings the words that it changes up to date. */
  private advance(): void {
    const { tail, nonceAt } = this;
    const end = nonceAt + PEERSTER_LIMITS.nonceBytes;
    let index = nonceAt;
    for (; index < end; index += 1) {
      tail[index]! += 1;
      if (tail[index] !== 0) break;
    }
    for (let at = nonceAt - (nonceAt % 4); at <= index && at < end; at += 4) {
      const schedule = at < BLOCK_BYTES ? this.first : this.second!;
      schedule[(at % BLOCK_BYTES) / 4] =
        (tail[at]! << 24) | (tail[at + 1]! << 16) | (tail[at + 2]! << 8) | tail[at + 3]!;
    }
  }
}

/** Searches from nonce zero until it is found (PEERSTER-17): for targets that take an instant, as in tests. */
export function mineNonce(rumor: Omit<Rumor, 'nonce'>, target: number): FoundNonce {
  const search = new NonceSearch(rumor, target);
  for (;;) {
    const found = search.step(2 ** 16);
    if (found !== undefined) return found;
  }
}

/** The last one or two blocks of SHA-256's input, the nonce still zero (FIPS 180-4 section 5.1.1). */
function paddedTail(rest: Uint8Array, length: number): Uint8Array {
  const used = rest.length + PEERSTER_LIMITS.nonceBytes + 1 + LENGTH_BYTES;
  const tail = new Uint8Array(Math.ceil(used / BLOCK_BYTES) * BLOCK_BYTES);
  tail.set(rest);
  tail[rest.length + PEERSTER_LIMITS.nonceBytes] = PADDING_BIT;
  let bits = BITS * length;
  for (let index = tail.length - 1; bits > 0; index -= 1) {
    tail[index] = bits % 256;
    bits = Math.floor(bits / 256);
  }
  return tail;
}

/** The bits of four hash bytes from `first` on that must be zero, as one big-endian word. */
function zeroMask(target: number, first: number): number {
  let mask = 0;
  for (let index = 0; index < 4; index += 1) {
    const bits = Math.min(BITS, Math.max(0, target - BITS * (first + index)));
    mask = (mask << BITS) | ((1 << bits) - 1);
  }
  return mask;
}

function checkTarget(target: number): void {
  if (!Number.isInteger(target) || target < 0 || target > PEERSTER_LIMITS.maxTarget) {
    throw new RangeError(`a target lies within 0 … ${PEERSTER_LIMITS.maxTarget}, got ${target}`);
  }
}

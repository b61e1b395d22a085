import { reject, type Verdict } from '@rookery/wire';
import type { SwarmCode } from './codes.ts';
import { SWARM_LIMITS } from './limits.ts';
import { peekMessage, writeUint32 } from './peek.ts';
import { Sha1Block } from './sha1-block.ts';

/** A search for a nonce that can be left and resumed; see {@link startPeek}. Plain data, never changed. */
export interface PeekSearch {
  readonly infoHash: Uint8Array;
  readonly piece: number;
  readonly nbits: number;
  /** The next value of the counter to be tried. */
  readonly next: number;
}

/** How far a search has come. */
export type PeekStep =
  | { readonly done: true; readonly nonce: Uint8Array; readonly hashes: number }
  | { readonly done: false; readonly search: PeekSearch; readonly hashes: number };

/**
 * Begins the search for a nonce that pays for a piece (SWARM-12). `nbits` is what the peer announced.
 * Refuses with `too-much-work` above 24 bits, about 17 million hashes on average (W53). Misuse throws `RangeError`.
 */
export function startPeek(
  infoHash: Uint8Array,
  piece: number,
  nbits: number,
): Verdict<SwarmCode, { readonly search: PeekSearch }> {
  if (!Number.isSafeInteger(nbits) || nbits < 0) throw new RangeError(`nbits of ${nbits}`);
  peekMessage(infoHash, piece, 0);
  if (nbits > SWARM_LIMITS.solvedBits) {
    return reject('too-much-work', `${nbits} bits are more than ${SWARM_LIMITS.solvedBits}`);
  }
  return { ok: true, search: { infoHash, piece, nbits, next: 0 } };
}

/**
 * Tries up to `budget` values of the counter and gives the first valid nonce, 4 bytes, or where to go on (SWARM-12).
 * The result does not depend on how the search is cut into steps. `hashes` is how many were tried. Refuses with `no-solution` once
 * the counter is used up. A million tries take about half a second: an application chooses the budget by how long it may be silent.
 *
 * @example
 * ```ts
 * const infoHash = infoHashOf('alice');
 * const started = startPeek(infoHash, 5, 16);
 * let step = started.ok ? stepPeek(started.search, 10_000) : started;
 * while (step.ok && !step.done) step = stepPeek(step.search, 10_000);
 * ```
 */
export function stepPeek(search: PeekSearch, budget: number): Verdict<SwarmCode, PeekStep> {
  const { infoHash, piece, nbits, next } = search;
  if (!Number.isSafeInteger(budget) || budget < 1) throw new RangeError(`a budget of ${budget}`);
  const block = new Sha1Block(peekMessage(infoHash, piece, SWARM_LIMITS.counterBytes));
  const end = Math.min(next + budget, SWARM_LIMITS.counterEnd);
  // With at most 24 bits the limit is decided by the first word, but for a hash of ones after its zeros, which has never been seen.
  const most = 0xffffffff >>> nbits;
  for (let counter = next; counter < end; counter += 1) {
    const digest = block.digest(counter);
    if (digest[0]! >>> 0 <= most && !isAllOnes(digest, most)) {
      return { ok: true, done: true, nonce: nonceOf(counter), hashes: counter - next + 1 };
    }
  }
  if (end === SWARM_LIMITS.counterEnd) return reject('no-solution', 'the counter is used up');
  return { ok: true, done: false, search: { ...search, next: end }, hashes: end - next };
}

/** The whole search at once (SWARM-12): blocks for as long as it takes. Refuses with `too-much-work` and `no-solution`. */
export function solvePeek(
  infoHash: Uint8Array,
  piece: number,
  nbits: number,
): Verdict<SwarmCode, { readonly nonce: Uint8Array }> {
  const started = startPeek(infoHash, piece, nbits);
  if (!started.ok) return started;
  const step = stepPeek(started.search, SWARM_LIMITS.counterEnd);
  return step.ok && !step.done ? reject('no-solution', 'the counter is used up') : step;
}

function isAllOnes(digest: Int32Array, most: number): boolean {
  return digest[0]! >>> 0 === most && digest[1] === -1 && digest[2] === -1 && digest[3] === -1 && digest[4] === -1;
}

function nonceOf(counter: number): Uint8Array {
  const nonce = new Uint8Array(SWARM_LIMITS.counterBytes);
  writeUint32(nonce, 0, counter);
  return nonce;
}

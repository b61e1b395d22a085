import type { Verdict } from '@rookery/wire';
import { checkIndex, type SwarmContext } from './ceiling.ts';
import type { SwarmCode } from './codes.ts';
import { SWARM_LIMITS } from './limits.ts';

/**
 * Decides whether a peer may announce a piece, and how many pieces the swarm then has at least (SWARM-3).
 * `index` is the number in the `have` message, read as a signed 32-bit integer. `pieces` is index + 2: a swarm has one more than
 * will ever exist, so that nobody looks like a seed. Refuses with `unknown-user`, `bad-index` and `too-many-pieces`; the peer is
 * then disconnected.
 *
 * @example
 * ```ts
 * checkHave(40, { tip: 36, registeredAt: 17 }); // { ok: true, pieces: 42 }
 * ```
 */
export function checkHave(index: number, context: SwarmContext): Verdict<SwarmCode, { readonly pieces: number }> {
  const judged = checkIndex(index, context);
  return judged.ok ? { ok: true, pieces: piecesWith(index) } : judged;
}

/** The least count of pieces of a swarm that has this index (SWARM-3, SWARM-6). */
export function piecesWith(index: number): number {
  return index + SWARM_LIMITS.extraPieces;
}

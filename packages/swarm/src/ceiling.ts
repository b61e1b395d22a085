import type { UserDirectory } from '@rookery/keys';
import { checkPostNumber, postLimit } from '@rookery/posts';
import { type Profile, reject, type Verdict } from '@rookery/wire';
import type { SwarmCode } from './codes.ts';
import { SWARM_LIMITS } from './limits.ts';

/** What bounds the pieces of a swarm; see {@link checkHave}. */
export interface SwarmContext {
  /** Height of the active chain's last block. */
  readonly tip: number;
  /** Height of the user's latest registration transaction; undefined for a user who is not registered. */
  readonly registeredAt: number | undefined;
  /** `canonical` if left out. */
  readonly profile?: Profile | undefined;
}

/** What bounds the pieces of a user's swarm, as a directory of the registered users knows it at this tip. */
export function swarmContext(user: string, users: UserDirectory, tip: number, profile?: Profile): SwarmContext {
  return { tip, registeredAt: users.registeredAt(user), profile };
}

/**
 * The greatest index that a piece of the swarm may have (SWARM-3): the ceiling of post numbers, in the canonical profile no more than
 * 524,287. Undefined where there is none: at tip 0 in the deployed profile.
 */
export function greatestIndex(tip: number, registeredAt: number, profile: Profile = 'canonical'): number | undefined {
  const ceiling = postLimit(tip, registeredAt);
  if (profile === 'deployed') return ceiling;
  return Math.min(ceiling ?? SWARM_LIMITS.pieceIndex, SWARM_LIMITS.pieceIndex);
}

/**
 * Decides whether a piece may have this index (SWARM-3). Refuses with `unknown-user`, `bad-index` (negative, or not of 31 bits) and
 * `too-many-pieces`.
 */
export function checkIndex(
  index: number,
  { tip, registeredAt, profile = 'canonical' }: SwarmContext,
): Verdict<SwarmCode, { readonly registeredAt: number }> {
  if (registeredAt === undefined) return reject('unknown-user', 'the user of the swarm is not registered');
  if (!Number.isSafeInteger(index) || index < 0 || index > SWARM_LIMITS.index) {
    return reject('bad-index', `${index} is no index of a piece`);
  }
  if (profile === 'canonical' && index > SWARM_LIMITS.pieceIndex) {
    return reject('too-many-pieces', `index ${index} is above ${SWARM_LIMITS.pieceIndex}`);
  }
  const number = checkPostNumber(index, tip, registeredAt);
  return number.ok ? { ok: true, registeredAt } : reject('too-many-pieces', number.detail);
}

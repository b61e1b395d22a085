import type { UserDirectory } from '@rookery/keys';
import { type Rejection, reject, type Verdict } from '@rookery/wire';
import type { PostCode } from './codes.ts';
import { DEPLOYED_POST_LIMITS, type PostLimits } from './limits.ts';

const WITHIN: { readonly ok: true } = Object.freeze({ ok: true });

/**
 * The largest number that a post may carry: two for each block since the registration, plus twenty.
 * `tip` and `registeredAt` are heights of the active chain, `registeredAt` that of the user's *latest* registration
 * transaction. Undefined at tip 0, where there is no limit. Rule POST-7; the paper says "less than", deployed nodes accept equality.
 */
export function postLimit(
  tip: number,
  registeredAt: number,
  limits: PostLimits = DEPLOYED_POST_LIMITS,
): number | undefined {
  return tip > 0 ? limits.postsPerBlock * (tip - registeredAt) + limits.postsAtOnce : undefined;
}

/**
 * Decides whether a post, or a piece that a peer claims to have, may carry number `k`.
 * Heights as in {@link postLimit}. Refuses with `too-many-posts` a negative number, one that is not a safe integer and one
 * above the limit; equality passes. Does not check that the user exists: see {@link checkRegistered}. Rule POST-7.
 */
export function checkPostNumber(
  k: number,
  tip: number,
  registeredAt: number,
  limits: PostLimits = DEPLOYED_POST_LIMITS,
): Verdict<PostCode> {
  if (!Number.isSafeInteger(k) || k < 0) return reject('too-many-posts', 'the number of a post is not negative');
  const most = postLimit(tip, registeredAt, limits);
  if (most === undefined || k <= most) return WITHIN;
  return reject('too-many-posts', `number ${k} is above ${most}, the most that the user may have at height ${tip}`);
}

/**
 * Finds the height of a user's latest registration, from which the number of posts is counted (POST-7).
 * Refuses with `unknown-user` where the directory knows none.
 */
export function checkRegistered(
  user: string,
  users: UserDirectory,
): Verdict<PostCode, { readonly registeredAt: number }> {
  const registeredAt = users.registeredAt(user);
  return registeredAt === undefined ? unknownUser() : { ok: true, registeredAt };
}

function unknownUser(): Rejection<PostCode> {
  return reject('unknown-user', 'the user is not registered');
}

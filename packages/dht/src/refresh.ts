import { isExpired } from './expiry.ts';
import { DHT_LIMITS } from './limits.ts';
import { numberAfter, parseResource } from './resource.ts';

/** What decides whether a stored value is put again; see {@link isRefreshed}. */
export interface RefreshCandidate {
  readonly resource: string;
  readonly multi: boolean;
  /** Block height that the value states. */
  readonly height: number;
  /** Seconds since the own node wrote the value; undefined for values of others. */
  readonly localAge?: number | undefined;
}

/**
 * Tells whether a node puts a value again when its refresh is due (DHT-30): single values, mentions, and what it wrote itself in the
 * last two days, unless expired or of a height above `tip`. How often it is due is the node's own affair.
 */
export function isRefreshed({ resource, multi, height, localAge }: RefreshCandidate, tip: number): boolean {
  if (height > tip || isExpired(resource, multi, height, tip)) return false;
  return !multi || resource === 'mention' || (localAge !== undefined && localAge < DHT_LIMITS.localSeconds);
}

/**
 * The probability with which a due refresh takes place (DHT-31): 1, but less for old posts of users who post much.
 * `newest` is the greatest post number of the user that the node has seen, `known` how many of the user's posts it has seen.
 */
export function refreshProbability(resource: string, newest: number, known: number): number {
  const k = numberAfter('post', parseResource(resource));
  if (k === undefined || k >= newest - DHT_LIMITS.refreshedRange || known <= DHT_LIMITS.refreshedPosts) return 1;
  return Math.min(1, DHT_LIMITS.refreshedPosts / (known - DHT_LIMITS.refreshedPosts));
}

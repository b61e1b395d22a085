import { DHT_LIMITS } from './limits.ts';
import { parseResource } from './resource.ts';

/** Resources that never expire, under exactly this name. */
const LASTING: readonly string[] = ['avatar', 'profile', 'status'];

/**
 * Tells whether a value has expired (DHT-29).
 * `height` is the height that the value states, `tip` that of the active chain's last block. Nothing expires within 2016 blocks; then
 * `avatar`, `profile`, `status` and the pages of `following` stay for ever and posts for 8640 blocks, if they are single.
 * Not checked: that the resource is well-formed otherwise. Deployed nodes only stop refreshing what has expired.
 *
 * @example
 * ```ts
 * isExpired('post7', false, 1000, 3016); // false
 * isExpired('hashtag', true, 1000, 3017); // true
 * ```
 */
export function isExpired(resource: string, multi: boolean, height: number, tip: number): boolean {
  if (height + DHT_LIMITS.entryBlocks >= tip) return false;
  if (multi) return true;
  const { base, suffix, number } = parseResource(resource);
  if (LASTING.includes(base)) return suffix !== '';
  if (base === 'following') return number === undefined || number > DHT_LIMITS.followingPages;
  if (base === 'post') return number === undefined || height + DHT_LIMITS.postBlocks < tip;
  return true;
}

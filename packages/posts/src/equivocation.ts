import type { Post } from '@rookery/wire';

/**
 * Whether two posts prove that their author made two of one number: same `n`, same `k`, other signed bytes. Keep both as evidence.
 * Both must have been accepted for the same user and number, in the canonical profile: neither author, number nor
 * signature is checked here beyond their being equal. Signatures and whatever stands around `userpost` are not
 * compared, as anyone can alter them (W22). Rule POST-25.
 */
export function isEquivocation(first: Post, second: Post): boolean {
  const name = first.userpost.getText('n');
  const k = first.userpost.getInteger('k');
  if (name === undefined || k === undefined) return false;
  if (second.userpost.getText('n') !== name || second.userpost.getInteger('k') !== k) return false;
  return first.signed.length !== second.signed.length || first.signed.some((byte, at) => byte !== second.signed[at]);
}

import type { BencodeNode } from '@rookery/wire';

/** What a post is beside a plain one; each is a dictionary of that name in `userpost` (POST-22). */
export type PostFlag = 'rt' | 'dm' | 'fav' | 'pfav' | 'reply';

/** All flags in the order in which they are reported (POST-22). */
export const POST_FLAGS: readonly PostFlag[] = Object.freeze(['rt', 'dm', 'fav', 'pfav', 'reply']);

/**
 * The flags of a post, in the order of {@link POST_FLAGS}; none for a plain post. Rule POST-22.
 * `userpost` is a dictionary; nothing else about it is checked. As deployed nodes report it, `dm` hides `pfav`.
 */
export function flagsOf(userpost: BencodeNode): PostFlag[] {
  const flags: PostFlag[] = [];
  for (const flag of POST_FLAGS) {
    if (flag === 'pfav' && flags.includes('dm')) continue;
    if (userpost.getDict(flag) !== undefined) flags.push(flag);
  }
  return flags;
}

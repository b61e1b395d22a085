import { flagsOf } from '@rookery/posts';
import type { Swarm } from '@rookery/swarm';
import { decodePost, type Post, WireError } from '@rookery/wire';

/** The kinds of a post as bits, as twisterd counts them. */
export const FLAG_BITS = { rt: 1, dm: 2, fav: 4, pfav: 12, reply: 0 } as const;

/** What is shown unless something else is asked for: plain posts, replies and retweets. */
export const HOME_FLAGS: number = FLAG_BITS.rt;

/** The kinds of a post, as bits. */
export function flagBits(post: Post): number {
  return flagsOf(post.userpost).reduce((bits, flag) => bits | FLAG_BITS[flag], 0);
}

/** Whether a post is plain, a reply or a retweet. */
export function isPublic(post: Post): boolean {
  return (flagBits(post) & ~HOME_FLAGS) === 0;
}

/** Reads a stored post, by the rules of deployed nodes if need be; undefined for what is none. */
export function readPost(bytes: Uint8Array): Post | undefined {
  try {
    return decodePost(bytes, 'deployed');
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

/** The posts of a swarm with numbers of `since` (not included) to `most`, the greatest number first. */
export function* newestPosts(swarm: Swarm, most: number, since: number = -1): Generator<Post> {
  for (const k of swarm.have().reverse()) {
    if (k > most) continue;
    if (k <= since) return;
    const bytes = swarm.piece(k);
    const post = bytes === undefined ? undefined : readPost(bytes);
    if (post !== undefined) yield post;
  }
}

import { reject, type Verdict } from '@rookery/wire';
import type { SwarmCode } from './codes.ts';
import { SWARM_LIMITS } from './limits.ts';

/**
 * Decides whether a `piece` message is an answer (SWARM-9), before its data is looked at. `bytes` is the length of the data.
 * Refuses with `oversized-piece` (close the connection) and `unexpected-piece` (no request for this piece is open, or begin is
 * no place in a piece). Any begin of a place is taken: answers echo it and carry the whole post.
 * Not checked: the post, see `checkPost` of `@rookery/posts`, whose `isForged` tells whether to ban the sender.
 */
export function checkReceived(
  answer: { readonly piece: number; readonly begin: number; readonly bytes: number },
  isOutstanding: (piece: number) => boolean,
): Verdict<SwarmCode> {
  const { piece, begin, bytes } = answer;
  if (bytes > SWARM_LIMITS.blockBytes) return reject('oversized-piece', `${bytes} bytes of data`);
  if (begin < 0 || begin > SWARM_LIMITS.blockBytes || !isOutstanding(piece)) {
    return reject('unexpected-piece', `piece ${piece} at ${begin} was not asked for`);
  }
  return { ok: true };
}

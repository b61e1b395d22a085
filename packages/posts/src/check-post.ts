import type { Post, Verdict } from '@rookery/wire';
import { checkCanonicalPost } from './canonical.ts';
import type { PostCode } from './codes.ts';
import type { PostContext } from './context.ts';
import { checkDeployedPost } from './deployed.ts';
import type { PostFlag } from './kinds.ts';

/**
 * Decides whether a piece is an acceptable post of `context.user` with number `context.k`.
 *
 * `bytes` is the whole piece; the post that comes back is a view of it. Rules POST-1 to POST-20 in the profile of the context, the first
 * that fails gives the code; {@link isForged} says what a code means for the peer that sent the piece. Never throws for any bytes.
 * The time is linear in the piece, with one signature check and one more for every post inside of it.
 * Not checked: whether another post has the same number (POST-25), whether `reply` and `lastk` point to posts that exist, whether an
 * envelope can be opened, `sig_wort` (POST-21).
 *
 * @example
 * ```ts
 * import { directoryOf } from '@rookery/keys';
 * import { checkPost, isForged } from '@rookery/posts';
 *
 * declare const piece: Uint8Array;
 * declare const publicKey: Uint8Array;
 * const users = directoryOf([{ name: 'alice', keys: [{ height: 14, publicKey }] }]);
 * const verdict = checkPost(piece, { user: 'alice', k: 0, tip: 29, users });
 * const text = verdict.ok ? verdict.post.userpost.getText('msg') : undefined;
 * const banSender = !verdict.ok && isForged(verdict.code);
 * ```
 */
export function checkPost(
  bytes: Uint8Array,
  context: PostContext,
): Verdict<PostCode, { readonly post: Post; readonly flags: readonly PostFlag[] }> {
  return context.profile === 'deployed' ? checkDeployedPost(bytes, context) : checkCanonicalPost(bytes, context);
}

import { type CurveBackend, signTyped } from '@rookery/keys';
import { encodePost } from '@rookery/wire';
import type { NewPost } from './create.ts';
import { DEPLOYED_POST_LIMITS } from './limits.ts';

/** How a post is signed. */
export interface SignPostOptions {
  /** Whether the author's registered key has 33 bytes (the default) or 65. */
  readonly compressed?: boolean;
  /** Who does the curve work; the default backend of `@rookery/keys` if left out. */
  readonly backend?: CurveBackend;
}

/**
 * Signs a new post and writes it as the piece that goes into the author's swarm. `secret` is the 32 bytes behind the key that the author
 * has at the post's height; the nonce is deterministic (RFC 6979), so the same post gives the same piece.
 * Throws `RangeError` for a piece over 2048 bytes. Rules POST-1, POST-17, POST-21 and POST-28.
 */
export function signPost(
  { userpost, comment }: NewPost,
  secret: Uint8Array,
  options: SignPostOptions = {},
): Uint8Array {
  const signature = signTyped({ type: 'post', userpost }, secret, options);
  const piece = encodePost({
    userpost,
    signature,
    signatureWithoutRetweet: comment && signTyped({ type: 'post', userpost: comment }, secret, options),
  });
  const most = DEPLOYED_POST_LIMITS.pieceBytes;
  if (piece.length > most) throw new RangeError(`the post has ${piece.length} bytes, ${most} are allowed`);
  return piece;
}

import { type BencodeDict, type BencodeValue, encodeBencode, type Post, reject, type Verdict } from '@rookery/wire';
import type { PostCode } from './codes.ts';
import type { PostContext } from './context.ts';
import { checkSignature } from './signature.ts';

/** A signed `userpost`, ready to stand inside of another post. */
export interface Original {
  readonly userpost: BencodeDict;
  readonly signature: Uint8Array;
}

const RETWEET_KEYS = ['rt', 'sig_rt'] as const;

/**
 * Takes out of a post what a retweet or favourite of it embeds.
 * Throws `RangeError` for a post that is not canonical bencode: embedded, its bytes would no longer be those that were signed.
 */
export function originalOf({ userpost, signed, signature }: Post): Original {
  const value = userpost.toValue();
  if (!isDict(value) || !sameBytes(encodeBencode(value), signed))
    throw new RangeError('the post is not canonical bencode');
  return { userpost: value, signature };
}

/**
 * Decides whether the comment of a retweet may be retweeted without what it comments: whether `sig_wort` holds over the post
 * without `rt` and `sig_rt`, under the author's key at the height of the post. What comes back goes into `createRetweet`.
 * The post itself must have been accepted before. Refuses with `missing-field` (no comment signature, no retweet),
 * `bad-retweet-signature`. Rule POST-21.
 */
export function checkComment(
  post: Post,
  context: Pick<PostContext, 'tip' | 'users' | 'profile' | 'backend'>,
): Verdict<PostCode, { readonly original: Original }> {
  const { userpost } = post;
  const signature = post.root.getBytes('sig_wort');
  const height = userpost.getNumber('height');
  const value = userpost.toValue();
  if (signature === undefined || height === undefined || userpost.getDict('rt') === undefined || !isDict(value)) {
    return reject('missing-field', 'the post has no comment that could stand alone');
  }
  const comment = {
    entries: value.entries.filter(([key]) => !RETWEET_KEYS.some((name) => isAscii(key, name))),
  };
  const { profile = 'canonical' } = context;
  const verdict = checkSignature(encodeBencode(comment), signature, userpost.getText('n'), height, context, profile);
  if (!verdict.ok) return reject('bad-retweet-signature', `sig_wort does not hold for the comment: ${verdict.detail}`);
  return { ok: true, original: { userpost: comment, signature } };
}

function isDict(value: BencodeValue): value is BencodeDict {
  return typeof value === 'object' && 'entries' in value && Array.isArray(value.entries);
}

function isAscii(bytes: Uint8Array, text: string): boolean {
  return bytes.length === text.length && bytes.every((byte, index) => byte === text.charCodeAt(index));
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

import {
  type BencodeNode,
  countCodePoints,
  decodePost,
  type Post,
  reject,
  type Verdict,
  WireError,
} from '@rookery/wire';
import type { PostCode } from './codes.ts';
import type { PostContext } from './context.ts';
import { flagsOf, type PostFlag } from './kinds.ts';
import { DEPLOYED_POST_LIMITS } from './limits.ts';
import { checkPostNumber, checkRegistered } from './post-number.ts';
import { checkSignature } from './signature.ts';

/** What deployed nodes take for an integer that is absent or of another type. */
const ABSENT = -1;
const NOTHING: Uint8Array = new Uint8Array(0);

/**
 * Decides whether deployed nodes accept a piece, rule by rule in their order and with their quirks.
 * Of the context `now`, `previous` and `limits` are not used. Rules POST-1 to POST-8, POST-10, POST-11, POST-17, POST-19, POST-20.
 */
export function checkDeployedPost(
  bytes: Uint8Array,
  context: PostContext,
): Verdict<PostCode, { readonly post: Post; readonly flags: readonly PostFlag[] }> {
  const limits = DEPLOYED_POST_LIMITS;
  if (bytes.length === 0 || bytes.length > limits.pieceBytes) {
    return reject('bad-size', `${bytes.length} bytes are not of 1 to ${limits.pieceBytes}`);
  }
  const read = readDeployedPost(bytes);
  if (!read.ok) return read;
  const { post } = read;
  const { userpost } = post;
  const { user, tip } = context;

  if (textOf(userpost, 'n') !== user) return reject('wrong-user', 'n is not the owner of the swarm');
  const k = int32Of(userpost, 'k');
  if (k !== context.k) return reject('wrong-number', `k is not ${context.k}`);
  const registered = checkRegistered(user, context.users);
  if (!registered.ok) return registered;
  const number = checkPostNumber(k, tip, registered.registeredAt, limits);
  if (!number.ok) return number;
  const height = int32Of(userpost, 'height');
  if (height < 0 || (tip > 0 && height > tip + limits.futureBlocks)) {
    return reject('bad-height', `height ${height} is not of 0 to ${tip + limits.futureBlocks}`);
  }
  const points = countCodePoints(userpost.getBytes('msg') ?? NOTHING);
  if (points < 0) return reject('bad-utf8', 'msg is not UTF-8');
  if (points > limits.msgCodePoints) return reject('too-long', `msg has ${points} code points`);
  const signed = checkSignature(post.signed, post.signature, user, height, context, 'deployed');
  if (!signed.ok) return signed;

  // POST-20 (W27): only the last of these two verdicts counts.
  const retweet = userpost.getDict('rt');
  const favourite = userpost.getDict('fav');
  if (favourite !== undefined) {
    if (!isSigned(favourite, userpost.getBytes('sig_fav'), context)) {
      return reject('bad-favourite-signature', 'sig_fav does not hold for fav');
    }
  } else if (retweet !== undefined && !isSigned(retweet, userpost.getBytes('sig_rt'), context)) {
    return reject('bad-retweet-signature', 'sig_rt does not hold for rt');
  }
  return { ok: true, post, flags: flagsOf(userpost) };
}

/** Reads a piece as deployed nodes read it (POST-2, POST-3). */
export function readDeployedPost(bytes: Uint8Array): Verdict<PostCode, { readonly post: Post }> {
  try {
    return { ok: true, post: decodePost(bytes, 'deployed') };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return reject(error.code === 'missing-key' ? 'missing-field' : 'bad-encoding', error.message);
  }
}

/** POST-19: an absent height, or one that is negative after the cut, means the tip. */
function isSigned(embedded: BencodeNode, signature: Uint8Array | undefined, context: PostContext): boolean {
  const height = int32Of(embedded, 'height');
  const at = height < 0 ? context.tip : height;
  const name = textOf(embedded, 'n');
  return checkSignature(embedded.raw, signature ?? NOTHING, name, at, context, 'deployed').ok;
}

/** POST-6 (W29): deployed nodes keep the low 32 bits of a 64-bit integer. */
function int32Of(dict: BencodeNode, key: string): number {
  const value = dict.getInteger(key);
  return value === undefined ? ABSENT : Number(BigInt.asIntN(32, value));
}

/** An absent name is the empty one; undefined for bytes that are not text. */
function textOf(dict: BencodeNode, key: string): string | undefined {
  return dict.getBytes(key) === undefined ? '' : dict.getText(key);
}

import { decodePost, type Post, type Rejection, reject, type Verdict, WireError } from '@rookery/wire';
import type { PostCode } from './codes.ts';
import { checkContent, checkHeight } from './content.ts';
import type { PostContext } from './context.ts';
import { readDeployedPost } from './deployed.ts';
import { checkEmbedded, checkEmbeddedSignatures } from './embedded.ts';
import { readFields } from './fields.ts';
import { POST_FLAGS, type PostFlag } from './kinds.ts';
import { limitsAt, POST_LIMITS, POST_SIZES } from './limits.ts';
import { checkPostNumber, checkRegistered } from './post-number.ts';
import { checkSignature } from './signature.ts';

/**
 * Decides whether a piece is a post by the canonical rules, all of POST-1 to POST-20, cheap ones first.
 * With the default limits it accepts nothing that `checkDeployedPost` refuses.
 */
export function checkCanonicalPost(
  bytes: Uint8Array,
  context: PostContext,
): Verdict<PostCode, { readonly post: Post; readonly flags: readonly PostFlag[] }> {
  const { user, k, tip, users, previous, limits: sets = POST_LIMITS } = context;
  if (bytes.length === 0 || !sets.some((set) => bytes.length <= set.pieceBytes)) return badSize(bytes);
  const read = readCanonicalPost(bytes);
  if (!read.ok) return read;
  const { post } = read;

  const wort = post.root.get('sig_wort');
  if (wort !== undefined && wort.kind !== 'bytes') return reject('wrong-type', 'sig_wort is not of kind bytes');
  const known = readFields(post.userpost);
  if (!known.ok) return known;
  const { fields } = known;
  const limits = limitsAt(fields.time === undefined ? 0 : Number(fields.time.number ?? fields.time.integer), sets);
  if (bytes.length > limits.pieceBytes) return badSize(bytes);

  if (fields.n.text !== user) return reject('wrong-user', 'n is not the owner of the swarm');
  if (fields.k.number !== k) return reject('wrong-number', `k is not ${k}`);
  if (k > POST_SIZES.mostInteger) return reject('too-many-posts', `number ${k} does not fit 32 bits`);
  const registered = checkRegistered(user, users);
  if (!registered.ok) return registered;
  let verdict = checkPostNumber(k, tip, registered.registeredAt, limits);
  if (!verdict.ok) return verdict;
  const height = fields.height.number ?? -1;
  verdict = checkHeight(height, tip, limits);
  if (!verdict.ok) return verdict;
  if (previous !== undefined && previous.k < k && height < previous.height) {
    return reject('falling-height', `height ${height} is below ${previous.height} of post ${previous.k}`);
  }

  const content = context.now === undefined ? { tip, limits } : { tip, limits, now: context.now };
  verdict = checkContent(fields, k, content);
  if (!verdict.ok) return verdict;
  const inner = checkEmbedded(fields, context, content);
  if (!inner.ok) return inner;
  verdict = checkSignature(post.signed, post.signature, user, height, context, 'canonical');
  if (verdict.ok) verdict = checkEmbeddedSignatures(inner.embedded, context);
  return verdict.ok ? { ok: true, post, flags: POST_FLAGS.filter((flag) => fields[flag] !== undefined) } : verdict;
}

/** Reads a piece in its one canonical encoding (POST-2, POST-3); only a broken one is read twice, to say how broken it is. */
function readCanonicalPost(bytes: Uint8Array): Verdict<PostCode, { readonly post: Post }> {
  try {
    return { ok: true, post: decodePost(bytes) };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    const deployed = readDeployedPost(bytes);
    if (!deployed.ok) return deployed;
    return reject('not-canonical', error.message);
  }
}

function badSize(bytes: Uint8Array): Rejection<PostCode> {
  return reject('bad-size', `a post has not ${bytes.length} bytes`);
}

import { type BencodeNode, type Rejection, reject, type Verdict } from '@rookery/wire';
import type { PostCode } from './codes.ts';
import { type ContentContext, checkContent, checkHeight } from './content.ts';
import type { PostContext } from './context.ts';
import { type PostFields, readFields } from './fields.ts';
import { POST_SIZES } from './limits.ts';
import { checkPostNumber } from './post-number.ts';
import { checkSignature } from './signature.ts';

/** A post inside of a post, with the signature that the outer one gives for it. */
interface EmbeddedPost {
  readonly kind: 'rt' | 'fav';
  readonly userpost: BencodeNode;
  readonly signature: Uint8Array;
  readonly user: string;
  readonly height: number;
}

const NOTHING: Uint8Array = new Uint8Array(0);
const NONE: { readonly ok: true; readonly embedded: readonly EmbeddedPost[] } = { ok: true, embedded: [] };

/**
 * Decides whether the posts inside of a post, each inside of the one before, are posts, all but their signatures.
 * `outermost` has passed the rules of content, so it holds at most one. Rule POST-18.
 */
export function checkEmbedded(
  outermost: PostFields,
  { users }: Pick<PostContext, 'users'>,
  context: ContentContext,
): Verdict<PostCode, { readonly embedded: readonly EmbeddedPost[] }> {
  if (outermost.rt === undefined && outermost.fav === undefined) return NONE;
  const embedded: EmbeddedPost[] = [];
  for (let outer = outermost; ; ) {
    const kind = outer.rt !== undefined ? 'rt' : 'fav';
    const userpost = outer[kind];
    if (userpost === undefined) return { ok: true, embedded };

    const read = readFields(userpost);
    if (!read.ok) return refused(kind, read);
    const { fields } = read;
    const user = fields.n.text;
    const firstAt = user === undefined ? undefined : users.firstRegisteredAt(user);
    if (user === undefined || firstAt === undefined) {
      return refused(kind, reject('unknown-user', 'the user is not registered'));
    }
    // POST-18: from the first registration on, as a replaced key must not undo old posts.
    const k = fields.k.number ?? POST_SIZES.mostInteger + 1;
    const height = fields.height.number ?? -1;
    let verdict = checkPostNumber(k, context.tip, firstAt, context.limits);
    if (verdict.ok) verdict = checkHeight(height, context.tip, context.limits);
    if (verdict.ok) verdict = checkContent(fields, k, context);
    if (!verdict.ok) return refused(kind, verdict);

    embedded.push({ kind, userpost, signature: outer[`sig_${kind}`]?.bytes ?? NOTHING, user, height });
    outer = fields;
  }
}

/** Decides whether each embedded post carries its author's signature. Rules POST-19, POST-20 and, deeper, POST-18. */
export function checkEmbeddedSignatures(embedded: readonly EmbeddedPost[], context: PostContext): Verdict<PostCode> {
  for (const [depth, { kind, userpost, signature, user, height }] of embedded.entries()) {
    const verdict = checkSignature(userpost.raw, signature, user, height, context, 'canonical');
    if (verdict.ok) continue;
    if (depth > 0) return refused(kind, verdict);
    const code = kind === 'rt' ? 'bad-retweet-signature' : 'bad-favourite-signature';
    return reject(code, `sig_${kind} does not hold for ${kind}: ${verdict.detail}`);
  }
  return { ok: true };
}

function refused(kind: 'rt' | 'fav', { code, detail }: Rejection<PostCode>): Rejection<PostCode> {
  return reject('bad-embedded-post', `${kind}: ${detail} (${code})`);
}

import type { CurveBackend, UserDirectory } from '@rookery/keys';
import { checkPost, tokens } from '@rookery/posts';
import { type BencodeNode, decodeUtf8, type Post } from '@rookery/wire';
import { type DhtVerdict, refuse } from './codes.ts';
import { numberAfter, parseResource, type ResourceName, resourceText } from './resource.ts';
import type { DhtValue } from './value.ts';

/** What the content rules need beside the value; see {@link checkContent}. */
export interface ContentContext {
  readonly users: UserDirectory;
  /** Height of the active chain's last block. */
  readonly tip: number;
  /** Seconds since the Unix epoch. */
  readonly now: number;
  readonly backend?: CurveBackend | undefined;
}

/**
 * Decides whether a value holds what its resource promises, canonical profile only (DHT-17, DHT-18, DHT-28).
 * Single `post<k>`, `status` and `swarm` must hold a post of the owner, multi values a post of the signer that has to do with the
 * target; other single values may hold anything. `sigUser` is the signer, whose signature over the value is judged elsewhere.
 * Refuses with `bad-post` and `unrelated-post`.
 */
export function checkContent(value: DhtValue, sigUser: string, context: ContentContext): DhtVerdict {
  const resource = parseResource(resourceText(value.r));
  if (!value.multi) return checkSingle(value, resource, context);
  if (!isMultiResource(resource)) return refuse('unrelated-post', 'no post has to do with such a target');
  const judged = checkPostOf(value.v, sigUser, undefined, context);
  if (!judged.ok) return judged;
  if (hasToDoWith(judged.post.userpost, value.n, resource)) return { ok: true };
  return refuse('unrelated-post', 'the post does not mention, tag, answer or retransmit the target');
}

function checkSingle(value: DhtValue, resource: ResourceName, context: ContentContext): DhtVerdict {
  const k = numberAfter('post', resource);
  if (k === undefined && !isOwnPost(resource)) return { ok: true };
  const owner = decodeUtf8(value.n);
  if (owner === undefined) return refuse('bad-post', 'the owner is no user name');
  return checkPostOf(value.v, owner, k, context);
}

/** Judges `v` as the piece that the author's swarm would carry, under the number that it states unless one is expected. */
function checkPostOf(
  v: BencodeNode,
  author: string,
  expected: number | undefined,
  { users, tip, now, backend }: ContentContext,
): DhtVerdict<{ readonly post: Post }> {
  const k = expected ?? (v.kind === 'dict' ? v.getDict('userpost')?.getNumber('k') : undefined);
  if (k === undefined || !Number.isSafeInteger(k)) return refuse('bad-post', 'no post has such a number');
  const verdict = checkPost(v.raw, { user: author, k, tip, users, now, ...(backend && { backend }) });
  return verdict.ok ? verdict : refuse('bad-post', `v is no acceptable post: ${verdict.detail} (${verdict.code})`);
}

function isOwnPost({ base, suffix }: ResourceName): boolean {
  return suffix === '' && (base === 'status' || base === 'swarm');
}

function isMultiResource(resource: ResourceName): boolean {
  const { base, suffix } = resource;
  if (suffix === '') return base === 'mention' || base === 'hashtag';
  return numberAfter('replies', resource) !== undefined || numberAfter('rts', resource) !== undefined;
}

function hasToDoWith(userpost: BencodeNode, n: Uint8Array, resource: ResourceName): boolean {
  if (resource.base === 'mention') return includesWord(tokens(textOf(userpost)).mentions, n);
  if (resource.base === 'hashtag') return includesWord(tokens(textOf(userpost)).tags, n);
  const other = userpost.getDict(resource.base === 'rts' ? 'rt' : 'reply');
  const author = other?.getBytes('n');
  return author !== undefined && equal(author, n) && other?.getNumber('k') === Number(resource.suffix);
}

/** Producers cut a long text into `msg` and `msg2` wherever it is, so a word may lie across both. */
function textOf(userpost: BencodeNode): string {
  return `${userpost.getText('msg') ?? ''}${userpost.getText('msg2') ?? ''}`;
}

/** Deployed nodes lower-case by ASCII or by Unicode rules, as they were built (DHT-18). */
function includesWord(words: readonly string[], n: Uint8Array): boolean {
  const wanted = decodeUtf8(n);
  return wanted !== undefined && words.some((word) => word === wanted || word.toLowerCase() === wanted);
}

function equal(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

import { encodeUtf8, type Post } from '@rookery/wire';
import { flagsOf } from './kinds.ts';
import { tokenize } from './tokens.ts';

/** A place in the DHT where a post is put, its `v` being the whole piece. */
export interface PostResource {
  /** Name of the user, or the word, that the resource belongs to: bytes of the target's `n`. */
  readonly n: Uint8Array;
  /** Name of the resource. */
  readonly r: string;
  /** `s`: one value, its owner's. `m`: many values, anyone's. */
  readonly t: 's' | 'm';
  /** Sequence number of a single value. */
  readonly seq?: number;
}

/** A post never changes under its own number. */
const ONLY_VERSION = 1;

/**
 * Lists where the DHT gets a new post, in the order in which deployed producers put it; empty for direct messages and private favourites,
 * which stay in the swarm. The post must have been accepted. Duplicates are kept where the text repeats a word.
 * Not considered: whether the value is small enough for a multi resource (768 bytes). Rule POST-29.
 */
export function resourcesOf({ userpost }: Post): PostResource[] {
  const author = userpost.getBytes('n');
  const k = userpost.getNumber('k');
  const flags = flagsOf(userpost);
  if (author === undefined || k === undefined || flags.includes('dm') || flags.includes('pfav')) return [];

  const found: PostResource[] = [];
  if (!flags.includes('fav')) {
    found.push({ n: author, r: `post${k}`, t: 's', seq: ONLY_VERSION }, { n: author, r: 'status', t: 's', seq: k });
  }
  for (const [key, resource] of [
    ['reply', 'replies'],
    ['rt', 'rts'],
  ] as const) {
    const post = userpost.getDict(key);
    const n = post?.getBytes('n');
    const number = post?.getInteger('k');
    if (n !== undefined && number !== undefined) found.push({ n, r: `${resource}${number}`, t: 'm' });
  }
  const text = (userpost.getText('msg') ?? '') + (userpost.getText('msg2') ?? '');
  for (const { kind, word } of tokenize(text)) found.push({ n: encodeUtf8(word), r: kind, t: 'm' });
  return found;
}

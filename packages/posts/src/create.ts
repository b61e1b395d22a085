import { type Envelope, envelopeToBencode } from '@rookery/ecies';
import { type BencodeDict, type BencodeInput, bencodeDict } from '@rookery/wire';
import type { Original } from './original.ts';
import { splitText } from './text.ts';

/** What every new post says of itself. */
export interface PostHeader {
  /** Name of the author. */
  readonly user: string;
  /** Number of the post, 0 or more. */
  readonly k: number;
  /** Height from {@link heightForPost}. */
  readonly height: number;
  /** Seconds since the Unix epoch. */
  readonly time: number;
  /** Number of the author's latest post that is plain, a reply, a short URL or a retweet; left out if there is none. */
  readonly lastK?: number;
}

/** A post that nobody has signed yet; see {@link signPost}. */
export interface NewPost {
  /** What will be signed. */
  readonly userpost: BencodeDict;
  /** A retweet's comment by itself, signed as well so that others can retweet it without the original (POST-21). */
  readonly comment?: BencodeDict;
}

/** Producers stay this many blocks below their tip, so that nodes a block behind accept the post. */
const BLOCKS_BEHIND = 1;

/** The height that a new post claims at this tip: one less, never negative. Rule POST-28. */
export function heightForPost(tip: number): number {
  return Math.max(tip - BLOCKS_BEHIND, 0);
}

/** A plain post. Throws `RangeError` for a header or text that cannot be written. Rules POST-27 and POST-28. */
export function createPost(header: PostHeader, text: string): NewPost {
  return { userpost: bencodeDict({ ...publicFields(header), ...splitText(text) }) };
}

/** A post that answers post `to.k` of `to.user`. Rules POST-14 and POST-28. */
export function createReply(
  header: PostHeader,
  text: string,
  to: { readonly user: string; readonly k: number },
): NewPost {
  checkNumber('to.k', to.k);
  return { userpost: bencodeDict({ ...publicFields(header), ...splitText(text), reply: { k: to.k, n: to.user } }) };
}

/**
 * A retweet, with or without a comment. `original` comes from `originalOf` or, for the comment of another retweet alone, from
 * `checkComment`. Rules POST-19, POST-21 and POST-28.
 */
export function createRetweet(header: PostHeader, original: Original, comment = ''): NewPost {
  const fields = { ...publicFields(header), ...splitText(comment) };
  const userpost = bencodeDict({ ...fields, rt: original.userpost, sig_rt: original.signature });
  return comment === '' ? { userpost } : { userpost, comment: bencodeDict(fields) };
}

/** A public favourite, with or without a comment. Rules POST-20 and POST-28. */
export function createFavourite(header: PostHeader, original: Original, comment = ''): NewPost {
  return {
    userpost: bencodeDict({
      ...fieldsOf(header),
      ...splitText(comment),
      fav: original.userpost,
      sig_fav: original.signature,
    }),
  };
}

/** A post around a direct message, an invitation or any other envelope for somebody else. Rules POST-16 and POST-28. */
export function createDirectMessage(header: PostHeader, envelope: Envelope): NewPost {
  return { userpost: bencodeDict({ ...fieldsOf(header), ...splitText(''), dm: envelopeToBencode(envelope) }) };
}

/** A post around a private favourite, an envelope to the author's own key. Rules POST-16 and POST-28. */
export function createPrivateFavourite(header: PostHeader, envelope: Envelope): NewPost {
  return { userpost: bencodeDict({ ...fieldsOf(header), ...splitText(''), pfav: envelopeToBencode(envelope) }) };
}

/** A post that holds a web address for a `twist:` short URL (`encodeShortUrl` of `@rookery/wire`). Rule POST-28. */
export function createShortUrl(header: PostHeader, url: string, mimeType?: string): NewPost {
  return { userpost: bencodeDict({ ...publicFields(header), ...splitText(''), url, mimetype: mimeType }) };
}

/** Direct messages and favourites are no public posts and carry no `lastk`. */
function fieldsOf({ user, k, height, time }: PostHeader): Record<string, BencodeInput | undefined> {
  checkNumber('k', k);
  checkNumber('height', height);
  checkNumber('time', time);
  return { n: user, k, height, time };
}

function publicFields(header: PostHeader): Record<string, BencodeInput | undefined> {
  const { k, lastK } = header;
  if (lastK !== undefined && !(Number.isSafeInteger(lastK) && lastK < k)) {
    throw new RangeError(`lastK must be an integer below ${k}, got ${lastK}`);
  }
  return { ...fieldsOf(header), lastk: lastK };
}

function checkNumber(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`${name} must be an integer from 0 on, got ${value}`);
}

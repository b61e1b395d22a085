import { checkEnvelope, envelopeFromNode } from '@rookery/ecies';
import { type BencodeKind, type BencodeNode, countCodePoints, reject, type Verdict } from '@rookery/wire';
import type { PostCode } from './codes.ts';
import type { PostContext } from './context.ts';
import { POST_SIZES, type PostLimits } from './limits.ts';

/** What the rules about the content of one `userpost` need to know. */
export interface ContentContext extends Pick<PostContext, 'tip' | 'now'> {
  readonly limits: PostLimits;
}

/** The fields that every canonical post has. */
export interface PostIdentity {
  readonly k: number;
  readonly height: number;
}

type ContentVerdict = Verdict<PostCode>;

const WITHIN: { readonly ok: true } = Object.freeze({ ok: true });

/** Kinds of the known keys of `userpost` (POST-4). */
const KNOWN_KEYS: readonly (readonly [key: string, kind: BencodeKind])[] = [
  ['n', 'bytes'],
  ['k', 'integer'],
  ['height', 'integer'],
  ['time', 'integer'],
  ['msg', 'bytes'],
  ['msg2', 'bytes'],
  ['lastk', 'integer'],
  ['reply', 'dict'],
  ['rt', 'dict'],
  ['sig_rt', 'bytes'],
  ['fav', 'dict'],
  ['sig_fav', 'bytes'],
  ['dm', 'dict'],
  ['pfav', 'dict'],
  ['url', 'bytes'],
  ['mimetype', 'bytes'],
];
const REQUIRED_KEYS = ['n', 'k', 'height'] as const;
const KINDS_OF_POST = ['rt', 'fav', 'dm', 'pfav'] as const;
const ENVELOPES = ['dm', 'pfav'] as const;

/** Decides whether the known keys have their types and the required ones are there. Rules POST-4 and POST-3, canonical. */
export function checkFields(userpost: BencodeNode): ContentVerdict {
  for (const [key, kind] of KNOWN_KEYS) {
    const value = userpost.get(key);
    if (value !== undefined && value.kind !== kind) return reject('wrong-type', `${key} is not of kind ${kind}`);
  }
  for (const key of REQUIRED_KEYS) {
    if (userpost.get(key) === undefined) return reject('missing-field', `${key} is missing`);
  }
  return WITHIN;
}

/** Decides whether a height is one that a post may claim now. Rule POST-8, canonical: at full width. */
export function checkHeight(height: number, tip: number, limits: PostLimits): ContentVerdict {
  const most = tip > 0 ? Math.min(tip + limits.futureBlocks, POST_SIZES.mostInteger) : POST_SIZES.mostInteger;
  return height >= 0 && height <= most ? WITHIN : reject('bad-height', `the height is not of 0 to ${most}`);
}

/**
 * Decides whether the content of one `userpost` is acceptable, whoever wrote it: rules POST-10 to POST-16, canonical, in their order.
 * The types must have been checked ({@link checkFields}). Not checked: author, number, height, signatures, what is inside `rt` and `fav`.
 */
export function checkContent(userpost: BencodeNode, k: number, context: ContentContext): ContentVerdict {
  let verdict = checkText(userpost, 'msg', context.limits.msgCodePoints);
  if (verdict.ok) verdict = checkText(userpost, 'msg2', context.limits.msg2CodePoints);
  if (verdict.ok) verdict = checkTime(userpost, context);
  if (verdict.ok) verdict = checkLastK(userpost, k);
  if (verdict.ok) verdict = checkReply(userpost);
  if (verdict.ok) verdict = checkKind(userpost);
  if (verdict.ok) verdict = checkEnvelopes(userpost);
  return verdict;
}

/** Decides whether a text is UTF-8 and short enough; an absent one is. Rules POST-10 and POST-11. */
function checkText(userpost: BencodeNode, key: 'msg' | 'msg2', most: number): ContentVerdict {
  const text = userpost.getBytes(key);
  if (text === undefined) return WITHIN;
  const points = countCodePoints(text);
  if (points < 0) return reject('bad-utf8', `${key} is not UTF-8`);
  return points <= most ? WITHIN : reject('too-long', `${key} has ${points} code points, ${most} are allowed`);
}

/** Decides whether the time is one that a clock may show now. Rule POST-12. */
function checkTime(userpost: BencodeNode, { now, limits }: ContentContext): ContentVerdict {
  if (now === undefined) return WITHIN;
  const time = userpost.getNumber('time');
  if (time !== undefined && time > 0 && time <= now + limits.futureSeconds) return WITHIN;
  return reject('bad-time', 'the time is missing, not positive or in the future');
}

/** Decides whether `lastk` points backwards. Rule POST-13. */
function checkLastK(userpost: BencodeNode, k: number): ContentVerdict {
  const lastK = userpost.getInteger('lastk');
  return lastK === undefined || lastK < k ? WITHIN : reject('bad-lastk', `lastk is not below ${k}`);
}

/** Decides whether `reply` names a post. Rule POST-14. */
function checkReply(userpost: BencodeNode): ContentVerdict {
  const reply = userpost.getDict('reply');
  if (reply === undefined) return WITHIN;
  const name = reply.getBytes('n');
  const k = reply.getInteger('k');
  const valid = name !== undefined && isUserName(name) && k !== undefined && k >= 0;
  return valid ? WITHIN : reject('bad-reply', 'reply has no valid name or number');
}

/** Decides whether the post is of one kind. Rule POST-15. */
function checkKind(userpost: BencodeNode): ContentVerdict {
  let kinds = 0;
  for (const kind of KINDS_OF_POST) if (userpost.getDict(kind) !== undefined) kinds += 1;
  return kinds <= 1 ? WITHIN : reject('mixed-kinds', 'more than one of rt, fav, dm and pfav is there');
}

/** Decides whether `dm` and `pfav` have the form of an envelope. Rule POST-16. */
function checkEnvelopes(userpost: BencodeNode): ContentVerdict {
  for (const key of ENVELOPES) {
    const dict = userpost.getDict(key);
    if (dict === undefined) continue;
    const read = envelopeFromNode(dict);
    const verdict = read.ok ? checkEnvelope(read.envelope) : read;
    if (!verdict.ok) return reject('bad-envelope', `${key}: ${verdict.detail}`);
  }
  return WITHIN;
}

/** Whether bytes are a user name: 1 to 16 of a–z, 0–9 and `_` (CHAIN rules). */
function isUserName(name: Uint8Array): boolean {
  if (name.length === 0 || name.length > POST_SIZES.nameBytes) return false;
  for (const byte of name) {
    const isLetter = byte >= 0x61 && byte <= 0x7a;
    const isDigit = byte >= 0x30 && byte <= 0x39;
    if (!isLetter && !isDigit && byte !== 0x5f) return false;
  }
  return true;
}

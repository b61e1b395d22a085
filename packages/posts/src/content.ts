import { checkEnvelope, envelopeFromNode } from '@rookery/ecies';
import { type BencodeNode, countCodePoints, reject, type Verdict } from '@rookery/wire';
import type { PostCode } from './codes.ts';
import type { PostContext } from './context.ts';
import type { PostFields } from './fields.ts';
import { POST_SIZES, type PostLimits } from './limits.ts';

/** What the rules about the content of one `userpost` need to know. */
export interface ContentContext extends Pick<PostContext, 'tip' | 'now'> {
  readonly limits: PostLimits;
}

type ContentVerdict = Verdict<PostCode>;

const WITHIN: { readonly ok: true } = Object.freeze({ ok: true });

/** Decides whether a height is one that a post may claim now. Rule POST-8, canonical: at full width. */
export function checkHeight(height: number, tip: number, limits: PostLimits): ContentVerdict {
  const most = tip > 0 ? Math.min(tip + limits.futureBlocks, POST_SIZES.mostInteger) : POST_SIZES.mostInteger;
  return height >= 0 && height <= most ? WITHIN : reject('bad-height', `the height is not of 0 to ${most}`);
}

/**
 * Decides whether the content of one `userpost` is acceptable, whoever wrote it: rules POST-10 to POST-16, canonical, in their order.
 * Not checked: author, number, height, signatures, what is inside `rt` and `fav`.
 */
export function checkContent(fields: PostFields, k: number, context: ContentContext): ContentVerdict {
  let verdict = checkText('msg', fields.msg, context.limits.msgCodePoints);
  if (verdict.ok) verdict = checkText('msg2', fields.msg2, context.limits.msg2CodePoints);
  if (verdict.ok) verdict = checkTime(fields.time, context);
  if (verdict.ok) verdict = checkLastK(fields.lastk, k);
  if (verdict.ok) verdict = checkReply(fields.reply);
  if (verdict.ok) verdict = checkKind(fields);
  if (verdict.ok) verdict = checkEnvelopeForm('dm', fields.dm);
  if (verdict.ok) verdict = checkEnvelopeForm('pfav', fields.pfav);
  return verdict;
}

/** Decides whether a text is UTF-8 and short enough; an absent one is. Rules POST-10 and POST-11. */
function checkText(key: string, text: BencodeNode | undefined, most: number): ContentVerdict {
  if (text === undefined) return WITHIN;
  const points = countCodePoints(text.bytes);
  if (points < 0) return reject('bad-utf8', `${key} is not UTF-8`);
  return points <= most ? WITHIN : reject('too-long', `${key} has ${points} code points, ${most} are allowed`);
}

/** Decides whether the time is one that a clock may show now. Rule POST-12. */
function checkTime(time: BencodeNode | undefined, { now, limits }: ContentContext): ContentVerdict {
  if (now === undefined) return WITHIN;
  const seconds = time?.number;
  if (seconds !== undefined && seconds > 0 && seconds <= now + limits.futureSeconds) return WITHIN;
  return reject('bad-time', 'the time is missing, not positive or in the future');
}

/** Decides whether `lastk` points backwards. Rule POST-13. */
function checkLastK(lastK: BencodeNode | undefined, k: number): ContentVerdict {
  if (lastK === undefined || (lastK.number ?? lastK.integer) < k) return WITHIN;
  return reject('bad-lastk', `lastk is not below ${k}`);
}

/** Decides whether `reply` names a post. Rule POST-14. */
function checkReply(reply: BencodeNode | undefined): ContentVerdict {
  if (reply === undefined) return WITHIN;
  const name = reply.getBytes('n');
  const k = reply.getInteger('k');
  const valid = name !== undefined && isUserName(name) && k !== undefined && k >= 0;
  return valid ? WITHIN : reject('bad-reply', 'reply has no valid name or number');
}

/** Decides whether the post is of one kind. Rule POST-15. */
function checkKind({ rt, fav, dm, pfav }: PostFields): ContentVerdict {
  const kinds =
    Number(rt !== undefined) + Number(fav !== undefined) + Number(dm !== undefined) + Number(pfav !== undefined);
  return kinds <= 1 ? WITHIN : reject('mixed-kinds', 'more than one of rt, fav, dm and pfav is there');
}

/** Decides whether `dm` or `pfav` has the form of an envelope. Rule POST-16. */
function checkEnvelopeForm(key: string, dict: BencodeNode | undefined): ContentVerdict {
  if (dict === undefined) return WITHIN;
  const read = envelopeFromNode(dict);
  const verdict = read.ok ? checkEnvelope(read.envelope) : read;
  return verdict.ok ? WITHIN : reject('bad-envelope', `${key}: ${verdict.detail}`);
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

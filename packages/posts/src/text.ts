import { DEPLOYED_POST_LIMITS } from './limits.ts';

/** The text of a post as it goes on the wire; `msg2` is absent where the whole text fits into `msg`. */
export interface PostText {
  readonly msg: string;
  readonly msg2?: string;
}

/**
 * Cuts a text into `msg`, its first 140 code points, and `msg2`, the rest (POST-27).
 * `msg2` is left out when the text has 1 to 140 code points and is there, empty, for an empty text, as deployed producers
 * do. Code points, not grapheme clusters, are counted: a cut may part a letter from its accent.
 */
export function splitText(text: string, msgCodePoints: number = DEPLOYED_POST_LIMITS.msgCodePoints): PostText {
  let points = 0;
  let cut = 0;
  while (cut < text.length && points < msgCodePoints) {
    cut += text.codePointAt(cut)! > 0xffff ? 2 : 1;
    points += 1;
  }
  if (text !== '' && cut === text.length) return { msg: text };
  return { msg: text.slice(0, cut), msg2: text.slice(cut) };
}

/** The whole text of a post: `msg` and what did not fit into it. */
export function joinText(text: PostText): string {
  return text.msg + (text.msg2 ?? '');
}

import { asciiLowerCase } from '@rookery/wire';

/** A tag or a mention found in a text, without its `#` or `@`. */
export interface Token {
  readonly kind: 'hashtag' | 'mention';
  readonly word: string;
}

const DELIMITERS = /[ \n\t.,:/?!;'"()[\]{}*]+/;

/**
 * Finds the tags and mentions of a text, in order, lower-cased by ASCII rules, duplicates kept.
 * Linear in the text. Rule POST-26; deployed nodes built with a locale library lower-case other letters as well.
 */
export function tokenize(text: string): Token[] {
  const found: Token[] = [];
  for (const part of text.split(DELIMITERS)) {
    const sign = part[0];
    if (sign !== '#' && sign !== '@') continue;
    const kind = sign === '#' ? 'hashtag' : 'mention';
    for (const word of part.split(sign)) {
      if (word !== '') found.push({ kind, word: asciiLowerCase(word) });
    }
  }
  return found;
}

/**
 * The tags and the mentions of a text, each in order, lower-cased by ASCII rules, duplicates kept (POST-26).
 * Nothing is said about whether a mentioned name is registered.
 */
export function tokens(text: string): { tags: string[]; mentions: string[] } {
  const tags: string[] = [];
  const mentions: string[] = [];
  for (const { kind, word } of tokenize(text)) (kind === 'hashtag' ? tags : mentions).push(word);
  return { tags, mentions };
}

import { asciiLowerCase } from '@rookery/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tokenize, tokens } from '../src/index.ts';

const DELIMITERS = [...' \n\t.,:/?!;\'"()[]{}*'];
const texts = fc
  .array(
    fc.oneof(
      fc.constantFrom('#', '@', '##', '#a', '@b', 'C', 'É', '漢', '😀', '-', '\0', '\r'),
      fc.constantFrom(...DELIMITERS),
      fc.string({ maxLength: 3 }),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

/** The rule once more, character by character instead of by splitting. */
function slowTokens(text: string): string[] {
  const found: string[] = [];
  let sign = '';
  let word: string | undefined;
  const close = () => {
    if (word) found.push(sign + asciiLowerCase(word));
    word = undefined;
  };
  let atStart = true;
  for (const char of text) {
    if (DELIMITERS.includes(char)) {
      close();
      atStart = true;
      continue;
    }
    if (atStart && (char === '#' || char === '@')) {
      sign = char;
      word = '';
    } else if (word !== undefined && char === sign) {
      close();
      word = '';
    } else if (word !== undefined) word += char;
    atStart = false;
  }
  close();
  return found;
}

describe('tags and mentions (POST-26)', () => {
  test('splitting and reading character by character find the same', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(tokenize(text).map(({ kind, word }) => (kind === 'hashtag' ? '#' : '@') + word)).toEqual(
          slowTokens(text),
        );
      }),
    );
  });

  test('a word is not empty and holds neither a delimiter, nor its own sign, nor a capital letter of ASCII', () => {
    fc.assert(
      fc.property(texts, (text) => {
        for (const { kind, word } of tokenize(text)) {
          expect(word).not.toBe('');
          expect(DELIMITERS.some((char) => word.includes(char))).toBe(false);
          expect(word).not.toContain(kind === 'hashtag' ? '#' : '@');
          expect(word).not.toMatch(/[A-Z]/);
        }
      }),
    );
  });

  test('two texts with a delimiter between them have the words of both, in order', () => {
    fc.assert(
      fc.property(texts, fc.constantFrom(...DELIMITERS), texts, (left, delimiter, right) => {
        expect(tokenize(left + delimiter + right)).toEqual([...tokenize(left), ...tokenize(right)]);
      }),
    );
  });

  test('tags and mentions together are all words, each in its order', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { tags, mentions } = tokens(text);
        const all = tokenize(text);
        expect(tags).toEqual(all.filter(({ kind }) => kind === 'hashtag').map(({ word }) => word));
        expect(mentions).toEqual(all.filter(({ kind }) => kind === 'mention').map(({ word }) => word));
      }),
    );
  });
});

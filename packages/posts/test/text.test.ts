import { countCodePoints, encodeUtf8 } from '@rookery/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinText, splitText } from '../src/index.ts';

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.integer({ min: 135, max: 145 }).map((length) => '😀'.repeat(length)),
);

describe('splitting (POST-27)', () => {
  test('nothing is lost, and msg has at most 140 code points', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const split = splitText(text);
        const total = countCodePoints(encodeUtf8(text));
        expect(joinText(split)).toBe(text);
        expect(countCodePoints(encodeUtf8(split.msg))).toBe(Math.min(total, 140));
        expect(split.msg2 === undefined).toBe(total >= 1 && total <= 140);
      }),
    );
  });

  test('an empty text has an empty rest', () => {
    expect(splitText('')).toEqual({ msg: '', msg2: '' });
    expect(joinText({ msg: 'x' })).toBe('x');
  });
});

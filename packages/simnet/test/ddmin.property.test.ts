import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ddmin } from '../src/ddmin.ts';

describe('ddmin', () => {
  test('finds exactly what is needed when that is a fixed set', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.array(fc.nat(299), { maxLength: 6 }), (length, wanted) => {
        const items = Array.from({ length }, (_, index) => index);
        const needed = [...new Set(wanted)].filter((item) => item < length).sort((a, b) => a - b);
        const fails = (part: readonly number[]) => needed.every((item) => part.includes(item));
        expect(ddmin(items, fails)).toEqual(needed);
      }),
    );
  });

  test('ends with something that fails and of which no item can be spared, for any law', () => {
    fc.assert(
      fc.property(fc.func(fc.boolean()), fc.uniqueArray(fc.nat(), { maxLength: 12 }), (law, items) => {
        const whole = JSON.stringify(items);
        const fails = (part: readonly number[]) => JSON.stringify(part) === whole || law(part);
        const rest = ddmin(items, fails);
        expect(fails(rest)).toBe(true);
        for (let at = 0; at < rest.length; at += 1) expect(fails(rest.filter((_, other) => other !== at))).toBe(false);
        expect(rest).toEqual(items.filter((item) => rest.includes(item)));
      }),
    );
  });

  test('needs few questions when few of many items are needed', () => {
    let questions = 0;
    const items = Array.from({ length: 10_000 }, (_, index) => index);
    const rest = ddmin(items, (part) => {
      questions += 1;
      return [17, 4_000, 9_999].every((item) => part.includes(item));
    });
    expect(rest).toEqual([17, 4_000, 9_999]);
    expect(questions).toBeLessThan(120);
  });
});

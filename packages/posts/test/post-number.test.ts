import { directoryOf } from '@rookery/keys';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkPostNumber,
  checkRegistered,
  DEPLOYED_POST_LIMITS,
  limitsAt,
  POST_LIMITS,
  postLimit,
} from '../src/index.ts';

const heights = fc
  .tuple(fc.integer({ min: 1, max: 5_000_000 }), fc.integer({ min: 0, max: 5_000_000 }))
  .map(([one, other]) => ({ tip: Math.max(one, other, 1), registered: Math.min(one, other) }));

describe('the number rule (POST-7)', () => {
  test('the ceiling passes and the next number does not', () => {
    fc.assert(
      fc.property(heights, ({ tip, registered }) => {
        const most = postLimit(tip, registered)!;
        expect(most).toBe(2 * (tip - registered) + 20);
        expect(checkPostNumber(most, tip, registered).ok).toBe(true);
        expect(checkPostNumber(most + 1, tip, registered)).toMatchObject({ ok: false, code: 'too-many-posts' });
      }),
    );
  });

  test('what passes now passes at every later tip, and so do all smaller numbers', () => {
    fc.assert(
      fc.property(heights, fc.nat({ max: 10_000_000 }), fc.nat({ max: 1000 }), ({ tip, registered }, k, more) => {
        if (!checkPostNumber(k, tip, registered).ok) return;
        expect(checkPostNumber(k, tip + more, registered).ok).toBe(true);
        expect(checkPostNumber(Math.max(k - more, 0), tip, registered).ok).toBe(true);
      }),
    );
  });

  test('a later registration never allows more', () => {
    fc.assert(
      fc.property(heights, fc.nat({ max: 1000 }), ({ tip, registered }, later) => {
        expect(postLimit(tip, registered + later)!).toBeLessThanOrEqual(postLimit(tip, registered)!);
      }),
    );
  });

  test('at tip 0 there is no ceiling, but no negative number either', () => {
    expect(postLimit(0, 0)).toBeUndefined();
    expect(checkPostNumber(1_000_000, 0, 0).ok).toBe(true);
    expect(checkPostNumber(-1, 0, 0).ok).toBe(false);
  });

  test.each([-1, -0.5, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('%s is no number', (k) => {
    expect(checkPostNumber(k, 100, 0)).toMatchObject({ ok: false, code: 'too-many-posts' });
  });

  test('the numbers count from the latest registration', () => {
    const publicKey = new Uint8Array(33).fill(2);
    const users = directoryOf([
      {
        name: 'carol',
        keys: [
          { height: 17, publicKey },
          { height: 37, publicKey },
        ],
      },
    ]);
    expect(checkRegistered('carol', users)).toEqual({ ok: true, registeredAt: 37 });
    expect(checkRegistered('ghost', users)).toMatchObject({ ok: false, code: 'unknown-user' });
  });
});

describe('dated limits (POST-23)', () => {
  const later = { ...DEPLOYED_POST_LIMITS, since: 1000, msgCodePoints: 280 };
  const latest = { ...later, since: 2000, msgCodePoints: 560 };
  const sets = [...POST_LIMITS, later, latest];

  test('the last set that began at or before the time judges', () => {
    const chosen = [-5, 0, 999, 1000, 1999, 2000, 1e12].map((time) => limitsAt(time, sets).msgCodePoints);
    expect(chosen).toEqual([140, 140, 140, 280, 280, 560, 560]);
  });

  test('an empty list and one that does not rise are mistakes of the caller', () => {
    expect(() => limitsAt(0, [])).toThrow(RangeError);
    expect(() => limitsAt(0, [later, DEPLOYED_POST_LIMITS])).toThrow(RangeError);
    expect(() => limitsAt(0, [later, later])).toThrow(RangeError);
  });

  test('the table cannot be changed', () => {
    expect(Object.isFrozen(POST_LIMITS)).toBe(true);
    expect(POST_LIMITS.every(Object.isFrozen)).toBe(true);
  });
});

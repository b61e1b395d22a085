import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isExpired, parseResource } from '../src/index.ts';

const names = fc.oneof(
  fc.constantFrom('avatar', 'profile', 'status', 'post', 'following', 'hashtag', 'mention', 'tracker', ''),
  fc
    .tuple(fc.constantFrom('post', 'following', 'replies', 'avatar'), fc.nat())
    .map(([base, number]) => `${base}${number}`),
  fc.string(),
);

test('nothing expires within 2016 blocks (DHT-29)', () => {
  fc.assert(
    fc.property(names, fc.boolean(), fc.nat(10 ** 6), fc.nat(2016), (resource, multi, height, age) => {
      expect(isExpired(resource, multi, height, height + age)).toBe(false);
    }),
  );
});

test('what has expired stays expired, and multi values expire no later than single ones (DHT-29)', () => {
  fc.assert(
    fc.property(names, fc.boolean(), fc.nat(20_000), fc.nat(20_000), (resource, multi, age, more) => {
      const expired = isExpired(resource, multi, 0, age);
      if (expired) expect(isExpired(resource, multi, 0, age + more)).toBe(true);
      if (expired) expect(isExpired(resource, true, 0, age)).toBe(true);
    }),
  );
});

test('only avatar, profile, status and following pages last for ever (DHT-29)', () => {
  fc.assert(
    fc.property(names, (resource) => {
      const lasts = /^(?:avatar|profile|status|following(?:0|[1-9][0-9]?|1[0-9][0-9]|200))$/.test(resource);
      expect(isExpired(resource, false, 0, 10 ** 9)).toBe(!lasts);
    }),
  );
});

test('numbers are read as atoi reads them on 64-bit systems (DHT-29)', () => {
  expect(parseResource('post2147483647').number).toBe(2147483647);
  expect(parseResource('post2147483648').number).toBeUndefined();
  expect(parseResource('post4294967295').number).toBeUndefined();
  expect(parseResource('post4294967296').number).toBe(0);
  expect(parseResource('following4294967297').number).toBe(1);
  expect(parseResource('post9223372036854775807').number).toBeUndefined();
  expect(parseResource('post9223372036854775808').number).toBeUndefined();
  expect(parseResource(`post${'9'.repeat(100_000)}`).number).toBeUndefined();
});

test('a name is a run of ASCII letters and a number without leading zeros (DHT-29)', () => {
  expect(parseResource('post7')).toEqual({ base: 'post', suffix: '7', number: 7 });
  expect(parseResource('post07').number).toBeUndefined();
  expect(parseResource('post7a').number).toBeUndefined();
  expect(parseResource('postä7')).toEqual({ base: 'post', suffix: 'ä7', number: undefined });
  expect(parseResource('post\n7').number).toBeUndefined();
  expect(parseResource('post7\n').number).toBeUndefined();
  expect(parseResource('7')).toEqual({ base: '', suffix: '7', number: 7 });
  expect(parseResource('')).toEqual({ base: '', suffix: '', number: undefined });
});

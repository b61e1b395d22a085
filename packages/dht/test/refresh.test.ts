import { expect, test } from 'vitest';
import { isRefreshed, refreshProbability } from '../src/index.ts';

test('single values, mentions and recent own values are refreshed (DHT-30)', () => {
  const at = { height: 28, tip: 29 };
  const refreshed = (resource: string, multi: boolean, localAge?: number, height = at.height, tip = at.tip): boolean =>
    isRefreshed({ resource, multi, height, localAge }, tip);
  expect(refreshed('profile', false)).toBe(true);
  expect(refreshed('custom', false)).toBe(true);
  expect(refreshed('mention', true)).toBe(true);
  expect(refreshed('hashtag', true)).toBe(false);
  expect(refreshed('hashtag', true, 0)).toBe(true);
  expect(refreshed('hashtag', true, 172_799)).toBe(true);
  expect(refreshed('hashtag', true, 172_800)).toBe(false);
  expect(refreshed('profile', false, undefined, 30)).toBe(false);
  expect(refreshed('mention', true, undefined, 28, 28 + 2016)).toBe(true);
  expect(refreshed('mention', true, undefined, 28, 28 + 2017)).toBe(false);
});

test('old posts of users who post much are refreshed now and then (DHT-31)', () => {
  expect(refreshProbability('post0', 101, 25)).toBe(1);
  expect(refreshProbability('post0', 101, 26)).toBe(1);
  expect(refreshProbability('post0', 101, 50)).toBe(1);
  expect(refreshProbability('post0', 101, 51)).toBe(25 / 26);
  expect(refreshProbability('post0', 101, 125)).toBe(0.25);
  expect(refreshProbability('post1', 101, 125)).toBe(1);
  expect(refreshProbability('post0', 100, 125)).toBe(1);
  expect(refreshProbability('profile', 1000, 1000)).toBe(1);
  expect(refreshProbability('poster0', 1000, 1000)).toBe(1);
});

import { expect, test } from 'vitest';
import { Backoff, WindowCounter } from '../src/rate.ts';

test('a window counts from its first event on, and forgets the oldest key beyond its cap', () => {
  const counter = new WindowCounter(1_000, 2);
  expect([counter.count('a', 0), counter.count('a', 999), counter.count('a', 1_000)]).toEqual([1, 2, 1]);
  counter.count('b', 1_000);
  counter.count('c', 1_000);
  expect(counter.size).toBe(2);
  expect(counter.count('a', 1_001)).toBe(1);
});

test('repetitions wait twice as long each time, up to a bound', () => {
  const backoff = new Backoff(100, 3, 10);
  const allowed: number[] = [];
  for (let now = 0; now < 5_000; now += 50) if (backoff.allows('a', now)) allowed.push(now);
  expect(allowed.map((at, index) => at - (allowed[index - 1] ?? 0))).toEqual([
    0, 100, 200, 400, 800, 800, 800, 800, 800,
  ]);
});

test('a backoff remembers no more than its cap', () => {
  const backoff = new Backoff(100, 3, 2);
  for (const key of ['a', 'b', 'c']) expect(backoff.allows(key, 0)).toBe(true);
  expect(backoff.size).toBe(2);
  expect(backoff.allows('a', 1)).toBe(true);
  expect(backoff.allows('c', 1)).toBe(false);
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allowedFastSet, infoHashOf, isPrivateAddress, SWARM_LIMITS } from '../src/index.ts';
import { PeekWork } from '../src/peek-work.ts';

describe('the allowed-fast set (SWARM-16)', () => {
  const infoHash = infoHashOf('alice');

  test('all pieces where there are few, none where none is wanted', () => {
    expect(allowedFastSet(infoHash, '203.0.113.1', 10, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(allowedFastSet(infoHash, undefined, 0, 10)).toEqual([]);
    expect(allowedFastSet(infoHash, '203.0.113.1', 10, 0)).toEqual([]);
  });

  test('so many different pieces that exist, the same for the same peer', () => {
    fc.assert(
      fc.property(
        fc.ipV4(),
        fc.integer({ min: 1, max: 600_000 }),
        fc.integer({ min: 1, max: 20 }),
        (ip, pieces, count) => {
          const set = allowedFastSet(infoHash, ip, pieces, count);
          expect(new Set(set).size).toBe(Math.min(pieces, count));
          for (const piece of set) expect(piece).toBeLessThan(pieces);
          expect(allowedFastSet(infoHash, ip, pieces, count)).toEqual(set);
        },
      ),
    );
  });

  test('anything else than an IPv4 address throws nothing', () => {
    fc.assert(
      fc.property(fc.string(), (ip) => {
        expect(allowedFastSet(infoHash, ip, 100, 10)).toHaveLength(10);
        expect(typeof isPrivateAddress(ip)).toBe('boolean');
      }),
    );
  });
});

test.each([
  ['10.0.0.0', true],
  ['10.255.255.255', true],
  ['9.255.255.255', false],
  ['11.0.0.0', false],
  ['172.15.255.255', false],
  ['172.16.0.0', true],
  ['172.31.255.255', true],
  ['172.32.0.0', false],
  ['192.168.0.1', true],
  ['192.167.0.1', false],
  ['169.254.1.1', true],
  ['169.253.1.1', false],
  ['127.0.0.1', true],
  ['127.200.0.1', true],
  ['203.0.113.1', false],
  ['::1', false],
  ['', false],
])('%s is private: %s', (ip, expected) => {
  expect(isPrivateAddress(ip)).toBe(expected);
});

describe('the price of a peek over time (SWARM-10)', () => {
  const { leastBits, mostBits, requestsPerSecond } = SWARM_LIMITS;
  const many = (work: PeekWork, count: number, now: number): void => {
    for (let request = 0; request < count; request += 1) work.count(now);
  };

  test('rises after a second with too many requests, and falls by chance after one with none', () => {
    let chance = 0.5;
    const work = new PeekWork(leastBits, () => chance);
    many(work, requestsPerSecond, 1_000);
    expect(work.nbits(2_000)).toBe(leastBits);
    many(work, requestsPerSecond + 1, 2_999);
    expect(work.nbits(2_999)).toBe(leastBits);
    expect(work.nbits(3_000)).toBe(leastBits + 1);
    expect(work.nbits(60_000)).toBe(leastBits + 1);
    chance = 0.001;
    expect(work.nbits(60_999)).toBe(leastBits + 1);
    expect(work.nbits(61_000)).toBe(leastBits);
    expect(work.nbits(1_000_000)).toBe(leastBits);
  });

  test('never leaves 16 to 31, whatever the time does', () => {
    const work = new PeekWork(leastBits, () => 0.5);
    for (let second = 0; second < 100; second += 1) many(work, 60, 1_000 * second);
    expect(work.nbits(100_000)).toBe(mostBits);
    expect(work.nbits(50_000)).toBe(mostBits);
    expect(work.nbits(Number.MAX_SAFE_INTEGER)).toBe(mostBits);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { groupByPrefix } from '../src/endpoint.ts';
import { compareDistance, DHT_LIMITS } from '../src/index.ts';
import { type Candidate, Lookup } from '../src/lookup.ts';

const TARGET = new Uint8Array(20);

/** The id at this distance from the target. */
function idAt(distance: number): Uint8Array {
  const id = new Uint8Array(20);
  id[18] = distance >> 8;
  id[19] = distance & 0xff;
  return id;
}

function lookupOf(distances: readonly number[], limits = DHT_LIMITS, wanted = DHT_LIMITS.bucket): Lookup {
  const lookup = new Lookup(TARGET, wanted, limits, groupByPrefix);
  for (const distance of distances) lookup.add(idAt(distance), { ip: '127.0.0.1', port: 1 + distance });
  return lookup;
}

function distancesOf(candidates: readonly Candidate[]): number[] {
  return candidates.map(({ id }) => (id[18]! << 8) | id[19]!);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

describe('a search (DHT-36)', () => {
  test('asks the five nearest, and one more for each that answers', () => {
    const lookup = lookupOf([9, 4, 7, 2, 11, 5, 30]);
    const asked = lookup.next();
    expect(distancesOf(asked)).toEqual([2, 4, 5, 7, 9]);
    expect(lookup.next()).toEqual([]);
    asked[1]!.state = 'alive';
    expect(distancesOf(lookup.next())).toEqual([11]);
    lookup.add(idAt(1), { ip: '127.0.0.1', port: 9 });
    asked[0]!.state = 'failed';
    expect(distancesOf(lookup.next())).toEqual([1]);
    expect(lookup.isOver).toBe(false);
  });

  test('asks another when one is slow, and goes on waiting for it', () => {
    const lookup = lookupOf(range(1, 20));
    const [first] = lookup.next();
    first!.lateness = 'slow';
    expect(distancesOf(lookup.next())).toEqual([6]);
  });

  test('is over when the eight nearest have answered, whoever else is under way', () => {
    const lookup = lookupOf(range(1, 30));
    const under: Candidate[] = [];
    for (let answered = 0; answered < 8; ) {
      under.push(...lookup.next());
      const nearest = under.shift()!;
      nearest.state = 'alive';
      answered += 1;
      expect(lookup.isOver).toBe(answered === 8);
    }
    expect(lookup.next()).toEqual([]);
    expect(distancesOf(lookup.unasked())).toEqual(range(13, 30));
  });

  test('does not wait for late ones once anybody has answered', () => {
    const lookup = lookupOf([1, 2, 3]);
    const asked = lookup.next();
    asked[0]!.lateness = 'late';
    asked[1]!.state = 'failed';
    expect(lookup.isOver).toBe(false);
    asked[2]!.state = 'alive';
    expect(lookup.isOver).toBe(true);
  });

  test('asks doubtful ones without waiting for them', () => {
    const lookup = lookupOf([1]);
    lookup.add(idAt(2), { ip: '127.0.0.1', port: 999 }, true);
    const asked = lookup.next();
    expect(distancesOf(asked)).toEqual([1, 2]);
    asked[0]!.state = 'alive';
    expect(lookup.isOver).toBe(true);
  });

  test('without anybody is over at once', () => {
    expect(lookupOf([]).isOver).toBe(true);
  });

  test('takes one node of sixteen neighbouring addresses', () => {
    const lookup = lookupOf([]);
    lookup.add(idAt(1), { ip: '11.0.0.17', port: 1 });
    lookup.add(idAt(2), { ip: '11.0.0.30', port: 1 });
    lookup.add(idAt(3), { ip: '11.0.0.32', port: 1 });
    expect(distancesOf(lookup.next())).toEqual([1, 3]);
  });

  test('keeps the nearest hundred, each once, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3000), { maxLength: 300 }), fc.constantFrom(20, 100), (distances, candidates) => {
        const limits = { ...DHT_LIMITS, candidates, parallel: 1000 };
        const lookup = lookupOf(distances, limits, 1000);
        const unique = [...new Set(distances)].sort((left, right) => left - right);
        expect(distancesOf(lookup.next())).toEqual(unique.slice(0, candidates));
      }),
    );
  });

  test('writes to the nearest that answered and gave a token', () => {
    const lookup = lookupOf(range(1, 20), { ...DHT_LIMITS, parallel: 100 }, 100);
    for (const candidate of lookup.next()) {
      const distance = distancesOf([candidate])[0]!;
      candidate.state = distance % 3 === 0 ? 'failed' : 'alive';
      if (distance % 2 === 0) candidate.token = new Uint8Array(4);
    }
    const writable = lookup.writable(4);
    expect(distancesOf(writable)).toEqual([2, 4, 8, 10]);
    expect(compareDistance(writable[0]!.id, writable[1]!.id, TARGET)).toBeLessThan(0);
  });
});

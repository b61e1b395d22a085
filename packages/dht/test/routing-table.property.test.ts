import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Contact } from '../src/contact.ts';
import { type Endpoint, groupByPrefix } from '../src/endpoint.ts';
import { compareDistance, DHT_LIMITS } from '../src/index.ts';
import { RoutingTable } from '../src/routing-table.ts';
import { seeded } from './engine.ts';

const OWN = new Uint8Array(20).fill(0x75);
/** Ids that share a random number of leading bits with the own one, so that deep buckets fill too. */
const id = fc.tuple(fc.uint8Array({ minLength: 20, maxLength: 20 }), fc.nat(160)).map(([bytes, bits]) => {
  return bytes.map((byte, index) => {
    const kept = Math.max(0, Math.min(8, bits - 8 * index));
    const mask = (0xff << (8 - kept)) & 0xff;
    return (OWN[index]! & mask) | (byte & ~mask);
  });
});
const endpoint = fc.record({
  ip: fc.tuple(fc.constantFrom(11, 12), fc.nat(3), fc.nat(40), fc.nat(5)).map((octets) => octets.join('.')),
  port: fc.constantFrom(4000, 4001),
});
const loopback = fc.record({ ip: fc.constant('127.0.0.1'), port: fc.integer({ min: 1, max: 65_535 }) });

type Step = { readonly what: 'heard' | 'seen' | 'failed'; readonly id: Uint8Array; readonly endpoint: Endpoint };
const stepsAt = (where: fc.Arbitrary<Endpoint>): fc.Arbitrary<Step[]> => {
  const what = fc.constantFrom<Step['what']>('heard', 'seen', 'seen', 'seen', 'failed');
  return fc.array(fc.record({ what, id, endpoint: where }), { maxLength: 300 });
};

function tableAfter(steps: readonly Step[], limits = DHT_LIMITS): RoutingTable {
  const table = new RoutingTable(OWN, limits, groupByPrefix);
  for (const step of steps) table[step.what](step.id, step.endpoint);
  return table;
}

function nearest(contacts: readonly Contact[], target: Uint8Array, count: number): Contact[] {
  return [...contacts].sort((left, right) => compareDistance(left.id, right.id, target)).slice(0, count);
}

describe('the routing table (DHT-32, DHT-33)', () => {
  test('finds exactly the good contacts that are nearest', () => {
    fc.assert(
      fc.property(stepsAt(loopback), id, fc.integer({ min: 1, max: 20 }), (steps, target, count) => {
        const table = tableAfter(steps);
        const good = table.contacts().filter(({ confirmed, failures }) => confirmed && failures === 0);
        expect(table.closest(target, count)).toEqual(nearest(good, target, count));
        expect(table.closest(target, count, true)).toEqual(nearest(table.contacts(), target, count));
        expect(table.hasGood).toBe(good.length > 0);
      }),
    );
  });

  test('has one contact an address, and no id twice', () => {
    fc.assert(
      fc.property(stepsAt(endpoint), (steps) => {
        const contacts = tableAfter(steps).contacts();
        for (const key of [(contact: Contact) => contact.endpoint.ip, (contact: Contact) => contact.id.join()]) {
          expect(new Set(contacts.map(key)).size).toBe(contacts.length);
        }
      }),
    );
  });

  test('at loopback, every port is a node of its own', () => {
    const table = new RoutingTable(OWN, DHT_LIMITS, groupByPrefix);
    const random = seeded(3);
    for (let port = 1; port <= 50; port += 1) table.seen(random(20), { ip: '127.0.0.1', port });
    expect(table.contacts()).toHaveLength(50);
  });

  test('never has itself, never an IPv6 address', () => {
    const table = new RoutingTable(OWN, DHT_LIMITS, groupByPrefix);
    table.seen(OWN, { ip: '11.0.0.1', port: 4000 });
    table.seen(seeded(1)(20), { ip: '2001:db8::1', port: 4000 });
    expect(table.size).toBe(0);
  });

  test('keeps within the places of its buckets', () => {
    fc.assert(
      fc.property(stepsAt(loopback), (steps) => {
        const limits = { ...DHT_LIMITS, firstBucket: 8, bucket: 2 };
        const table = tableAfter(steps, limits);
        const perBucket = new Map<number, number>();
        for (const contact of table.contacts()) {
          const bits = commonBits(contact.id);
          perBucket.set(bits, (perBucket.get(bits) ?? 0) + 1);
        }
        // The last bucket takes contacts of every further number of common bits.
        for (const count of perBucket.values()) expect(count).toBeLessThanOrEqual(8);
        const buckets = Math.max(0, ...perBucket.keys()) + 1;
        expect(table.size).toBeLessThanOrEqual(8 + 4 + 2 * buckets + 2 * buckets + 8);
      }),
    );
  });

  test('a confirmed contact never makes way for one that is not, nor for a forged word about its address', () => {
    fc.assert(
      fc.property(stepsAt(endpoint), stepsAt(endpoint), (before, after) => {
        const table = tableAfter(before);
        const confirmed = table.contacts().filter((contact) => contact.confirmed);
        for (const step of after) table.heard(step.id, step.endpoint);
        for (const contact of confirmed) expect(table.contacts()).toContain(contact);
      }),
    );
  });

  test('a contact without a spare goes after 20 timeouts in a row, one that never answered after the first', () => {
    const table = new RoutingTable(OWN, DHT_LIMITS, groupByPrefix);
    const [good, silent] = [seeded(1)(20), seeded(2)(20)];
    const [here, there] = [
      { ip: '11.0.0.1', port: 4000 },
      { ip: '11.0.1.1', port: 4000 },
    ];
    table.seen(good, here);
    table.heard(silent, there);
    table.failed(silent, there);
    expect(table.contacts().map((contact) => contact.id)).toEqual([good]);
    for (let count = 1; count < 20; count += 1) table.failed(good, here);
    expect(table.size).toBe(1);
    expect(table.closest(good, 1)).toEqual([]);
    table.seen(good, here);
    expect(table.closest(good, 1)).toHaveLength(1);
    for (let count = 1; count <= 20; count += 1) table.failed(good, here);
    expect(table.size).toBe(0);
  });

  test('refreshes every bucket, and only targets of that bucket', () => {
    const table = new RoutingTable(OWN, { ...DHT_LIMITS, firstBucket: 8 }, groupByPrefix);
    const random = seeded(9);
    for (let port = 1; port <= 200; port += 1) table.seen(random(20), { ip: '127.0.0.1', port });
    let now = 1_000_000;
    const seen: number[] = [];
    const until = now + DHT_LIMITS.bucketRefreshMs;
    for (let due = table.nextRefreshAt(); due !== undefined && due < until; due = table.nextRefreshAt()) {
      now = Math.max(now, due);
      const target = table.takeRefresh(now, random);
      expect(target).toBeDefined();
      expect(table.takeRefresh(now, random)).toBeUndefined();
      seen.push(commonBits(target!));
    }
    expect(seen.length).toBeGreaterThan(3);
    expect([...seen].sort((left, right) => left - right)).toEqual([...seen.keys()]);
  });
});

function commonBits(other: Uint8Array): number {
  for (let bit = 0; bit < 160; bit += 1) {
    const mask = 0x80 >> (bit % 8);
    if (((other[bit >> 3]! ^ OWN[bit >> 3]!) & mask) !== 0) return bit;
  }
  return 160;
}

import { describe, expect, test } from 'vitest';
import { AddressVotes } from '../src/address-votes.ts';
import { groupByPrefix } from '../src/endpoint.ts';
import { FloodGuard } from '../src/flood-guard.ts';
import { DHT_LIMITS } from '../src/index.ts';
import { RecentAddresses } from '../src/recent-addresses.ts';
import { TrackerTable } from '../src/tracker-table.ts';
import { seeded } from './engine.ts';

const random = seeded(5);

function hashOf(number: number): Uint8Array {
  const hash = new Uint8Array(20);
  hash[0] = number >> 8;
  hash[1] = number & 0xff;
  return hash;
}

function ipOf(number: number): string {
  return `11.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
}

describe('the tracker table (DHT-41)', () => {
  const limits = { ...DHT_LIMITS, trackedSwarms: 10, swarmPeers: 20, trackedPeers: 60, addressPeers: 2 };

  test('keeps within every bound, whoever announces whatever', () => {
    const table = new TrackerTable(limits, groupByPrefix);
    for (let index = 0; index < 5000; index += 1) {
      const [a, b, c] = random(3);
      table.add(hashOf(a! % 30), { ip: ipOf(b! % 80), port: c! }, undefined, index);
      expect(table.size).toBeLessThanOrEqual(limits.trackedPeers);
    }
    let counted = 0;
    for (let swarm = 0; swarm < 30; swarm += 1) {
      const peers = table.get(hashOf(swarm), 5000, random)?.peers ?? [];
      counted += peers.length;
      expect(peers.length).toBeLessThanOrEqual(limits.swarmPeers);
      for (const { ip } of peers) expect(peers.filter((peer) => peer.ip === ip).length).toBeLessThanOrEqual(2);
    }
    expect(counted).toBe(table.size);
  });

  test('a further swarm takes the place of the one with the fewest peers', () => {
    const table = new TrackerTable({ ...limits, trackedSwarms: 2 }, groupByPrefix);
    for (const number of [1, 2, 3]) table.add(hashOf(1), { ip: ipOf(number), port: 1 }, undefined, 0);
    table.add(hashOf(2), { ip: ipOf(9), port: 1 }, undefined, 0);
    table.add(hashOf(3), { ip: ipOf(9), port: 1 }, undefined, 0);
    expect([1, 2, 3].map((swarm) => table.get(hashOf(swarm), 0, random)?.peers.length)).toEqual([3, undefined, 1]);
    expect(table.size).toBe(4);
  });

  test('the name is the first one, at most 50 bytes; an own count is told', () => {
    const table = new TrackerTable(limits, groupByPrefix);
    const name = new Uint8Array(60).fill(97);
    table.add(hashOf(1), { ip: ipOf(1), port: 1 }, name, 0);
    table.add(hashOf(1), { ip: ipOf(2), port: 1 }, Uint8Array.of(98), 0);
    expect(table.get(hashOf(1), 0, random)).toMatchObject({ name: name.slice(0, 50), followers: 0 });
    table.setFollowers(hashOf(1), Uint8Array.of(99), 7, 0);
    expect(table.get(hashOf(1), 0, random)).toMatchObject({ name: Uint8Array.of(99), followers: 7 });
  });

  test('forgets what nobody asks for', () => {
    const table = new TrackerTable(limits, groupByPrefix);
    table.add(hashOf(1), { ip: ipOf(1), port: 1 }, undefined, 0);
    for (let now = table.nextDeadline(); now !== undefined; now = table.nextDeadline()) {
      expect(now).toBeLessThanOrEqual(DHT_LIMITS.peerAgeMs + 2 * DHT_LIMITS.peerSweepMs);
      table.sweep(now);
    }
    expect(table.size).toBe(0);
  });
});

describe('small memories', () => {
  test('of floods: the quietest source is forgotten first', () => {
    const guard = new FloodGuard({ ...DHT_LIMITS, floodSources: 2, floodPackets: 5 });
    const heard = (source: string, times: number) => Array.from({ length: times }, () => guard.admits(source, 0));
    heard('loud', 4);
    for (let index = 0; index < 50; index += 1) expect(guard.admits(`quiet ${index}`, 0)).toBe(true);
    expect(guard.admits('loud', 0)).toBe(false);
  });

  test('of addresses: the oldest goes, and all lapse', () => {
    const recent = new RecentAddresses(2, 100);
    for (const group of ['a', 'b', 'a', 'c']) recent.add(group, 0);
    expect(['a', 'b', 'c'].map((group) => recent.has(group, 99))).toEqual([true, false, true]);
    expect(recent.has('a', 100)).toBe(false);
  });

  test('of votes: one a voter, the latest', () => {
    const votes = new AddressVotes({ ...DHT_LIMITS, addressVoters: 3 });
    expect(['a', 'a', 'b'].map((voter) => votes.cast(voter, '1.2.3.4'))).toEqual([1, 1, 2]);
    expect(votes.cast('a', '5.6.7.8')).toBe(1);
    expect(votes.cast('c', '1.2.3.4')).toBe(2);
    expect(votes.cast('d', '1.2.3.4')).toBe(2);
    votes.clear();
    expect(votes.cast('a', '1.2.3.4')).toBe(1);
  });
});

describe('groups of addresses (DHT-33)', () => {
  const group = (ip: string, bits: number, port = 1) => groupByPrefix({ ip, port }, bits);

  test.each([
    ['11.1.2.3', '11.1.2.200', 24, true],
    ['11.1.2.3', '11.1.3.3', 24, false],
    ['11.1.2.16', '11.1.2.31', 28, true],
    ['11.1.2.15', '11.1.2.16', 28, false],
    ['11.1.2.3', '11.1.2.4', 32, false],
    ['2001:db8::1', '2001:db8::2', 32, true],
    ['2001:db8::1', '2001:db8:0:1::1', 32, false],
    ['127.0.0.1', '127.0.0.1', 24, true],
    ['127.0.0.1', '127.0.0.2', 24, false],
  ])('%s and %s at %i bits: %s', (left, right, bits, same) => {
    expect(group(left, bits) === group(right, bits)).toBe(same);
  });

  test('ports are told apart on the own machine alone', () => {
    expect(group('127.0.0.1', 24, 1)).not.toBe(group('127.0.0.1', 24, 2));
    expect(group('::1', 24, 1)).not.toBe(group('::1', 24, 2));
    expect(group('11.0.0.1', 32, 1)).toBe(group('11.0.0.1', 32, 2));
  });
});

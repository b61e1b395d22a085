import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hostGroup, PEERSTER_LIMITS, PeersterNode } from '../src/index.ts';
import { PeerTable } from '../src/peer-table.ts';
import { captured, type ProbeCase, unhex } from './captured.ts';
import { nodeRsa } from './identities.ts';
import { START, testRandom } from './mesh.ts';

const limits = { ...PEERSTER_LIMITS, learnedPeers: 4, learnedPerGroup: 2, manualPeers: 2, peerGraceMs: 1_000 };

test.each(['strict', 'compat'] as const)(
  '10,000 spoofed senders leave the table at its cap: %s (PEERSTER-29)',
  (profile) => {
    const node = new PeersterNode({ now: START, random: testRandom(1), rsa: nodeRsa, profile });
    node.addPeer('192.0.2.1:1');
    const packets = [new Uint8Array(0), unhex('1200')];
    let sentBytes = 0;
    for (let index = 0; index < 10_000; index += 1) {
      const from = `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}:${index % 7}`;
      for (const effect of node.receive(packets[index % 2]!, from, START + index)) {
        if (effect.type === 'send') sentBytes += effect.bytes.length;
      }
    }
    const peers = node.peers();
    expect(peers.filter((peer) => peer.class === 'learned').length).toBe(PEERSTER_LIMITS.learnedPeers);
    expect(peers.some((peer) => peer.address === '192.0.2.1:1')).toBe(true);
    expect(sentBytes).toBe(0);
  },
);

test('one host holds no more than its share, loopback counts by port (PEERSTER-29)', () => {
  const table = new PeerTable(hostGroup, limits);
  expect(table.learn('10.0.0.1:1', START)).toBe('');
  expect(table.learn('10.0.0.1:2', START)).toBe('');
  expect(table.learn('10.0.0.1:3', START)).toBeUndefined();
  expect(table.learn('127.0.0.1:1', START)).toBe('');
  expect(table.learn('127.0.0.1:2', START)).toBe('');
  expect(table.size).toBe(4);
  expect(hostGroup('[::1]:5')).toBe('[::1]:5');
  expect(hostGroup('[2001:db8::1]:5')).toBe('[2001:db8::1]');
});

test('the longest silent useless peer gives way, after its grace, and no manual peer ever (PEERSTER-29)', () => {
  const table = new PeerTable((address) => address, limits);
  table.add('manual');
  ['a', 'b', 'c', 'd'].forEach((address, index) => {
    table.learn(address, START + index);
  });
  table.markUseful('a');
  expect(table.learn('e', START + 500)).toBeUndefined();
  table.heard('b', START + 5_000);
  expect(table.learn('e', START + 5_000)).toBe('c');
  expect(table.has('a')).toBe(true);
  expect(table.learn('f', START + 9_000)).toBe('d');
  expect(
    table
      .list()
      .map(({ address }) => address)
      .sort(),
  ).toEqual(['a', 'b', 'e', 'f', 'manual']);
});

test('a choice is uniform among the others, and never the excluded one (PEERSTER-31)', () => {
  const table = new PeerTable((address) => address, PEERSTER_LIMITS);
  for (const address of ['a', 'b', 'c', 'd']) table.add(address);
  const random = testRandom(9);
  const counts = new Map<string, number>();
  for (let index = 0; index < 3_000; index += 1) {
    const choice = table.pick(random, 'b')!;
    counts.set(choice, (counts.get(choice) ?? 0) + 1);
  }
  expect([...counts.keys()].sort()).toEqual(['a', 'c', 'd']);
  for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  expect(new PeerTable((address) => address).pick(random)).toBeUndefined();
});

test('an allowance is used up and earned again (PEERSTER-35)', () => {
  const table = new PeerTable((address) => address, { ...limits, answerBurstBytes: 1_000, answerBytesPerSecond: 100 });
  table.learn('a', START);
  expect(table.draw('a', 126, START)).toBe(false);
  table.remove('a');
  table.add('a');
  expect(table.draw('a', 900, START)).toBe(true);
  expect(table.draw('a', 200, START)).toBe(false);
  expect(table.draw('a', 200, START + 999)).toBe(false);
  expect(table.draw('a', 200, START + 1_000)).toBe(true);
  expect(table.draw('a', 1_001, START + 1_000_000)).toBe(false);
  expect(table.draw('nobody', 1, START)).toBe(false);
});

test('whatever happens, the caps hold and the list is what was added and not removed', () => {
  const step = fc.record({
    action: fc.constantFrom('learn', 'add', 'remove', 'heard', 'useful'),
    peer: fc.integer({ min: 0, max: 9 }).map((index) => `h${index % 3}:${index}`),
    wait: fc.nat(2_000),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const table = new PeerTable(hostGroup, limits);
      const model = new Map<string, 'manual' | 'learned'>();
      let now = START;
      for (const { action, peer, wait } of steps) {
        now += wait;
        if (action === 'add' && table.add(peer)) model.set(peer, 'manual');
        else if (action === 'remove' && table.remove(peer)) expect(model.delete(peer)).toBe(true);
        else if (action === 'heard') table.heard(peer, now);
        else if (action === 'useful') table.markUseful(peer);
        else if (action === 'learn' && !table.has(peer)) {
          const evicted = table.learn(peer, now);
          if (evicted === undefined) continue;
          if (evicted !== '') expect(model.delete(evicted)).toBe(true);
          model.set(peer, 'learned');
        }
        const list = table.list();
        expect(new Map(list.map(({ address, class: kind }) => [address, kind]))).toEqual(model);
        const learned = list.filter((entry) => entry.class === 'learned');
        expect(learned.length).toBeLessThanOrEqual(limits.learnedPeers);
        for (const group of ['h0', 'h1', 'h2']) {
          expect(learned.filter(({ address }) => hostGroup(address) === group).length).toBeLessThanOrEqual(
            limits.learnedPerGroup + 1,
          );
        }
        if (table.size > 0) expect(model.has(table.pick(testRandom(1))!)).toBe(true);
      }
    }),
  );
});

test('a stranger that the table has no room for gets one status in five seconds (PEERSTER-35)', () => {
  const probes = captured<{ cases: ProbeCase[] }>('probe_cases').cases;
  const announcement = unhex(probes[2]!.packet);
  const node = new PeersterNode({
    now: START,
    random: testRandom(1),
    rsa: nodeRsa,
    limits: { learnedPeers: 1, peerGraceMs: 1_000_000 },
  });
  const answers = (now: number) =>
    node.receive(announcement, '10.0.0.2:1', now).filter((effect) => effect.type === 'send').length;
  node.receive(announcement, '10.0.0.1:1', START);
  expect(answers(START)).toBe(1);
  expect(answers(START + 1)).toBe(0);
  expect(answers(START + 4_999)).toBe(0);
  expect(answers(START + 5_000)).toBe(1);
  expect(node.peers().length).toBe(1);
});

test('a peer that lacked nothing a moment ago is not believed to lack everything (PEERSTER-35)', () => {
  const table = new PeerTable((address) => address, {
    ...limits,
    suspectPushes: 2,
    unprovenPushes: 5,
    pushesPerStatus: 9,
    suspicionMs: 1_000,
  });
  expect(table.pushesFor('a', START)).toBe(0);
  table.learn('a', START);
  expect(table.pushesFor('a', START)).toBe(5);
  table.markUseful('a');
  expect(table.pushesFor('a', START)).toBe(9);
  table.markComplete('a', START);
  expect(table.pushesFor('a', START + 999)).toBe(2);
  expect(table.pushesFor('a', START + 1_000)).toBe(9);
});

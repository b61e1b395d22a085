import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  composePublic,
  decodePacket,
  emptyHistory,
  encodePacket,
  extendHistory,
  History,
  historyDigest,
  MemoryStore,
  mineNonce,
  nameBytes,
  narrowProbe,
  type PeersterEffect,
  PeersterNode,
  type Probe,
  type ProbeInterval,
  probeMiddle,
  questionOf,
} from '../src/index.ts';
import { hex } from './captured.ts';
import { capturedIdentity, nameOf, nodeRsa } from './identities.ts';
import { START, testRandom } from './mesh.ts';

const alice = capturedIdentity('A');
const NAME = nameOf(alice);
const [LEFT, RIGHT] = ['10.0.0.1:1', '10.0.0.2:1'];

const packets = (effects: readonly PeersterEffect[]) =>
  effects.flatMap((effect) => (effect.type === 'send' ? [decodePacket(effect.bytes)] : []));

/** A node that stores the announcement and `count` messages of A, that of number `odd` in a version of its own. */
function nodeOf(count: number, odd: ReadonlySet<number>, version: string) {
  const store = new MemoryStore();
  const node = new PeersterNode({
    now: START,
    random: testRandom(50),
    rsa: nodeRsa,
    target: 0,
    miningTarget: 0,
    store,
  });
  const source = new PeersterNode({
    now: START,
    random: testRandom(51),
    rsa: nodeRsa,
    target: 0,
    miningTarget: 0,
    identities: [alice],
  });
  for (const effect of source.work(10, START)) {
    if (effect.type === 'stored') node.receive(encodePacket({ rumor: effect.message.rumor }), 'source', START);
  }
  for (let id = 1; id <= count; id += 1) {
    const draft = composePublic(
      alice,
      id,
      nameBytes(odd.has(id) ? `${version} ${id}` : `same ${id}`),
      testRandom(60 + id),
    );
    node.receive(encodePacket({ rumor: { ...draft, nonce: mineNonce(draft, 0).nonce } }), 'source', START);
  }
  node.removePeer('source');
  return { node, store };
}

/** Carries every datagram between two nodes until none is left; what each step sent. */
function converse(left: PeersterNode, right: PeersterNode, first: Uint8Array): number {
  let datagrams = 0;
  let queue: { to: PeersterNode; from: string; bytes: Uint8Array }[] = [{ to: right, from: LEFT, bytes: first }];
  while (queue.length > 0 && datagrams < 500) {
    const { to, from, bytes } = queue.shift()!;
    datagrams += 1;
    const effects = to.receive(bytes, from, START + 1);
    const answers = effects.flatMap((effect) => (effect.type === 'send' ? [effect] : []));
    queue = [
      ...queue,
      ...answers
        .filter((effect) => effect.to === from)
        .map((effect) => ({ to: to === right ? left : right, from: to === right ? RIGHT : LEFT, bytes: effect.bytes })),
    ];
  }
  return datagrams;
}

test('one differing message among many is found by halving and repaired on both sides (PEERSTER-38)', () => {
  for (const odd of [1, 17, 64, 99, 100]) {
    const left = nodeOf(100, new Set([odd]), 'left');
    const right = nodeOf(100, new Set([odd]), 'right');
    expect(hex(left.store.hashOf(NAME, odd)!)).not.toBe(hex(right.store.hashOf(NAME, odd)!));
    left.node.addPeer(RIGHT);
    right.node.addPeer(LEFT);
    const [status] = left.node.tick(START + 1_000);
    if (status?.type !== 'send') throw new Error('a status was due');
    const datagrams = converse(left.node, right.node, status.bytes);
    expect(left.store.hashOf(NAME, odd)).toEqual(right.store.hashOf(NAME, odd));
    expect(datagrams).toBeLessThan(30);
  }
});

test('several differing messages are repaired one after another', () => {
  const odd = new Set([3, 4, 40, 77]);
  const left = nodeOf(80, odd, 'left');
  const right = nodeOf(80, odd, 'right');
  left.node.addPeer(RIGHT);
  right.node.addPeer(LEFT);
  for (let round = 1; round <= 12; round += 1) {
    for (const effect of left.node.tick(START + 1_000 * round)) {
      if (effect.type === 'send') converse(left.node, right.node, effect.bytes);
    }
  }
  for (let id = 0; id <= 80; id += 1) expect(left.store.hashOf(NAME, id)).toEqual(right.store.hashOf(NAME, id));
});

test('halving ends at the first difference, whatever it is', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5_000 }), fc.nat(), (length, position) => {
      const first = position % length;
      let interval: ProbeInterval = { from: 0, to: length };
      let steps = 0;
      while (interval.to - interval.from > 1) {
        interval = narrowProbe(interval, probeMiddle(interval) <= first);
        steps += 1;
      }
      expect(interval.from).toBe(first);
      expect(steps).toBeLessThanOrEqual(13);
    }),
  );
});

test('a history is the chain of its hashes, also after a change in the middle (PEERSTER-37)', () => {
  const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
  fc.assert(
    fc.property(fc.array(hash, { minLength: 1, maxLength: 12 }), hash, fc.nat(), (hashes, other, position) => {
      const history = new History((id) => hashes[id]);
      const chain = () => {
        const all = [emptyHistory()];
        for (const one of hashes) all.push(extendHistory(all.at(-1)!, one));
        return all;
      };
      expect(chain().map(historyDigest)).toEqual(chain().map((_, length) => history.digest(length)));
      const id = position % hashes.length;
      hashes[id] = other;
      history.changed(id);
      expect(chain().map(historyDigest)).toEqual(chain().map((_, length) => history.digest(length)));
      expect(history.digest(hashes.length + 1)).toBeUndefined();
    }),
  );
});

test('a question for one origin is answered with that part of the clock alone (PEERSTER-38)', () => {
  const { node } = nodeOf(3, new Set(), '');
  const answer = packets(node.receive(encodePacket({ probe: questionOf(nameBytes(NAME)) }), LEFT, START));
  expect(answer.map(({ status, range }) => [status?.[0]?.nextId, range])).toEqual([
    [4, { first: nameBytes(NAME), last: nameBytes(NAME) }],
  ]);
  const unknown = packets(node.receive(encodePacket({ probe: questionOf(nameBytes('a'.repeat(16))) }), LEFT, START));
  expect(unknown.map(({ status }) => status)).toEqual([[]]);
});

test('no probe of a stranger throws or is remembered', () => {
  const { node } = nodeOf(3, new Set(), '');
  const uint = fc.integer({ min: 0, max: 2 ** 32 - 1 });
  const digest = fc.uint8Array({ minLength: 8, maxLength: 8 });
  const origin = fc.oneof(fc.constant(nameBytes(NAME)), fc.uint8Array({ maxLength: 20 }));
  const anyProbe: fc.Arbitrary<Probe> = fc.record({ origin, from: uint, to: uint, digest });
  fc.assert(
    fc.property(anyProbe, (probe) => {
      const effects = node.receive(encodePacket({ probe }), LEFT, START);
      expect(effects.filter(({ type }) => type === 'send').length).toBeLessThanOrEqual(1);
    }),
  );
});

test('compat neither sends nor answers extensions', () => {
  const node = new PeersterNode({
    now: START,
    random: testRandom(1),
    rsa: nodeRsa,
    profile: 'compat',
    target: 0,
    miningTarget: 0,
    identities: [alice],
  });
  node.work(1, START);
  node.addPeer(LEFT);
  const [status] = packets(node.tick(START + 1_000));
  expect(status?.status?.[0]?.digest).toBeUndefined();
  expect(node.receive(encodePacket({ probe: questionOf(nameBytes(NAME)) }), LEFT, START)).toEqual([]);
});

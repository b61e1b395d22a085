import { expect, test } from 'vitest';
import {
  decodePacket,
  encodePacket,
  MemoryStore,
  nameBytes,
  type PeersterEffect,
  PeersterNode,
  type PeersterOptions,
  type StoredMessage,
} from '../src/index.ts';
import { capturedIdentity, nameOf, nodeRsa, pureRsa } from './identities.ts';
import { START, testRandom } from './mesh.ts';

const alice = capturedIdentity('A');
const bob = capturedIdentity('B');
const [a, b] = [nameOf(alice), nameOf(bob)];
const PEER = '10.0.0.1:5000';

function newNode(options: Partial<PeersterOptions> = {}): PeersterNode {
  return new PeersterNode({
    now: START,
    random: testRandom(6),
    rsa: nodeRsa,
    target: 4,
    miningTarget: 4,
    identities: [alice],
    ...options,
  });
}

function finish(node: PeersterNode): PeersterEffect[] {
  const effects: PeersterEffect[] = [];
  while (node.mining() !== undefined) effects.push(...node.work(7, START));
  return effects;
}

const stored = (effects: readonly PeersterEffect[]): StoredMessage[] =>
  effects.flatMap((effect) => (effect.type === 'stored' ? [effect.message] : []));

test('a new identity announces its key first, by rumour (PEERSTER-40)', () => {
  const node = newNode();
  node.addPeer(PEER);
  expect(node.mining()).toMatchObject({ ticket: 1, author: a, tried: 0, expected: 16, waiting: 0 });
  const effects = finish(node);
  expect(effects.map(({ type }) => type)).toEqual(['stored', 'deliver', 'submitted', 'send']);
  expect(stored(effects)[0]).toMatchObject({ origin: a, destination: '', from: '', seenAt: START, arrival: 1 });
});

test('an unknown recipient is an error and uses up no number (PEERSTER-40)', () => {
  const node = newNode();
  finish(node);
  expect(node.sendPrivate(a, b, nameBytes('hello'))).toMatchObject({ ok: false, code: 'unknown-recipient' });
  expect(node.publish(b, nameBytes('hello'))).toMatchObject({ ok: false, code: 'unknown-identity' });
  expect(node.publish(a, nameBytes('hello')).ok).toBe(true);
  expect(stored(finish(node)).map(({ rumor }) => rumor.id)).toEqual([1]);
});

test('two submissions at once get consecutive numbers (PEERSTER-40)', () => {
  const node = newNode();
  expect(node.publish(a, nameBytes('first'))).toMatchObject({ ok: true, ticket: 2 });
  expect(node.publish(a, nameBytes('second'))).toMatchObject({ ok: true, ticket: 3 });
  const effects = finish(node);
  expect(stored(effects).map(({ rumor }) => rumor.id)).toEqual([0, 1, 2]);
  expect(effects.flatMap((effect) => (effect.type === 'submitted' ? [effect.ticket] : []))).toEqual([1, 2, 3]);
});

test('several identities share one node and one store (PEERSTER-40)', () => {
  const store = new MemoryStore();
  const node = newNode({ store, identities: [alice, bob] });
  finish(node);
  expect(node.names()).toEqual([a, b]);
  expect(node.addIdentity(alice)).toBe(a);
  node.sendPrivate(a, b, nameBytes('from me to me'));
  node.publish(b, nameBytes('hello'));
  finish(node);
  expect([store.nextId(a), store.nextId(b)]).toEqual([2, 2]);
  expect(node.open(store.get(a, 1)!)).toMatchObject({ ok: true, text: 'from me to me' });
});

test('a restart on the same store goes on counting and announces nothing again (PEERSTER-40)', () => {
  const store = new MemoryStore();
  const first = newNode({ store });
  first.publish(a, nameBytes('before'));
  finish(first);
  const second = newNode({ store });
  expect(second.mining()).toBeUndefined();
  second.publish(a, nameBytes('after'));
  expect(stored(finish(second)).map(({ rumor }) => rumor.id)).toEqual([2]);
});

test('texts over the caps are refused when they are written (PEERSTER-20, PEERSTER-15)', () => {
  const node = newNode({ identities: [alice, bob] });
  finish(node);
  expect(node.publish(a, new Uint8Array(1_025))).toMatchObject({ ok: false, code: 'content-too-long' });
  expect(node.publish(a, new Uint8Array(1_024)).ok).toBe(true);
  expect(node.sendPrivate(a, b, new Uint8Array(191))).toMatchObject({ ok: false, code: 'content-too-long' });
  expect(node.sendPrivate(a, b, new Uint8Array(190)).ok).toBe(true);
  expect(node.publish(a, new Uint8Array(0)).ok).toBe(true);
  expect(stored(finish(node)).map(({ rumor }) => rumor.content.length)).toEqual([1_024, 514, 0]);
});

test('no more than 64 texts of an identity wait (PEERSTER-40)', () => {
  const node = newNode({ limits: { submissions: 3 } });
  const verdicts = [1, 2, 3].map(() => node.publish(a, nameBytes('x')));
  expect(verdicts.map((verdict) => (verdict.ok ? 'ok' : verdict.code))).toEqual(['ok', 'ok', 'queue-full']);
});

test('our own messages are mined at 18 bits unless more is asked (PEERSTER-40)', () => {
  const expected = (options: Partial<PeersterOptions>) =>
    new PeersterNode({ now: START, random: testRandom(1), rsa: pureRsa, identities: [alice], ...options }).mining()
      ?.expected;
  expect(expected({})).toBe(2 ** 18);
  expect(expected({ target: 4 })).toBe(2 ** 18);
  expect(expected({ target: 20 })).toBe(2 ** 20);
  expect(expected({ target: 4, miningTarget: 6 })).toBe(2 ** 6);
});

test('a number that the same identity used elsewhere meanwhile is not used twice', () => {
  const [here, there] = [
    newNode({ target: 0, miningTarget: 10 }),
    newNode({ target: 0, miningTarget: 0, random: testRandom(8) }),
  ];
  finish(here);
  here.publish(a, nameBytes('from here'));
  here.work(1, START);
  finish(there);
  there.publish(a, nameBytes('from there'));
  for (const { rumor } of stored(finish(there))) {
    here.receive(encodePacket({ rumor }), PEER, START);
  }
  const late = stored(finish(here));
  expect(late.map(({ rumor }) => rumor.id)).toEqual([2]);
});

test('announcements of our own that are stored already are repeated first (PEERSTER-36)', () => {
  const store = new MemoryStore();
  const node = newNode({ store });
  node.publish(a, nameBytes('one'));
  finish(node);
  const again = newNode({ store, limits: { antiEntropyMs: 10_000_000 } });
  again.addPeer(PEER);
  const repeated = [1, 2].flatMap((turn) =>
    again
      .tick(START + 60_000 * turn)
      .flatMap((effect) => (effect.type === 'send' ? [decodePacket(effect.bytes).rumor?.id] : [])),
  );
  expect(repeated).toEqual([0, 1]);
});

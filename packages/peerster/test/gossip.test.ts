import { expect, test } from 'vitest';
import {
  decodePacket,
  encodePacket,
  nameBytes,
  nameText,
  type Packet,
  type PeersterEffect,
  PeersterNode,
  type PeersterOptions,
  type RandomSource,
  type StatusEntry,
} from '../src/index.ts';
import { capturedIdentity, manyIdentities, nameOf, nodeRsa } from './identities.ts';
import { START, testRandom } from './mesh.ts';

const P1 = '10.0.0.1:5000';
const P2 = '10.0.0.2:5000';
const P3 = '10.0.0.3:5000';

/** A source whose draws are counted: one byte is a coin, four are a choice of a peer. */
function countedRandom(coins: readonly boolean[]): { random: RandomSource; flips: () => number } {
  const inner = testRandom(11);
  let flips = 0;
  const random: RandomSource = (length) => {
    if (length !== 1) return inner(length);
    const heads = coins[flips] ?? false;
    flips += 1;
    return Uint8Array.from([heads ? 1 : 0]);
  };
  return { random, flips: () => flips };
}

interface Sent {
  readonly to: string;
  readonly packet: Packet;
}

function sent(effects: readonly PeersterEffect[]): Sent[] {
  return effects.flatMap((effect) =>
    effect.type === 'send' ? [{ to: effect.to, packet: decodePacket(effect.bytes, 'compat') }] : [],
  );
}

const rumorsOf = (effects: readonly PeersterEffect[]) =>
  sent(effects).filter(({ packet }) => packet.rumor !== undefined);

const alice = capturedIdentity('A');

/** A compat node of A with its announcement and `texts` public messages mined, before it has any peer. */
function nodeWith(coins: readonly boolean[], texts = 0, options: Partial<PeersterOptions> = {}) {
  const { random, flips } = countedRandom(coins);
  const node = new PeersterNode({
    now: START,
    random,
    rsa: nodeRsa,
    profile: 'compat',
    target: 0,
    miningTarget: 0,
    identities: [alice],
    ...options,
  });
  node.work(10, START);
  for (let index = 0; index < texts; index += 1) {
    node.publish(nameOf(alice), nameBytes(`text ${index}`));
    node.work(10, START);
  }
  return { node, flips };
}

function status(entries: Readonly<Record<string, number>>): Uint8Array {
  const list: StatusEntry[] = Object.entries(entries).map(([origin, nextId]) => ({
    origin: nameBytes(origin),
    nextId,
  }));
  return encodePacket({ status: list });
}

const NAME = nameOf(alice);

function publishTo(node: PeersterNode, now: number) {
  node.publish(NAME, nameBytes('news'));
  return node.work(10, now);
}

test('an equal status ends a wait with one coin: heads goes to another peer (PEERSTER-31)', () => {
  const { node, flips } = nodeWith([true]);
  for (const peer of [P1, P2]) node.addPeer(peer);
  const first = rumorsOf(publishTo(node, START));
  expect(first.length).toBe(1);
  const answered = node.receive(status({ [NAME]: 2 }), first[0]!.to, START + 20);
  expect(flips()).toBe(1);
  const second = rumorsOf(answered);
  expect(second.map(({ to }) => to)).toEqual([first[0]!.to === P1 ? P2 : P1]);
  expect(second[0]!.packet.rumor?.id).toBe(1);
});

test('an equal status and tails end the rumour (PEERSTER-31)', () => {
  const { node, flips } = nodeWith([false]);
  for (const peer of [P1, P2]) node.addPeer(peer);
  const [first] = rumorsOf(publishTo(node, START));
  expect(sent(node.receive(status({ [NAME]: 2 }), first!.to, START + 20))).toEqual([]);
  expect(flips()).toBe(1);
  expect(node.tick(START + 999)).toEqual([]);
});

test('without an answer the coin falls after 1,000 ms and not before (PEERSTER-31)', () => {
  const { node, flips } = nodeWith([true], 0, { limits: { antiEntropyMs: 60_000 } });
  for (const peer of [P1, P2]) node.addPeer(peer);
  const [first] = rumorsOf(publishTo(node, START + 5));
  expect(node.nextDeadline()).toBe(START + 1_005);
  expect(node.tick(START + 1_004)).toEqual([]);
  expect(flips()).toBe(0);
  const late = rumorsOf(node.tick(START + 1_005));
  expect(flips()).toBe(1);
  expect(late.map(({ to }) => to)).toEqual([first!.to === P1 ? P2 : P1]);
});

test('a different status brings one message for each lagging origin and no coin (PEERSTER-33)', () => {
  const { node, flips } = nodeWith([true, true], 3);
  const others = manyIdentities(2);
  for (const identity of others) node.addIdentity(identity);
  node.work(10, START);
  node.addPeer(P1);
  publishTo(node, START);
  const [b, c] = others.map(nameOf);
  const pushed = rumorsOf(node.receive(status({ [NAME]: 2, [c!]: 1 }), P1, START + 20));
  expect(pushed.map(({ packet }) => [nameText(packet.rumor!.origin), packet.rumor!.id])).toEqual(
    [
      [NAME, 2],
      [b, 0],
    ].sort(),
  );
  expect(flips()).toBe(0);
});

test('a status of somebody ahead brings nothing: it learns from ours (PEERSTER-33)', () => {
  const { node } = nodeWith([]);
  node.addPeer(P1);
  expect(sent(node.receive(status({ [NAME]: 9, aaaaaaaaaaaaaaaa: 3 }), P1, START))).toEqual([]);
});

test('one status goes to one peer each second, and none without peers (PEERSTER-34)', () => {
  const { node } = nodeWith([]);
  expect(node.nextDeadline()).toBeUndefined();
  expect(node.tick(START + 1_000)).toEqual([]);
  for (const peer of [P1, P2, P3]) node.addPeer(peer);
  const targets = new Set<string>();
  for (let second = 2; second < 60; second += 1) {
    expect(node.nextDeadline()).toBe(START + 1_000 * second);
    expect(node.tick(START + 1_000 * second - 1)).toEqual([]);
    const packets = sent(node.tick(START + 1_000 * second));
    expect(packets.map(({ packet }) => packet.status?.length)).toEqual([1]);
    targets.add(packets[0]!.to);
  }
  expect([...targets].sort()).toEqual([P1, P2, P3]);
});

test('a node ten messages behind catches up with one message for each status, in order (PEERSTER-33)', () => {
  const { node: full } = nodeWith([], 10);
  const behind = new PeersterNode({ now: START, random: testRandom(2), rsa: nodeRsa, profile: 'compat', target: 0 });
  full.addPeer(P2);
  behind.addPeer(P1);
  const ids: number[] = [];
  let question = sent(behind.tick(START + 1_000)).map(({ packet }) => encodePacket(packet));
  for (let round = 0; round < 20 && question.length > 0; round += 1) {
    const pushed = rumorsOf(full.receive(question[0]!, P2, START + 1_000 + round));
    expect(pushed.length).toBeLessThanOrEqual(1);
    if (pushed.length === 0) break;
    ids.push(pushed[0]!.packet.rumor!.id);
    question = sent(behind.receive(encodePacket(pushed[0]!.packet), P1, START + 1_000 + round))
      .filter(({ packet }) => packet.status !== undefined)
      .map(({ packet }) => encodePacket(packet));
  }
  expect(ids).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test('a status that a rumour waits for is no anti-entropy as well; of two waits the older ends (PEERSTER-31)', () => {
  const { node, flips } = nodeWith([false, false]);
  node.addPeer(P1);
  publishTo(node, START);
  publishTo(node, START + 100);
  const whole = status({ [NAME]: 3 });
  expect(sent(node.receive(whole, P1, START + 200))).toEqual([]);
  expect(flips()).toBe(1);
  // The second wait is still there: it ends by its own time, not by that of the first.
  node.tick(START + 1_099);
  expect(flips()).toBe(1);
  node.tick(START + 1_100);
  expect(flips()).toBe(2);
  node.receive(whole, P1, START + 1_101);
  expect(flips()).toBe(2);
});

test('a new rumour is answered and passed on, but not back to its sender at first (PEERSTER-30, PEERSTER-31)', () => {
  const { node: source } = nodeWith([]);
  source.addPeer(P2);
  const [push] = rumorsOf(source.receive(status({}), P2, START));
  const relay = new PeersterNode({ now: START, random: testRandom(4), rsa: nodeRsa, profile: 'compat', target: 0 });
  for (const peer of [P1, P2]) relay.addPeer(peer);
  const packets = sent(relay.receive(encodePacket(push!.packet), P1, START));
  expect(packets.map(({ to, packet }) => [to, packet.status?.length, packet.rumor?.id])).toEqual([
    [P1, 1, undefined],
    [P2, undefined, 0],
  ]);
});

test('a node without identities relays (PEERSTER-40)', () => {
  const relay = new PeersterNode({ now: START, random: testRandom(4), rsa: nodeRsa, target: 0 });
  expect(relay.names()).toEqual([]);
  expect(relay.publish(NAME, nameBytes('x'))).toMatchObject({ ok: false, code: 'unknown-identity' });
  expect(relay.mining()).toBeUndefined();
});

test('rumours beyond the cap of waits are sent, but not waited for', () => {
  const { node } = nodeWith([], 0, { limits: { waits: 3, antiEntropyMs: 60_000 } });
  node.addPeer(P1);
  for (let index = 0; index < 6; index += 1) expect(rumorsOf(publishTo(node, START + index)).length).toBe(1);
  expect(node.nextDeadline()).toBe(START + 1_000);
  node.tick(START + 1_002);
  expect(node.nextDeadline()).toBe(START + 60_000);
});

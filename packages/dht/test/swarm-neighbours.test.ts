import type { UserDirectory } from '@rookery/keys';
import { bencodeDict, dhtTarget, encodeBencode, encodeCompactNodes, encodeUtf8 } from '@rookery/wire';
import { describe, expect, test } from 'vitest';
import { DHT_LIMITS, type DhtEffect, type DhtNode, type Endpoint, type SignedValue } from '../src/index.ts';
import { ask, decoded, NOW_MS, nodeOf, PEER, PEER_ID, query, replyTo, sendsOf } from './engine.ts';
import { newPost, signed, world } from './world.ts';

const HOUR = DHT_LIMITS.neighbourRetryMs;
const TARGET = dhtTarget(encodeUtf8('alice'), 'tracker', 'm');

function asks(node: DhtNode, n: string, now: number): void {
  ask(node, 'getData', { target: { n, r: 'tracker', t: 'm' } }, PEER, now);
}

/** The status of alice, a post as it must be. */
function status(): SignedValue {
  const target = { n: 'alice', r: 'status', t: 's' };
  return signed(
    encodeBencode(bencodeDict({ height: 28, seq: 9, target, time: NOW_MS / 1000, v: newPost('alice', { k: 9 }) })),
    'alice',
  );
}

/** A network around a node, in which everybody answers everything; tells what the node asked for and what it told. */
class Surroundings {
  readonly told: DhtEffect[] = [];
  /** Resource and name of each request for data, in order. */
  readonly asked: string[] = [];
  /** What the others have as status of alice. */
  status: SignedValue | undefined;
  /** Whom the first of the others names, by port. */
  readonly named: { readonly id: Uint8Array; readonly port: number }[] = [];
  readonly #node: DhtNode;

  constructor(node: DhtNode) {
    this.#node = node;
    this.#carry(node.addContact(PEER, NOW_MS), NOW_MS);
    this.run(NOW_MS);
  }

  run(until: number): void {
    for (let now = this.#node.nextDeadline(); now !== undefined && now <= until; now = this.#node.nextDeadline()) {
      this.#carry(this.#node.tick(now), now);
    }
  }

  #carry(effects: readonly DhtEffect[], now: number): void {
    const queue = [...effects];
    for (let effect = queue.shift(); effect !== undefined; effect = queue.shift()) {
      if (effect.type !== 'send') this.told.push(effect);
      else queue.push(...this.#node.receive(this.#answer(effect), effect.to, now));
    }
  }

  #answer({ bytes, to }: { readonly bytes: Uint8Array; readonly to: Endpoint }): Uint8Array {
    const packet = decoded(bytes);
    const id = this.named.find(({ port }) => port === to.port)?.id ?? PEER_ID;
    if (packet.getText('q') !== 'getData') return replyTo(bytes, {}, id);
    const target = packet.getDict('x')!.getDict('target')!;
    const r = target.getText('r')!;
    this.asked.push(`${r} ${target.getText('n')}`);
    const nodes = encodeCompactNodes(this.named.map(({ id: other, port }) => ({ id: other, ip: PEER.ip, port })));
    return replyTo(bytes, { token: 'tokn', nodes, ...this.#dataOf(r) }, id);
  }

  #dataOf(r: string) {
    if (r !== 'status' || this.status === undefined) return {};
    const { p, sigP, sigUser } = this.status;
    return { data: [bencodeDict({ p: decoded(p).toValue(), sig_p: sigP, sig_user: sigUser })] };
  }
}

describe('neighbours of a swarm (DHT-46)', () => {
  test('look for the user, and are told to take part if there is a status', () => {
    const node = nodeOf();
    const around = new Surroundings(node);
    around.status = status();
    const question = query('getData', { target: { n: 'alice', r: 'tracker', t: 'm' } });
    expect(node.receive(question, PEER, NOW_MS).map(({ type }) => type)).toEqual(['send']);
    around.run(NOW_MS + 10_000);
    expect(around.asked).toEqual(['tracker alice', 'status alice']);
    expect(around.told).toEqual([{ type: 'join-swarm', user: 'alice' }]);
  });

  test('try again after an hour, not before', () => {
    const node = nodeOf();
    const around = new Surroundings(node);
    asks(node, 'alice', NOW_MS);
    around.run(NOW_MS + 1000);
    around.status = status();
    asks(node, 'alice', NOW_MS + HOUR);
    around.run(NOW_MS + HOUR);
    expect(around.told).toEqual([]);
    asks(node, 'alice', NOW_MS + HOUR + 1000);
    around.run(NOW_MS + HOUR + 10_000);
    expect(around.told).toEqual([{ type: 'join-swarm', user: 'alice' }]);
    expect(around.asked).toHaveLength(4);
  });

  test('do nothing for names that nobody has registered', () => {
    const node = nodeOf();
    const around = new Surroundings(node);
    asks(node, 'ghost', NOW_MS);
    around.run(NOW_MS + 10_000);
    expect(around.asked).toEqual([]);
  });

  test('do nothing for swarms that they are in, or are in when the status is found', () => {
    let calls = 0;
    const isInSwarm = (user: string): boolean => {
      if (user === 'alice') calls += 1;
      return user === 'bob' || calls > 2;
    };
    const node = nodeOf({ isInSwarm });
    const around = new Surroundings(node);
    around.status = status();
    asks(node, 'bob', NOW_MS);
    asks(node, 'alice', NOW_MS);
    around.run(NOW_MS + 10_000);
    expect(around.asked).toEqual(['tracker alice', 'status alice']);
    expect(around.told).toEqual([]);
  });

  test('are not those to whom the search shows eight nearer nodes', () => {
    const node = nodeOf();
    const around = new Surroundings(node);
    around.status = status();
    for (let index = 1; index <= 8; index += 1) {
      const id = TARGET.slice();
      id[19] = id[19]! ^ index;
      around.named.push({ id, port: 50_000 + index });
    }
    asks(node, 'alice', NOW_MS);
    around.run(NOW_MS + 10_000);
    expect(new Set(around.asked)).toEqual(new Set(['tracker alice']));
    expect(around.told).toEqual([]);
  });

  test('a status that the node holds itself is enough', () => {
    const own = status();
    const target = dhtTarget(encodeUtf8('alice'), 'status', 's');
    const node = nodeOf({ store: { load: () => [[target, [own]]], save: () => undefined } });
    asks(node, 'alice', NOW_MS);
    const told = [...node.tick(NOW_MS + 1000), ...answeredNever(node, NOW_MS + 60_000)];
    expect(told.filter(({ type }) => type === 'join-swarm')).toEqual([{ type: 'join-swarm', user: 'alice' }]);
  });

  test('one user a second is tried, and few wait', () => {
    const key = world().users.keyAt('alice', 29);
    const users: UserDirectory = { keyAt: () => key, registeredAt: () => 1, firstRegisteredAt: () => 1 };
    const node = nodeOf({ users, limits: { neighbourUsers: 8 } });
    const around = new Surroundings(node);
    for (let index = 0; index < 500; index += 1) asks(node, `user${index}`, NOW_MS);
    around.run(NOW_MS + 3000);
    expect(around.asked.filter((text) => text.startsWith('tracker'))).toHaveLength(3);
    around.run(NOW_MS + 600_000);
    expect(around.asked.filter((text) => text.startsWith('tracker'))).toHaveLength(8);
    expect(node.nextDeadline()).toBeGreaterThan(NOW_MS + 600_000);
  });
});

function answeredNever(node: DhtNode, until: number): DhtEffect[] {
  const told: DhtEffect[] = [];
  for (let now = node.nextDeadline(); now !== undefined && now <= until; now = node.nextDeadline()) {
    told.push(...node.tick(now));
  }
  expect(sendsOf(told).length).toBeGreaterThan(0);
  return told;
}

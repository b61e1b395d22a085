import { encodeUtf8 } from '@rookery/wire';
import { expect, test } from 'vitest';
import type { DhtEffect, DhtNode, DhtNodeOptions } from '../../src/index.ts';
import { decoded, NOW_MS, nodeOf, PEER, query, replyTo, sendsOf } from '../engine.ts';

const ALICE = encodeUtf8('alice');
const NAME = { n: 'alice', r: 'profile', t: 's' };
/** What deployed nodes bear within 5 s from one address, all its ports together (DHT-44). */
const BORNE = 1000;
const WINDOW_MS = 5000;

/** A node in a network of two; the other answers everything at once. Tells what became of it, and when it was asked. */
class Pair {
  readonly node: DhtNode;
  readonly told: DhtEffect[] = [];
  readonly asked: number[] = [];

  constructor(limits: DhtNodeOptions['limits']) {
    this.node = nodeOf({ limits });
    this.carry(this.node.addContact(PEER, NOW_MS), NOW_MS);
  }

  carry(effects: readonly DhtEffect[], now: number): void {
    const queue = [...effects];
    for (let effect = queue.shift(); effect !== undefined; effect = queue.shift()) {
      this.told.push(effect);
      if (effect.type !== 'send') continue;
      this.asked.push(now);
      const isGet = decoded(effect.bytes).getText('q') === 'getData';
      queue.push(...this.node.receive(replyTo(effect.bytes, isGet ? { nodes: '', token: 'tokn' } : {}), PEER, now));
    }
  }

  run(until: number): void {
    for (let now = this.node.nextDeadline(); now !== undefined && now <= until; now = this.node.nextDeadline()) {
      this.carry(this.node.tick(now), now);
    }
  }

  get done(): number {
    return this.told.filter(({ type }) => type === 'done').length;
  }
}

test('answers to own requests are no flood, however many there are', () => {
  const pair = new Pair({ searchesPerSecond: 0 });
  for (let index = 0; index < 2 * BORNE; index += 1) {
    pair.carry(pair.node.get(ALICE, `custom${index}`, 's', NOW_MS).effects, NOW_MS);
  }
  expect(pair.told.filter((effect) => effect.type === 'ignored')).toEqual([]);
  expect(pair.done).toBe(2 * BORNE);
  expect(sendsOf(pair.node.receive(query('getData', { target: NAME }), PEER, NOW_MS))).toHaveLength(1);
});

test('a node that has much to ask of one other stays below what that bears', () => {
  const pair = new Pair({});
  for (let index = 0; index < BORNE; index += 1) {
    pair.carry(pair.node.announce(`user${index}`, 7, NOW_MS).effects, NOW_MS);
  }
  pair.run(NOW_MS + 60_000);
  expect(pair.done).toBe(BORNE);
  const most = pair.asked.map((at, index) => pair.asked.findIndex((later) => later >= at + WINDOW_MS) - index);
  expect(Math.max(...most)).toBeLessThan(BORNE);
  expect(pair.asked.length).toBeGreaterThan(2 * BORNE);
});

import { LINKS, type NodeEnv, Simulation } from '@rookery/simnet';
import { decodeBencode, dhtTarget, encodeUtf8 } from '@rookery/wire';
import { expect, test } from 'vitest';
import { DHT_LIMITS, type DhtLimits } from '../src/index.ts';
import { startHostile } from './hostile.ts';
import { type DhtSimNode, finished, getOn, networkOf, putOn, singleOf, startNode } from './network.ts';

const NODES = 24;
const HOSTILE = [5, 11, 17, 23];
const honest = Array.from({ length: NODES }, (_, index) => index).filter((index) => !HOSTILE.includes(index));

const limits: Partial<DhtLimits> = {
  firstBucket: 16,
  storedValues: 20,
  storedBytes: 15_000,
  trackedSwarms: 20,
  trackedPeers: 40,
  searches: 4,
  waitingSearches: 30,
  transactions: 60,
};

/** The contacts that a table can have: the places of all buckets, and the spare ones. */
const MOST_CONTACTS = 160 * 2 * DHT_LIMITS.bucket;

function scenario() {
  const start = (env: NodeEnv): DhtSimNode => {
    if (HOSTILE.includes(env.node)) return startHostile(env) as unknown as DhtSimNode;
    return startNode(env, [0], { limits });
  };
  return networkOf(NODES, {
    start,
    link: LINKS.local,
    always: {
      'no table is larger than its limit': (view, index) => {
        const node = view.node(index);
        if (node === undefined || HOSTILE.includes(index)) return undefined;
        const { contacts, requests, searches, values, valueBytes, peers } = node.engine.counts;
        const within =
          contacts <= MOST_CONTACTS &&
          requests <= limits.transactions! &&
          searches <= limits.searches! + limits.waitingSearches! &&
          values <= limits.storedValues! &&
          valueBytes <= limits.storedBytes! &&
          peers <= limits.trackedPeers!;
        return within ? undefined : JSON.stringify(node.engine.counts);
      },
    },
  });
}

test('among hostile nodes, tables keep their bounds, honest values are found, and no forgery is believed', () => {
  const sim = new Simulation<DhtSimNode>(scenario(), 4);
  sim.advance(20_000);
  expect(sim.failure).toBeUndefined();
  const resources = Array.from({ length: 8 }, (_, index) => `custom${index}`);
  for (const [index, r] of resources.entries()) putOn(sim, honest[index]!, singleOf('alice', r, sim.view.now));
  sim.advance(20_000);
  const asked = honest.flatMap((index) => resources.map((r) => ({ index, r, handle: getOn(sim, index, r) })));
  sim.advance(60_000);
  expect(sim.failure).toBeUndefined();
  const missing = asked.filter(({ index, handle }) => finished(sim, index, handle).seq !== 1);
  expect(missing).toEqual([]);

  const told = honest.flatMap((index) => sim.node(index).told);
  const believed = told.flatMap((effect) => (effect.type === 'value' ? effect.entries : []));
  expect(believed.length).toBeGreaterThan(0);
  for (const { p, sigUser } of believed) {
    expect([sigUser, decodeBencode(p).value.getDict('v')?.getText('text')]).toEqual(['alice', 'x']);
  }
  const refusals = new Set(told.flatMap((effect) => (effect.type === 'dropped' ? [effect.code] : [])));
  for (const code of ['bad-signature', 'wrong-target', 'store-full', 'bad-token'] as const)
    expect(refusals).toContain(code);
  const ignored = new Set(told.flatMap((effect) => (effect.type === 'ignored' ? [effect.code] : [])));
  for (const code of ['no-packet', 'unmatched'] as const) expect(ignored).toContain(code);
  expect(told.some((effect) => effect.type === 'external-address')).toBe(false);

  // What the writers hold themselves did not make way for the rubbish.
  for (const [index, r] of resources.entries()) {
    const held = sim.node(honest[index]!).engine.held(dhtTarget(encodeUtf8('alice'), r, 's'));
    expect(held.map(({ sigUser }) => sigUser)).toEqual(['alice']);
  }
});

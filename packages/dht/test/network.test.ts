import { LINKS, type Scenario, Simulation } from '@rookery/simnet';
import { encodeUtf8 } from '@rookery/wire';
import { describe, expect, test } from 'vitest';
import { type DhtSimNode, finished, getOn, networkOf, putOn, randomBytes, singleOf, startNode } from './network.ts';

const NODES = 30;
const VALUES = 15;

/** Everybody has joined, and knows the neighbourhood. */
const SETTLED_MS = 60_000;
/** No search lasts longer. */
const SEARCH_MS = 15_000;

const resources = Array.from({ length: VALUES }, (_, index) => `custom${index}`);

/** Puts one value a resource, from nodes in turn. */
function putAll(sim: Simulation<DhtSimNode>, seq = 1): void {
  const running = sim.view.running();
  for (const [index, r] of resources.entries()) {
    putOn(sim, running[(7 * index) % running.length]!, singleOf('alice', r, sim.view.now, { seq }));
  }
  sim.advance(SEARCH_MS);
}

/** The resources that some running node does not find with this `seq`, by node. */
function missingOf(sim: Simulation<DhtSimNode>, seq = 1): string[] {
  const asked = sim.view
    .running()
    .flatMap((index) => resources.map((r) => ({ index, r, handle: getOn(sim, index, r) })));
  sim.advance(SEARCH_MS);
  return asked
    .filter(({ index, handle }) => finished(sim, index, handle).seq !== seq)
    .map(({ index, r }) => `${index}: ${r}`);
}

describe(`${NODES} nodes that join through one of them`, () => {
  test.each([0, 0.05, 0.2])('every value put is found by every node, with a loss of %f', (loss) => {
    const link = { ...LINKS.home, loss };
    const sim = new Simulation<DhtSimNode>(networkOf(NODES, { link }), 1);
    sim.advance(SETTLED_MS);
    putAll(sim);
    expect(missingOf(sim)).toEqual([]);
    putAll(sim, 2);
    expect(missingOf(sim, 2)).toEqual([]);
    expect(sim.failure).toBeUndefined();
  });

  test('the values are where they belong: at the nodes nearest to their targets', () => {
    const sim = new Simulation<DhtSimNode>(networkOf(NODES, { link: LINKS.local }), 2);
    sim.advance(SETTLED_MS);
    putAll(sim);
    const holders = sim.view.running().map((index) => sim.node(index).engine.counts.values);
    const held = holders.reduce((sum, count) => sum + count, 0);
    // Eight of others and the writer's own copy.
    expect(held).toBeLessThanOrEqual(9 * VALUES);
    expect(held).toBeGreaterThanOrEqual(8 * VALUES);
  });

  test('peers that announced themselves are found by every node', () => {
    const sim = new Simulation<DhtSimNode>(networkOf(NODES, { link: { ...LINKS.home, loss: 0.05 } }), 3);
    sim.advance(SETTLED_MS);
    for (const index of [3, 11, 27]) {
      const { engine, perform } = sim.node(index);
      perform(engine.announce('alice', 30_000 + index, sim.view.now).effects);
    }
    sim.advance(SEARCH_MS);
    const asked = sim.view.running().map((index) => {
      const { engine, perform } = sim.node(index);
      const { handle, effects } = engine.get(encodeUtf8('alice'), 'tracker', 'm', sim.view.now);
      perform(effects);
      return { index, handle };
    });
    sim.advance(SEARCH_MS);
    for (const { index, handle } of asked) {
      const ports = finished(sim, index, handle).peers.map(({ port }) => port);
      expect([...new Set(ports)].sort()).toEqual([30_003, 30_011, 30_027]);
    }
  });

  test('the same seed gives the same run, byte for byte', () => {
    const hashes = [0, 1].map(() => {
      const sim = new Simulation<DhtSimNode>(networkOf(12, { untilMs: 30_000 }), 5, { trace: 'hash' });
      sim.advance(10_000);
      putAll(sim);
      return sim.run().traceHash;
    });
    expect(hashes[0]).toBeDefined();
    expect(hashes[0]).toBe(hashes[1]);
  });
});

describe('churn', () => {
  test('values outlive the nodes that held them: most of the network is replaced within three hours', () => {
    const sim = new Simulation<DhtSimNode>(networkOf(NODES, { untilMs: 20_000_000 }), 8);
    sim.advance(SETTLED_MS);
    putAll(sim);
    // One node after the other forgets everything and comes back as a new one; the first, whom all join through, stays.
    for (let index = 1; index < NODES; index += 1) {
      sim.apply({ do: 'crash', at: sim.elapsedMs, node: index, downMs: 60_000, wipe: true });
      sim.advance(360_000);
    }
    sim.advance(SETTLED_MS);
    expect(missingOf(sim)).toEqual([]);
    expect(sim.failure).toBeUndefined();
  });

  test('a third of the network falls silent at once, and the values are still found', () => {
    const sim = new Simulation<DhtSimNode>(networkOf(NODES), 9);
    sim.advance(SETTLED_MS);
    putAll(sim);
    for (let index = 2; index < NODES; index += 3) sim.apply({ do: 'crash', at: sim.elapsedMs, node: index });
    sim.advance(1000);
    expect(missingOf(sim)).toEqual([]);
  });

  test('two halves that were apart find each other and the newer values again', () => {
    const sim = new Simulation<DhtSimNode>(networkOf(NODES), 10);
    sim.advance(SETTLED_MS);
    putAll(sim);
    const side = Array.from({ length: NODES / 2 }, (_, index) => index);
    sim.apply({ do: 'partition', at: sim.elapsedMs, forMs: 120_000, side });
    sim.advance(10_000);
    putAll(sim, 2);
    sim.advance(180_000);
    expect(missingOf(sim, 2)).toEqual([]);
  });
});

describe('nodes that join one after the other', () => {
  test.each(['anywhere', 'in eight places'] as const)('find every value, with ids that lie %s', (where) => {
    const nodes = 60;
    const start: Scenario<DhtSimNode>['start'] = (env) => {
      const id = randomBytes(env, 20);
      if (where === 'in eight places') id.fill(37 * env.random.below(8), 0, 4);
      return startNode(env, [0], { id, verifyNodeIds: false });
    };
    const steps = Array.from({ length: nodes }, (_, node) => ({ do: 'start', at: 500 * node, node }) as const);
    const sim = new Simulation<DhtSimNode>(networkOf(nodes, { start, steps, link: LINKS.local }), 6);
    sim.advance(500 * nodes + SETTLED_MS);
    putAll(sim);
    expect(missingOf(sim)).toEqual([]);
  });
});

describe('few nodes', () => {
  test('a lone node keeps its own values, and puts them when somebody joins', () => {
    const scenario: Scenario<DhtSimNode> = networkOf(2, { steps: [{ do: 'start', at: 30_000, node: 1 }] });
    const sim = new Simulation<DhtSimNode>(scenario, 1);
    sim.advance(1000);
    const put = putOn(sim, 0, singleOf('alice', 'profile', sim.view.now));
    expect(finished(sim, 0, put).acknowledged).toBe(0);
    expect(finished(sim, 0, getOn(sim, 0, 'profile')).seq).toBe(1);
    sim.advance(120_000);
    const handle = getOn(sim, 1, 'profile');
    expect(sim.node(1).engine.counts.values).toBe(1);
    sim.advance(SEARCH_MS);
    expect(finished(sim, 1, handle).seq).toBe(1);
  });

  test('of three nodes one dies: the others go on without waiting for it more than once', () => {
    const sim = new Simulation<DhtSimNode>(networkOf(3, { link: LINKS.local }), 1);
    sim.advance(SETTLED_MS);
    sim.apply({ do: 'crash', at: sim.elapsedMs, node: 2 });
    sim.advance(1);
    getOn(sim, 1, 'nothing');
    sim.advance(10_000);
    const handle = putOn(sim, 1, singleOf('alice', 'profile', sim.view.now));
    sim.advance(10);
    expect(finished(sim, 1, handle).acknowledged).toBe(1);
  });

  test('a node that does not know its address learns it, and takes a fitting id', () => {
    const start: Scenario<DhtSimNode>['start'] = (env) => {
      return startNode(env, [0], env.node === 5 ? { address: { ip: '0.0.0.0', port: 4000 } } : {});
    };
    const sim = new Simulation<DhtSimNode>(networkOf(6, { start, link: LINKS.local }), 1);
    sim.advance(20_000);
    const { told, engine, perform } = sim.node(5);
    const heard = told.find((effect) => effect.type === 'external-address');
    expect(heard).toEqual({ type: 'external-address', ip: '11.0.5.1' });
    perform(engine.setAddress({ ip: '11.0.5.1', port: 4000 }, sim.view.now));
    sim.advance(20_000);
    const handle = putOn(sim, 5, singleOf('bob', 'profile', sim.view.now));
    sim.advance(SEARCH_MS);
    expect(finished(sim, 5, handle).acknowledged).toBe(5);
  });
});

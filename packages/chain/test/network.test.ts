import { bytesToHex } from '@noble/hashes/utils.js';
import {
  assertOk,
  check,
  LINKS,
  type NodeEnv,
  Pair,
  partitions,
  type Random,
  type Scenario,
  type Step,
} from '@rookery/simnet';
import { transactionId } from '@rookery/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ChainHost, type HostOptions } from './chain-host.ts';
import { blockOn, branchOn, genesis, registration } from './dev-chain.ts';

const START_MS = (genesis.header.time + 50_000_000) * 1000;
/** Simulated networks are heavy; the long run makes ten times fewer of them than of plain properties. */
const SEEDS = Math.ceil((fc.readConfigureGlobal().numRuns ?? 100) / 10);
const host = (options: HostOptions) => (env: NodeEnv) => new ChainHost(env, options);
const tipOf = ({ chain }: ChainHost) => bytesToHex(chain.tip.id);
const bytesOf = (blocks: readonly { readonly bytes: Uint8Array }[]) => blocks.map(({ bytes }) => bytes);

describe('a pair', () => {
  const longer = branchOn(genesis, 1200, 'longer');
  const shorter = branchOn(genesis, 30, 'shorter');

  test.each([
    ['all of it', { blocks: bytesOf(longer), links: [] }, { links: [0] }],
    ['the other opens the connection', { blocks: bytesOf(longer), links: [1] }, { links: [] }],
    ['leaving a branch of its own', { blocks: bytesOf(longer), links: [] }, { blocks: bytesOf(shorter), links: [0] }],
    ['from a store that is asked block by block', { blocks: bytesOf(longer), links: [], stores: true }, { links: [0] }],
  ] as [string, HostOptions, HostOptions][])('one gets the chain of the other: %s', (_name, first, second) => {
    const stores = first.stores === true;
    const pair = new Pair(
      (env) => {
        if (stores) for (const { id, bytes } of longer) env.store(bytesToHex(id), bytes);
        return new ChainHost(env, first);
      },
      host(second),
      { startMs: START_MS, link: LINKS.home, quietMs: 70_000, plan: 3 },
    );
    assertOk(pair.run());
    expect(pair.b.chain.tip).toEqual(pair.a.chain.tip);
    expect(pair.b.chain.tip.height).toBe(1200);
    expect(pair.b.told.filter(({ type }) => type === 'synced').at(-1)).toEqual({ type: 'synced', height: 1200 });
    expect([...pair.a.told, ...pair.b.told].filter(({ type }) => type === 'close' || type === 'ban')).toEqual([]);
    expect(pair.a.told.some(({ type }) => type === 'need-block')).toBe(stores);
  });

  test('branches of equal length stay until one grows, and then the names follow', () => {
    const alice = (key: number) => [blockOn(genesis, { registrations: [registration('alice', key)], text: `${key}` })];
    const pair = new Pair(
      host({ blocks: bytesOf(alice(1)), links: [1] }),
      host({ blocks: bytesOf(alice(2)), links: [] }),
      {
        startMs: START_MS,
      },
    );
    pair.simulation.advance(10_000);
    expect(tipOf(pair.a)).not.toBe(tipOf(pair.b));
    const before = pair.b.chain.user('alice');
    pair.a.mine(START_MS + 10_000);
    pair.simulation.advance(10_000);
    expect(tipOf(pair.b)).toBe(tipOf(pair.a));
    expect(pair.b.chain.user('alice')).toEqual(pair.a.chain.user('alice'));
    expect(pair.b.chain.user('alice')).not.toEqual(before);
  });

  test('a registration at one is mined by the other', () => {
    const pair = new Pair(host({ links: [1] }), host({ links: [] }), { startMs: START_MS });
    pair.simulation.advance(2000);
    const transaction = registration('alice', 1);
    pair.a.register(transaction, START_MS + 2000);
    pair.simulation.advance(5000);
    expect(pair.b.chain.pool()).toEqual([transactionId(transaction)]);
    pair.b.mine(START_MS + 7000);
    pair.simulation.advance(5000);
    expect(pair.a.chain.user('alice')?.registeredAt).toBe(1);
    expect(pair.a.chain.pool()).toEqual([]);
  });
});

describe('a network', () => {
  const QUIET_FROM = 120_000;
  const NODES = 6;
  const registrations = [1, 2, 3, 4].flatMap((key) => ['ann', 'ben'].map((name) => registration(name, key)));

  /** Users mine and register here and there; links break, nodes crash with what they have not stored; then all is calm and one mines. */
  function trouble(random: Random): readonly Step[] {
    const acts = Array.from({ length: 40 }, (): Step => {
      const at = random.between(1000, QUIET_FROM);
      const node = random.below(NODES);
      if (random.chance(0.7)) return { do: 'act', at, node, name: 'mine' };
      return { do: 'act', at, node, name: 'register', args: [random.below(registrations.length)] };
    });
    const crashes = Array.from({ length: 4 }, (): Step => {
      const at = random.between(1000, QUIET_FROM - 30_000);
      return {
        do: 'crash',
        at,
        node: random.below(NODES),
        downMs: random.between(500, 20_000),
        wipe: random.chance(0.2),
      };
    });
    const cuts = partitions(random, {
      nodes: NODES,
      count: 3,
      untilMs: QUIET_FROM - 30_000,
      forMs: { min: 1000, max: 30_000 },
    });
    const end: Step[] = [30_000, 60_000].map((after) => ({ do: 'act', at: QUIET_FROM + after, node: 0, name: 'mine' }));
    return [...acts, ...crashes, ...cuts, ...end].sort((left, right) => timeOf(left) - timeOf(right));
  }

  const timeOf = (step: Step) => ('at' in step ? step.at : 0);

  const scenario: Scenario<ChainHost> = {
    name: 'miners in trouble',
    nodes: NODES,
    start: (env) => new ChainHost(env, { links: [(env.node + 1) % NODES, (env.node + 2) % NODES] }),
    link: LINKS.home,
    steps: trouble,
    actions: {
      mine: (node, _env, now) => node.mine(now),
      register: (node, _env, now, at) => node.register(registrations[at as number]!, now),
    },
    always: {
      'nobody is scored': (view, at) =>
        view.node(at)?.told.some(({ type }) => type === 'ban') === true ? 'an honest peer was banned' : undefined,
    },
    finally: {
      'all have one chain': (view) => {
        const tips = new Set(view.running().map((at) => tipOf(view.node(at)!)));
        return tips.size === 1 ? undefined : `${tips.size} tips`;
      },
      'all know the same users': (view) => {
        const known = view
          .running()
          .map((at) => JSON.stringify(['ann', 'ben'].map((name) => view.node(at)!.chain.user(name))));
        return new Set(known).size === 1 ? undefined : 'the users differ';
      },
    },
    untilMs: QUIET_FROM + 90_000,
    startMs: START_MS,
  };

  test('comes to one chain and the same users after partitions, crashes and forks', () => {
    check(scenario, { seeds: SEEDS });
  });

  /** Batches of four, and nodes that begin on branches of many: what a peer was told of once has to be enough. */
  test.each([[[0, 20, 40, 41]], [[50, 3, 52, 20]], [[70, 64, 5, 72]]])(
    'comes to one chain from branches of %j blocks',
    (lengths) => {
      const branches = lengths.map((length, node) => bytesOf(branchOn(genesis, length, `branch ${node}`)));
      const calm = [30_000, 300_000, 600_000];
      check(
        {
          ...scenario,
          name: 'long branches',
          nodes: lengths.length,
          start: (env) =>
            new ChainHost(env, {
              blocks: branches[env.node] ?? [],
              links: [(env.node + 1) % lengths.length],
              limits: { blocksTold: 4, asks: 20 },
            }),
          steps: (random) => {
            const acts = Array.from({ length: 40 }, (): Step => {
              const at = random.between(1, QUIET_FROM);
              return { do: 'act', at, node: random.below(lengths.length), name: 'mine' };
            });
            const untilMs = QUIET_FROM - 30_000;
            const cuts = partitions(random, {
              nodes: lengths.length,
              count: 2,
              untilMs,
              forMs: { min: 1000, max: 30_000 },
            });
            const end = calm.map((after): Step => ({ do: 'act', at: QUIET_FROM + after, node: 0, name: 'mine' }));
            return [...acts, ...cuts, ...end].sort((left, right) => timeOf(left) - timeOf(right));
          },
          untilMs: QUIET_FROM + 610_000,
        },
        { seeds: Math.ceil(SEEDS / 3) },
      );
    },
  );
});

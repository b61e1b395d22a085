import {
  assertOk,
  check,
  churn,
  LINKS,
  type NodeEnv,
  Pair,
  partitions,
  type Random,
  type Scenario,
  Simulation,
  type Step,
} from '@rookery/simnet';
import { describe, expect, test } from 'vitest';
import { NOW, post } from './author.ts';
import { hostName, LyingNode, SwarmNode } from './network.ts';

const POSTS = 30;
const NODES = 20;
const HOSTILE = [7, 13];
const AUTHOR = 0;

type Member = SwarmNode | LyingNode;

/** Everybody knows the node before and one at random; the rest comes by peer exchange. */
function start(env: NodeEnv, hostile: readonly number[]): Member {
  const known = [(env.node + NODES - 1) % NODES, env.random.below(NODES)].filter((node) => node !== env.node);
  if (hostile.includes(env.node))
    return new LyingNode(
      env,
      Array.from({ length: NODES }, (_, node) => node),
    );
  return new SwarmNode(env, known, { groupOf: hostName });
}

/** The author posts every two seconds while links lose, the network splits and nodes crash; then there is time to make up for it. */
function steps(random: Random, nodes: number): readonly Step[] {
  const posting = Array.from(
    { length: POSTS },
    (_, k): Step => ({
      do: 'act',
      at: 5_000 + 2_000 * k,
      node: AUTHOR,
      name: 'publish',
      args: [k],
    }),
  );
  return [
    ...posting,
    ...churn(random, {
      nodes: [2, 3, 5, 8, 11, 12, 16],
      fromMs: 5_000,
      untilMs: 100_000,
      upMs: { min: 5_000, max: 40_000 },
      downMs: { min: 500, max: 20_000 },
      leave: 0.2,
      wipe: 0.2,
    }),
    ...partitions(random, { nodes, count: 4, fromMs: 5_000, untilMs: 90_000, forMs: { min: 2_000, max: 25_000 } }),
  ].sort((left, right) => ('at' in left ? left.at : 0) - ('at' in right ? right.at : 0));
}

const scenario: Scenario<Member> = {
  name: 'a swarm with faults',
  nodes: NODES,
  start: (env) => start(env, HOSTILE),
  startMs: NOW,
  untilMs: 300_000,
  link: { ...LINKS.mobile, breakMs: 10_000 },
  steps,
  actions: {
    publish: (node, _env, now, k) => {
      if (node instanceof SwarmNode) node.publish(Number(k), now);
    },
  },
  always: {
    'nobody stores what the author did not sign': (view, node) => {
      const member = view.node(node);
      if (!(member instanceof SwarmNode)) return undefined;
      const last = member.effects.at(-1);
      if (last?.type !== 'piece') return undefined;
      return last.bytes.every((byte, at) => byte === post(last.k)[at])
        ? undefined
        : `piece ${last.k} is not the author's`;
    },
    'only liars are banned': (view, node) => {
      const member = view.node(node);
      if (!(member instanceof SwarmNode)) return undefined;
      const last = member.effects.findLast(({ type }) => type === 'ban');
      return last === undefined || (last.type === 'ban' && last.code === 'bad-signature')
        ? undefined
        : 'somebody was banned';
    },
  },
  finally: {
    'everybody has every post': (view) => {
      for (const index of view.running()) {
        const member = view.node(index);
        if (member instanceof SwarmNode && member.swarm.have().length !== POSTS) {
          return `node ${index} has ${member.swarm.have().length} of ${POSTS} posts`;
        }
      }
      return undefined;
    },
  },
};

describe('in virtual time', () => {
  test('two members exchange what they have, over any link', () => {
    for (const [seed, link] of [
      [1, LINKS.perfect],
      [2, LINKS.home],
      [3, LINKS.mobile],
      [4, { ...LINKS.awful, breakMs: 100_000 }],
    ] as const) {
      const pair = new Pair(
        (env) => new SwarmNode(env, [1]),
        (env) => new SwarmNode(env, []),
        {
          link,
          plan: seed,
          startMs: NOW,
          begin: (a, _env, now) => {
            for (let k = 0; k < 10; k += 1) a.publish(k, now);
          },
          done: (a, b) => a?.swarm.have().length === 20 && b?.swarm.have().length === 20,
          untilMs: 600_000,
        },
      );
      pair.simulation.advance(1);
      for (let k = 10; k < 20; k += 1) pair.b.publish(k, NOW + 1);
      const outcome = pair.run();
      assertOk(outcome);
      expect(outcome.ended).toBe('done');
    }
  });

  test(`${NODES} members, ${HOSTILE.length} of them hostile, come to have every post in spite of crashes, splits and losses`, () => {
    const runs = Math.max(1, Math.ceil(Number(process.env.FC_NUM_RUNS ?? 100) / 50));
    check(scenario, { seeds: runs });
  });

  test('a post reaches everybody in a fraction of a second where nothing is wrong', () => {
    const calm: Scenario<Member> = {
      ...scenario,
      start: (env) => start(env, []),
      link: LINKS.local,
      steps: [{ do: 'act', at: 60_000, node: AUTHOR, name: 'publish', args: [3] }],
      finally: {},
      untilMs: 60_500,
    };
    const simulation = new Simulation(calm, 5);
    assertOk(simulation.run());
    for (let node = 0; node < NODES; node += 1) {
      const member = simulation.node(node) as SwarmNode;
      expect(member.swarm.have()).toEqual([3]);
      expect(member.effects.filter(({ type }) => type === 'piece')).toHaveLength(1);
    }
  });

  test('liars are found out', () => {
    const simulation = new Simulation({ ...scenario, untilMs: 60_000, finally: {} }, 3);
    assertOk(simulation.run());
    const members = Array.from({ length: NODES }, (_, node) => simulation.view.node(node));
    const bans = members.flatMap((node) => (node instanceof SwarmNode ? node.effects : []));
    expect(bans.filter(({ type }) => type === 'ban').length).toBeGreaterThan(5);
    expect(bans.filter(({ type }) => type === 'refused').length).toBeGreaterThan(5);
  });

  test('the same seed gives the same run, byte for byte', () => {
    const hashes = [1, 2].map(() =>
      new Simulation({ ...scenario, finally: {}, untilMs: 30_000 }, 9, { trace: 'hash' }).run(),
    );
    expect(hashes[0]!.traceHash).toBeDefined();
    expect(hashes[0]!.traceHash).toEqual(hashes[1]!.traceHash);
  });
});

import { describe, expect, test } from 'vitest';
import {
  delaying,
  dropping,
  flooding,
  forging,
  lying,
  type Misbehaviour,
  misbehave,
  type NodeEnv,
  type Scenario,
  Simulation,
} from '../src/index.ts';
import { ascii, numberIn, Probe, probes, sends } from './support/probe.ts';
import { isLikely } from './support/runs.ts';

/** Node 0 misbehaves and sends `count` datagrams to node 1, which sends as many to node 0. */
function duel(count: number, ...behaviours: Misbehaviour[]) {
  const honest = (env: NodeEnv) => new Probe(env);
  const hostile = misbehave(honest, ...behaviours);
  const scenario = {
    ...probes(3),
    start: (env: NodeEnv) => (env.node === 0 ? hostile(env) : honest(env)),
    actions: {
      send: (_node: unknown, env: NodeEnv, _now: number, to: unknown, index: unknown) => {
        const shell = simulation.view.node(env.node);
        const own = shell !== undefined && 'inner' in shell ? (shell.inner as Probe).env : env;
        own.send(env.addressOf(Number(to)), Uint8Array.of(0, 0, Number(index) >> 8, Number(index) & 255));
      },
    },
    steps: Array.from({ length: count }, (_, index) => [
      sends(index * 10, 0, 1, index),
      sends(index * 10, 1, 0, index),
    ]).flat(),
    untilMs: count * 10 + 1_000,
  } as Scenario<Probe>;
  const simulation: Simulation<Probe> = new Simulation(scenario, 3);
  expect(simulation.run().failure).toBeUndefined();
  const inner = (simulation.node(0) as unknown as { readonly inner: Probe }).inner;
  return { inner, victim: simulation.node(1), other: simulation.node(2), simulation };
}

describe('a hostile node', () => {
  test('without a misbehaviour is an honest one', () => {
    const { inner, victim } = duel(20);
    expect([inner.seen.length, victim.seen.length]).toEqual([20, 20]);
  });

  test('drops in both directions', () => {
    const { inner, victim } = duel(4_000, dropping(0.3));
    expect(isLikely(victim.seen.length, 4_000, 0.7)).toBe(true);
    expect(isLikely(inner.seen.length, 4_000, 0.7)).toBe(true);
  });

  test('delays', () => {
    const { victim } = duel(500, delaying(50, 200));
    const delays = victim.seen.map(({ bytes, now }) => now - numberIn(bytes) * 10);
    expect(victim.seen).toHaveLength(500);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(50);
    expect(Math.max(...delays)).toBeLessThanOrEqual(200);
    expect(new Set(delays).size).toBeGreaterThan(50);
  });

  test('forges its sender', () => {
    const { victim, other } = duel(
      3,
      forging((env) => env.addressOf(2)),
    );
    expect(victim.seen.map(({ from }) => from)).toEqual(new Array(3).fill(other.env.address));
  });

  test('lies, and does not spoil the bytes of the engine inside', () => {
    const truth = ascii('truth');
    const { victim } = duel(
      2,
      lying((bytes) => bytes.fill(9)),
      lying((bytes) => bytes.subarray(1)),
    );
    expect(victim.seen.map(({ bytes }) => [...bytes])).toEqual([
      [9, 9, 9],
      [9, 9, 9],
    ]);
    expect(truth).toEqual(ascii('truth'));
  });

  test('floods', () => {
    const { victim, simulation } = duel(
      0,
      flooding(10, (env) => Array.from({ length: 5 }, () => ({ to: env.addressOf(1), bytes: ascii('spam') }))),
    );
    expect(victim.seen.length).toBe(simulation.elapsedMs / 2);
  });

  test('sees what it wants to see', () => {
    const twice: Misbehaviour = { receive: (bytes) => [bytes, bytes.subarray(0, 1)] };
    expect(duel(3, twice).inner.seen.map(({ bytes }) => bytes.length)).toEqual([4, 1, 4, 1, 4, 1]);
  });

  test('does several things at once, in their order', () => {
    const { victim } = duel(
      100,
      lying(() => ascii('x')),
      delaying(5, 5),
      delaying(7, 7),
    );
    expect(victim.seen.map(({ now }) => now % 10)).toEqual(new Array(100).fill(2));
    expect(victim.seen.every(({ bytes }) => bytes.length === 1)).toBe(true);
  });

  test('passes streams, storage and moves through', () => {
    const shell = misbehave((env) => new Probe(env), dropping(1));
    const scenario = probes(2, {
      actions: { connect: (_node, env) => env.write(env.connect(env.addressOf(0)), ascii('hi')) },
      steps: [
        { do: 'act', at: 5, node: 1, name: 'connect' },
        { do: 'move', at: 50, node: 0 },
        { do: 'leave', at: 60, node: 0 },
      ],
    });
    let inner: Probe | undefined;
    const start = (env: NodeEnv) => {
      if (env.node === 1) return new Probe(env);
      const node = shell(env);
      inner = node.inner;
      return node as unknown as Probe;
    };
    const simulation = new Simulation({ ...scenario, start }, 1);
    expect(simulation.run().failure).toBeUndefined();
    expect(inner?.text(1)).toBe('hi');
    expect(inner?.moves).toHaveLength(1);
    expect(inner?.left).toBe(true);
  });

  test('has an engine inside whose luck is that of an honest one', () => {
    let drawn = -1;
    const start = misbehave((env) => {
      drawn = env.random.uint32();
      return new Probe(env);
    }, dropping(0.5));
    new Simulation(probes(1, { start: (env) => start(env) as unknown as Probe }), 8).run();
    const plain = new Simulation(probes(1), 8);
    plain.advance(0);
    expect(drawn).toBe(plain.node(0).env.random.uint32());
  });

  test('with times that make no sense is refused', () => {
    expect(() => delaying(5, 4)).toThrow(RangeError);
    expect(() => delaying(-1, 4)).toThrow(RangeError);
    expect(() => flooding(0, () => [])).toThrow(RangeError);
  });
});

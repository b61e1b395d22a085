import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { churn, lateStarts, partitions, Random, SimnetError, Simulation, type Step } from '../src/index.ts';
import { ascii, numberIn, Probe, probes, sends } from './support/probe.ts';

describe('a node', () => {
  test('starts at 0, or when a step says so', () => {
    const steps: Step[] = [{ do: 'start', at: 70, node: 1 }, sends(10, 0, 1, 1), sends(80, 0, 1, 2)];
    const simulation = new Simulation(probes(3, { steps }), 1);
    simulation.run();
    expect([0, 1, 2].map((node) => simulation.node(node).startedAt)).toEqual([0, 70, 0]);
    expect(simulation.node(1).seen.map(({ bytes }) => numberIn(bytes))).toEqual([2]);
    expect(simulation.measures().dropped.down).toBe(1);
  });

  test('loses its memory in a crash, but not what it stored', () => {
    const scenario = probes(1, {
      actions: { store: (_node, env, _now, key, text) => env.store(String(key), ascii(String(text))) },
      steps: [
        { do: 'act', at: 10, node: 0, name: 'store', args: ['b', 'old'] },
        { do: 'act', at: 11, node: 0, name: 'store', args: ['a', 'kept'] },
        { do: 'act', at: 12, node: 0, name: 'store', args: ['b', 'new'] },
        { do: 'crash', at: 20, node: 0, downMs: 30 },
        { do: 'crash', at: 100, node: 0, downMs: 30, wipe: true },
      ],
    });
    const simulation = new Simulation(scenario, 1);
    simulation.advance(15);
    const first = simulation.node(0);
    simulation.advance(10);
    expect(() => simulation.node(0)).toThrow(RangeError);
    expect(simulation.view.stored(0, 'b')).toEqual(ascii('new'));
    expect(simulation.view.running()).toEqual([]);
    simulation.advance(40);
    const second = simulation.node(0);
    expect(second).not.toBe(first);
    expect(second.startedAt).toBe(50);
    expect(second.env.incarnation).toBe(1);
    expect(second.env.storedKeys()).toEqual(['b', 'a']);
    expect(second.env.stored('b')).toEqual(ascii('new'));
    simulation.advance(100);
    expect(simulation.node(0).env.incarnation).toBe(2);
    expect(simulation.node(0).env.storedKeys()).toEqual([]);
  });

  test('stores copies, and forgets on demand', () => {
    const simulation = new Simulation(probes(1), 1);
    simulation.advance(0);
    const { env } = simulation.node(0);
    const value = ascii('abc');
    env.store('key', value);
    value[0] = 0;
    const got = env.stored('key');
    expect(got).toEqual(ascii('abc'));
    (got as Uint8Array)[1] = 0;
    expect(env.stored('key')).toEqual(ascii('abc'));
    env.store('key', undefined);
    expect(env.stored('key')).toBeUndefined();
    expect(env.storedKeys()).toEqual([]);
  });

  test('can say goodbye when it leaves, and not when it crashes', () => {
    class Polite extends Probe {
      override leave(): void {
        this.env.send(this.env.addressOf(1), ascii('bye!'));
      }
    }
    for (const [how, heard] of [
      ['leave', 1],
      ['crash', 0],
    ] as const) {
      const steps: Step[] = [{ do: how, at: 5, node: 0, downMs: 5 }];
      const simulation = new Simulation(probes(2, { start: (env) => new Polite(env), steps }), 1);
      simulation.run();
      expect(simulation.node(1).seen).toHaveLength(heard);
      expect(simulation.node(0).startedAt).toBe(10);
    }
  });

  test('has hands that are worth nothing after it stopped', () => {
    const simulation = new Simulation(probes(2, { steps: [{ do: 'crash', at: 5, node: 0, downMs: 1 }] }), 1);
    simulation.advance(0);
    const { env } = simulation.node(0);
    simulation.advance(10);
    for (const use of [
      () => env.send(env.addressOf(1), ascii('x')),
      () => env.store('key', ascii('x')),
      () => env.connect(env.addressOf(1)),
      () => env.mark('x'),
    ]) {
      expect(use).toThrow(SimnetError);
      expect(use).toThrow(/node 0 is used after it stopped/);
    }
    expect(simulation.failure).toBeUndefined();
  });

  test('that moves is found at its new address, and nobody at the old one', () => {
    const simulation = new Simulation(
      probes(2, { actions: { send: (_node, env, _now, to) => env.send(Number(to), ascii('hi!!')) } }),
      1,
    );
    simulation.advance(0);
    const old = simulation.node(1).env.address;
    simulation.apply({ do: 'move', at: 5, node: 1 });
    simulation.advance(10);
    const { env, moves } = simulation.node(1);
    expect(moves).toEqual([env.address]);
    expect(env.address).not.toBe(old);
    for (const to of [old, env.address]) simulation.apply({ do: 'act', at: 0, node: 0, name: 'send', args: [to] });
    simulation.advance(10);
    expect(simulation.node(1).seen).toHaveLength(1);
    expect(simulation.measures().dropped['no-route']).toBe(1);
  });

  test('draws what follows from seed, node and life alone', () => {
    const draws = (seed: number, nodes: number, node: number) => {
      const simulation = new Simulation(probes(nodes, { steps: [{ do: 'crash', at: 5, node, downMs: 1 }] }), seed);
      simulation.advance(0);
      const first = simulation.node(node).env.random.uint32();
      simulation.advance(10);
      return [first, simulation.node(node).env.random.uint32()];
    };
    expect(draws(1, 5, 2)).toEqual(draws(1, 50, 2));
    expect(new Set([draws(1, 5, 2), draws(2, 5, 2), draws(1, 5, 3)].flat()).size).toBe(6);
  });
});

describe('a step', () => {
  test('about a node that is not in the right state does nothing', () => {
    const steps: Step[] = [
      { do: 'start', at: 1, node: 0 },
      { do: 'start', at: 2, node: 0 },
      { do: 'crash', at: 3, node: 0 },
      { do: 'crash', at: 4, node: 0, downMs: 1 },
      { do: 'leave', at: 5, node: 0 },
      { do: 'move', at: 6, node: 0 },
      sends(7, 0, 1, 1),
    ];
    const simulation = new Simulation(probes(2, { steps }), 1);
    const outcome = simulation.run();
    expect([outcome.ok, outcome.events]).toEqual([true, 3]);
    expect(simulation.view.running()).toEqual([1]);
  });

  test('of a lost, doubled or delayed datagram hits that one only', () => {
    const steps: Step[] = [
      ...[0, 1, 2, 3].map((index) => sends(index, 0, 1, index)),
      ...[0, 1].map((index) => sends(index, 1, 0, index)),
      { do: 'lose', from: 0, to: 1, nth: 1 },
      { do: 'duplicate', from: 0, to: 1, nth: 2, ms: 30 },
      { do: 'delay', from: 0, to: 1, nth: 0, ms: 50 },
    ];
    const simulation = new Simulation(probes(2, { steps, link: { latencyMs: 10 } }), 1);
    simulation.run();
    const seen = simulation.node(1).seen.map(({ bytes, now }) => [numberIn(bytes), now]);
    expect(seen).toEqual([
      [2, 12],
      [3, 13],
      [2, 42],
      [0, 60],
    ]);
    expect(simulation.node(0).seen).toHaveLength(2);
  });

  test('of the wrong shape is refused by name', () => {
    const bad: readonly (readonly [Step, string])[] = [
      [{ do: 'crash', at: 0, node: 2 }, 'node'],
      [{ do: 'crash', at: -1, node: 0 }, 'at'],
      [{ do: 'crash', at: 0, node: 0, downMs: 0.5 }, 'downMs'],
      [{ do: 'act', at: 0, node: 0, name: 'dance' }, 'dance'],
      [{ do: 'partition', at: 0, forMs: 5, side: [7] }, 'node'],
      [{ do: 'weather', at: 0, forMs: 5, link: { loss: 2 } }, 'chance'],
      [{ do: 'lose', from: 0, to: 9, nth: 0 }, 'node'],
      [{ do: 'delay', from: 0, to: 1, nth: 0, ms: -1 }, 'ms'],
      [{ do: 'sing' } as unknown as Step, 'sing'],
    ];
    for (const [step, word] of bad) {
      expect(() => new Simulation(probes(2, { steps: [step] }), 1)).toThrow(new RegExp(word));
      expect(() => new Simulation(probes(2), 1).apply(step)).toThrow(new RegExp(word));
    }
  });
});

describe('fates', () => {
  test('decide over the first datagrams of a run in the order of their sending', () => {
    const steps = [0, 1, 2, 3].map((index) => sends(index, index % 2, 1 - (index % 2), index));
    const simulation = new Simulation(probes(2, { steps }), { seed: 1, fates: [100, -1, 0] });
    simulation.run();
    const seen = [0, 1].flatMap((node) => simulation.node(node).seen.map(({ bytes, now }) => [numberIn(bytes), now]));
    expect(seen).toEqual([
      [3, 3],
      [2, 2],
      [0, 100],
    ]);
  });
});

describe('drawn faults', () => {
  test('follow from the seed and fit the network', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const draw = () => {
          const random = new Random(seed);
          const nodes = [0, 1, 2, 3, 4, 5];
          return [
            ...lateStarts(random, nodes.slice(0, 2), { min: 5, max: 50 }),
            ...churn(random, { nodes, untilMs: 1_000, upMs: { min: 10, max: 200 }, downMs: 30, leave: 0.5, wipe: 0.5 }),
            ...partitions(random, { nodes: 6, count: 3, untilMs: 500, forMs: { min: 1, max: 100 }, oneWay: 0.5 }),
          ];
        };
        const steps = draw();
        expect(draw()).toEqual(steps);
        const outcome = new Simulation(probes(6, { steps }), seed).run();
        expect(outcome.ok).toBe(true);
        const times = steps.filter((step) => step.do === 'crash' || step.do === 'leave').map((step) => step.at);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        expect(times.every((at) => at < 1_000)).toBe(true);
        for (const node of [0, 1, 2, 3, 4, 5]) {
          let upAt = 0;
          for (const step of steps) {
            if ((step.do !== 'crash' && step.do !== 'leave') || step.node !== node) continue;
            expect(step.at).toBeGreaterThanOrEqual(upAt + 10);
            upAt = step.at + (step.downMs ?? 0);
          }
        }
      }),
    );
  });
});

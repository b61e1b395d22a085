import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plans } from '../src/fast-check.ts';
import { decodeTrace, type Plan, run, Simulation, type Step, scheduleOf } from '../src/index.ts';
import { replay } from '../src/replay.ts';
import { type Chatter, chatters } from './support/chatter.ts';
import { numberIn, probes, sends } from './support/probe.ts';
import { FEW_RUNS } from './support/runs.ts';

const plan = plans({ nodes: { min: 1, max: 12 }, untilMs: 4_000 });

describe('a plan', () => {
  test('gives the same trace every time, and another one with another seed', () => {
    fc.assert(
      fc.property(plan, (one) => {
        const first = run(chatters(12), one);
        expect(first.failure).toBeUndefined();
        expect(run(chatters(12), one).traceHash).toBe(first.traceHash);
        expect(run(chatters(12), { ...one, seed: one.seed + 1 }).traceHash).not.toBe(first.traceHash);
      }),
      FEW_RUNS,
    );
  });

  test('that a run gives back makes that run again, drawn steps included', () => {
    const drawn = chatters(6, {
      steps: (random) => [{ do: 'crash', at: random.below(1_000), node: random.below(6), downMs: random.below(900) }],
    });
    const outcome = run(drawn, 3);
    expect(outcome.plan.steps).toHaveLength(1);
    const { steps: _, ...plain } = drawn;
    expect(run(plain, outcome.plan).traceHash).toBe(outcome.traceHash);
    const json = JSON.parse(JSON.stringify(outcome.plan)) as Plan;
    expect(run(drawn, json).traceHash).toBe(outcome.traceHash);
  });

  test('is the same whether it is run at once, step by step or in slices', () => {
    fc.assert(
      fc.property(plan, fc.array(fc.nat(700)), (one, slices) => {
        const whole = run(chatters(12), one);
        const stepped = new Simulation(chatters(12), one);
        while (stepped.step() === undefined);
        expect(stepped.run().traceHash).toBe(whole.traceHash);
        const sliced = new Simulation(chatters(12), one);
        for (const ms of slices) sliced.advance(ms);
        expect(sliced.run().traceHash).toBe(whole.traceHash);
      }),
      FEW_RUNS,
    );
  });

  test('with steps applied on the way is told by the simulation', () => {
    const live = new Simulation(chatters(6), 4);
    live.advance(1_000);
    live.apply({ do: 'partition', at: 0, forMs: 500, side: [1, 2] });
    live.apply({ do: 'crash', at: 1_700, node: 3, downMs: 100 });
    live.advance(2_000);
    const outcome = live.run();
    expect(live.plan().steps).toMatchObject([{ at: 1_000 }, { at: 1_700 }]);
    expect(run(chatters(6), live.plan()).traceHash).toBe(outcome.traceHash);
  });
});

describe('luck', () => {
  test('of a message does not depend on what others do', () => {
    fc.assert(
      fc.property(fc.nat(), fc.subarray([2, 3, 4, 5]), (seed, others) => {
        const link = { latencyMs: { min: 1, max: 100 }, loss: 0.3, duplicate: 0.2, jitterMs: 20, reorder: 0.1 };
        const own = Array.from({ length: 60 }, (_, index) => sends(index * 11, 0, 1, index));
        const noise = others.flatMap((node) =>
          Array.from({ length: 60 }, (_, index) => sends(index * 11, node, 1, 900 + index)),
        );
        const arrivals = (steps: readonly Step[], only?: readonly number[]) => {
          const simulation = new Simulation(probes(6, { link, steps }), { seed, ...(only && { only }) });
          simulation.run();
          return simulation
            .node(1)
            .seen.filter(({ bytes }) => numberIn(bytes) < 900)
            .map(({ bytes, now }) => `${numberIn(bytes)} at ${now}`);
        };
        const alone = arrivals(own, [0, 1]);
        expect(arrivals(own)).toEqual(alone);
        expect(arrivals([...noise, ...own]).sort()).toEqual([...alone].sort());
      }),
      FEW_RUNS,
    );
  });
});

describe('the schedule of a run', () => {
  test('replays to the same states of all engines, without network and luck', () => {
    fc.assert(
      fc.property(plan, (one) => {
        const scenario = chatters(12);
        const simulation = new Simulation(scenario, one, { trace: 'full' });
        const outcome = simulation.run();
        const schedule = scheduleOf(decodeTrace(simulation.trace() as Uint8Array), outcome.plan.steps ?? []);
        expect(schedule.entries).toHaveLength(outcome.events);
        const digests: (number | undefined)[] = [];
        const last = {
          ...scenario,
          always: () => {
            let left = schedule.entries.length;
            return {
              digests: (view: { readonly size: number; node(index: number): Chatter | undefined }) => {
                left -= 1;
                if (left > 0) return undefined;
                for (let node = 0; node < view.size; node += 1) digests.push(view.node(node)?.digest);
                return undefined;
              },
            };
          },
        };
        const replayed = replay(last, schedule);
        expect(replayed.failure).toBeUndefined();
        expect(replayed.happened).toHaveLength(schedule.entries.length);
        const { view } = simulation;
        expect(digests).toEqual(Array.from({ length: view.size }, (_, node) => view.node(node)?.digest));
      }),
    );
  });

  test('is refused when it does not fit', () => {
    const start = { do: 'start', at: 0, node: 0 } as const;
    const bad = [
      [{ ...start, at: 5 }, start],
      [{ ...start, node: 3 }],
      [{ ...start, node: 0.5 }],
      [{ do: 'receive', at: 0, node: 0, of: 0 }],
      [{ do: 'stop', at: 0, node: 0, how: 'gently' }],
    ] as const;
    for (const entries of bad) expect(() => replay(probes(2), { seed: 1, nodes: 2, entries })).toThrow(RangeError);
  });

  test('leaves out what cannot happen', () => {
    const { ok, happened } = replay(probes(2), {
      seed: 1,
      nodes: 2,
      entries: [
        { do: 'start', at: 0, node: 1 },
        { do: 'tick', at: 0, node: 1 },
        { do: 'act', at: 0, node: 0, name: 'send', args: [1, 1] },
        { do: 'data', at: 5, node: 1, of: 1, side: 0, length: 5 },
        { do: 'closed', at: 5, node: 1, of: 1, side: 1, reason: 'end' },
        { do: 'stop', at: 5, node: 0, how: 'crash' },
        { do: 'move', at: 5, node: 1 },
      ],
    });
    expect([ok, happened]).toEqual([true, [0, 6]]);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type DeadlineRules,
  EXACT_DEADLINES,
  type NodeEnv,
  ROUGH_DEADLINES,
  type SimNode,
  Simulation,
} from '../src/index.ts';
import { isLikely } from './support/runs.ts';

const EVERY = 1_000;

/** Wakes every second; counts what it was woken for. */
class Clock implements SimNode {
  readonly ticks: number[] = [];
  readonly served: { readonly due: number; readonly at: number }[] = [];
  private due: number;

  constructor(env: NodeEnv) {
    this.due = env.now + EVERY;
  }

  tick(now: number): void {
    this.ticks.push(now);
    if (now < this.due) return;
    this.served.push({ due: this.due, at: now });
    this.due += EVERY;
  }

  nextDeadline(): number {
    return this.due;
  }
}

function clock(deadlines: DeadlineRules | undefined, seed: number, untilMs = 2_000_500): Clock {
  const scenario = {
    nodes: 1,
    start: (env: NodeEnv) => new Clock(env),
    startMs: 0,
    untilMs,
    ...(deadlines && { deadlines }),
  };
  const simulation = new Simulation(scenario, seed);
  expect(simulation.run().failure).toBeUndefined();
  return simulation.node(0);
}

describe('deadlines', () => {
  test('that are exact are met to the millisecond, once', () => {
    const { ticks } = clock(EXACT_DEADLINES, 1, 10_000);
    expect(ticks).toEqual(Array.from({ length: 10 }, (_, index) => (index + 1) * EVERY));
  });

  test('are early, late and repeated at the rates of their rules, within five standard deviations', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const rules = { early: 0.2, late: 0.3, repeat: 0.4, byMs: 50 };
        const { ticks, served } = clock(rules, seed);
        expect(served).toHaveLength(2_000);
        const late = served.filter(({ due, at }) => at > due);
        const early = ticks.filter((at) => at % EVERY >= EVERY - 50);
        const repeated = ticks.filter((at, index) => index > 0 && at === ticks[index - 1]);
        expect(isLikely(late.length, 2_000, 0.3)).toBe(true);
        expect(isLikely(early.length, 2_000, 0.2)).toBe(true);
        expect(isLikely(repeated.length, 2_000, 0.4)).toBe(true);
        expect(served.every(({ due, at }) => at >= due && at <= due + 50)).toBe(true);
      }),
      { numRuns: 5 },
    );
  });

  test('are rough unless a scenario asks for exact ones', () => {
    const { ticks, served } = clock(undefined, 4);
    expect(ticks.length).toBeGreaterThan(served.length);
    expect(isLikely(served.filter(({ due, at }) => at > due).length, 2_000, ROUGH_DEADLINES.late)).toBe(true);
  });

  test('that change are followed, and those that are given up are not met', () => {
    const ticks: number[] = [];
    const wishes = [500, 100, undefined, 300, 200];
    let wish: number | undefined;
    const scenario = {
      nodes: 1,
      startMs: 0,
      deadlines: EXACT_DEADLINES,
      start: (): SimNode => ({
        tick: (now) => {
          ticks.push(now);
          wish = undefined;
        },
        nextDeadline: () => wish,
      }),
      actions: {
        wish: (_node: SimNode, _env: NodeEnv, _now: number, index: unknown) => {
          wish = wishes[Number(index)];
        },
      },
      steps: wishes.map((_, index) => ({ do: 'act' as const, at: index * 10, node: 0, name: 'wish', args: [index] })),
    };
    const outcome = new Simulation(scenario, 1).run();
    expect(outcome.failure).toBeUndefined();
    expect(ticks).toEqual([200]);
  });

  test('may lie in the past when the simulator was late, as long as they are old', () => {
    const simulation = new Simulation(
      {
        nodes: 2,
        startMs: 0,
        deadlines: { early: 0, late: 1, repeat: 0, byMs: 1_000 },
        start: (env: NodeEnv) => new Clock(env),
        actions: { poke: (_node: Clock, env: NodeEnv) => env.send(env.addressOf(0), Uint8Array.of(1)) },
        steps: Array.from({ length: 100 }, (_, index) => ({
          do: 'act' as const,
          at: index * 37,
          node: 1,
          name: 'poke',
        })),
        untilMs: 5_000,
      },
      1,
    );
    expect(simulation.run().failure).toBeUndefined();
    expect(simulation.node(0).served.some(({ due, at }) => at > due)).toBe(true);
  });

  test('of rules that make no sense are refused', () => {
    for (const bad of [{ early: 2 }, { late: -1 }, { repeat: Number.NaN }, { byMs: 0 }, { byMs: 1.5 }]) {
      expect(() => clock({ ...ROUGH_DEADLINES, ...bad }, 1)).toThrow(RangeError);
    }
  });
});

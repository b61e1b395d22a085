import { describe, expect, test } from 'vitest';
import {
  assertOk,
  check,
  explore,
  formatFailure,
  formatTest,
  type NodeEnv,
  replay,
  run,
  type Scenario,
  type Shrunk,
  type SimNode,
  SimnetError,
  shrink,
} from '../src/index.ts';
import { Counter, counters, senders } from './support/planted.ts';
import { probes } from './support/probe.ts';

/** Runs the text of a ready-made test against a scenario; the message of its failure, if it fails. */
function runTest<N extends SimNode>(text: string, scenario: Scenario<N>): string | undefined {
  const body = text
    .split('\n')
    .filter((line) => !line.startsWith('import '))
    .join('\n');
  let message: string | undefined;
  const test = (_name: string, act: () => void): void => {
    try {
      act();
    } catch (error) {
      message = (error as Error).message;
    }
  };
  const assert = { equal: (left: unknown, right: unknown) => expect(left).toBe(right) };
  new Function('test', 'expect', 'assert', 'run', 'replay', 'formatFailure', 'scenario', body)(
    test,
    expect,
    assert,
    run,
    replay,
    formatFailure,
    scenario,
  );
  return message;
}

function shrunkOf<N extends Counter>(scenario: Scenario<N>, seeds = 50): Shrunk {
  const { shrunk } = explore(scenario, { seeds });
  if (shrunk === undefined) throw new Error('nothing failed');
  return shrunk;
}

describe('a failure of a moment', () => {
  const shrunk = shrunkOf(counters(40));

  test('is cut down to the events that it takes', () => {
    // Two nodes start, one raises twice, the other hears of it twice, in the wrong order.
    expect(shrunk.schedule?.entries.map(({ do: what }) => what).sort()).toEqual([
      'act',
      'act',
      'receive',
      'receive',
      'start',
      'start',
    ]);
    expect(shrunk.after).toEqual({ nodes: 2, events: 6, faults: 0 });
    expect(shrunk.before.nodes).toBe(40);
    expect(shrunk.before.events).toBeGreaterThan(50);
    expect(shrunk.before.faults).toBeGreaterThan(10);
    expect(shrunk.failure).toMatchObject({ code: 'invariant', check: 'counters never go back' });
  });

  test('still fails in the same way when the schedule is replayed, from JSON too', () => {
    const schedule = JSON.parse(JSON.stringify(shrunk.schedule));
    expect(replay(counters(40), schedule).failure).toEqual(shrunk.failure);
  });

  test('has no event that can be spared', () => {
    const schedule = shrunk.schedule as NonNullable<typeof shrunk.schedule>;
    for (let at = 0; at < schedule.entries.length; at += 1) {
      const entries = schedule.entries
        .map((entry) => ('of' in entry && entry.of >= at ? { ...entry, of: Math.max(0, entry.of - 1) } : entry))
        .filter((_, other) => other !== at);
      const dangling = schedule.entries.some((entry) => 'of' in entry && entry.of === at);
      if (!dangling) expect(replay(counters(40), { ...schedule, entries }).ok).toBe(true);
    }
  });

  test('becomes a test that fails with the bug and passes without it', () => {
    class Fixed extends Counter {
      override receive(bytes: Uint8Array): void {
        this.value = Math.max(this.value, bytes[0] ?? 0);
      }
    }
    for (const runner of ['vitest', 'node'] as const) {
      const text = formatTest(shrunk, { name: "it's", runner });
      expect(text).toContain(runner === 'node' ? "from 'node:test'" : "from 'vitest'");
      expect(runTest(text, counters(40))).toMatch(/counters never go back/);
      expect(runTest(text, counters(40, { start: (env) => new Fixed(env) }))).toBeUndefined();
    }
  });

  test('is printed with its seed, a diagram and the test', () => {
    const { report, failure } = explore(counters(40), {
      seeds: 50,
      scenarioImport: "import { mine } from './mine.js';",
    });
    expect(report).toContain(`seed ${failure?.seed}`);
    expect(report).toMatch(
      /Cut down in \d+ runs from 40 nodes, \d+ events and \d+ faults to 2 nodes, 6 events and 0 faults/,
    );
    expect(report).toContain("import { mine } from './mine.js';");
    expect(report).toMatch(/node 0 {10}node 1/);
    expect(report).toMatch(/-{10,}[>]| <-{10,}/);
  });

  test('that takes crashes and streams is cut down too', () => {
    const scenario = probes(8, {
      link: { latencyMs: 10, loss: 0.1 },
      actions: { connect: (_node, env) => env.write(env.connect(env.addressOf(0)), new Uint8Array(300)) },
      steps: [
        ...Array.from({ length: 30 }, (_, at) => ({
          do: 'act' as const,
          at: at * 20,
          node: 1 + (at % 7),
          name: 'connect',
        })),
        ...[1, 2, 3, 4, 5].map((node) => ({ do: 'crash' as const, at: 350 + node, node, downMs: 50 })),
      ],
      always: {
        'nobody is cut off after data': (view) =>
          view.node(0)?.closes.some(({ stream, reason }) => reason === 'reset' && view.node(0)?.text(stream) !== '')
            ? 'cut off'
            : undefined,
      },
    });
    const { shrunk: small } = explore(scenario, { seeds: 1 });
    expect(small?.after).toEqual({ nodes: 2, events: 6, faults: 0 });
    expect(small?.schedule?.entries.map(({ do: what }) => what)).toEqual([
      'start',
      'start',
      'act',
      'opened',
      'data',
      'closed',
    ]);
    expect(replay(scenario, small?.schedule as NonNullable<Shrunk['schedule']>).failure?.detail).toBe('cut off');
  });

  test('of an engine that throws is cut down', () => {
    const scenario = probes(20, {
      start: (env: NodeEnv) =>
        ({
          receive: (bytes: Uint8Array) => {
            if (bytes[3] === 7) throw new Error('seven');
          },
          env,
        }) as never,
      steps: Array.from({ length: 100 }, (_, at) => ({
        do: 'act' as const,
        at,
        node: at % 20,
        name: 'send',
        args: [(at + 1) % 20, at % 10],
      })),
    });
    const small = shrink(scenario, 1);
    expect(small?.failure).toMatchObject({ code: 'throws', detail: 'Error: seven' });
    expect(small?.after.events).toBe(4);
  });
});

describe('a failure at the end of a run', () => {
  const { shrunk, failure } = explore(senders(), { seeds: 20 });

  test('is cut down to the faults that it takes, each written down', () => {
    expect(failure).toMatchObject({ code: 'unmet', check: 'every letter arrives' });
    const plan = shrunk?.plan;
    const faults = plan?.steps?.filter((step) => step.do !== 'act') ?? [];
    // Three losses in a row lose a letter: of it, of its acknowledgement, or of either.
    expect(faults.map((step) => step.do)).toEqual(['lose', 'lose', 'lose']);
    expect(plan?.nodes).toBe(2);
    expect(plan?.steps?.filter((step) => step.do === 'act')).toHaveLength(20);
    expect(shrunk?.schedule).toBeUndefined();
    expect(shrunk?.after.faults).toBe(3);
  });

  test('still fails from the plan alone, and becomes a test', () => {
    const plan = JSON.parse(JSON.stringify(shrunk?.plan));
    expect(run(senders(), plan).failure).toEqual(shrunk?.failure);
    const text = formatTest(shrunk as Shrunk);
    expect(runTest(text, senders())).toMatch(/every letter arrives/);
    expect(runTest(text, senders({ finally: {} }))).toBeUndefined();
  });

  test('without an end is cut down as well', () => {
    const scenario = probes(30, {
      start: (env) => ({ env, nextDeadline: () => (env.node === 3 ? env.now + 1 : undefined) }) as never,
      maxEvents: 2_000,
      untilMs: 100_000,
    });
    const small = shrink(scenario, 1);
    expect(small?.failure).toMatchObject({ code: 'too-many-events', node: 3 });
    expect(small?.after.nodes).toBeLessThanOrEqual(4);
  });
});

describe('shrink', () => {
  test('has nothing to say of a good run', () => {
    expect(shrink(probes(3), 1)).toBeUndefined();
  });

  test('keeps to its budget, and comes back with what it has', () => {
    const { seed } = explore(counters(40), { seeds: 50, shrink: false }).failure ?? { seed: -1 };
    const least = shrink(counters(40), seed);
    for (const maxRuns of [0, 5, 20, 60, 200]) {
      const some = shrink(counters(40), seed, { maxRuns });
      expect(some?.runs).toBeLessThanOrEqual(maxRuns + 10);
      expect(some?.failure).toMatchObject({ code: 'invariant' });
      expect(some?.after.events).toBeGreaterThanOrEqual(least?.after.events ?? 0);
    }
    expect(() => shrink(counters(40), seed, { maxEvents: -1 })).toThrow(RangeError);
  });

  test('finds out an engine whose runs differ from each other', () => {
    let outside = 0;
    const scenario = probes(5, {
      start: (env) => {
        outside += 1;
        return {
          env,
          receive: () => {},
          tick: () => {},
          nextDeadline: () => (env.now === 0 && outside % 7 === 3 ? 500 : undefined),
        } as never;
      },
      finally: { fails: () => 'anyway' },
    });
    const small = shrink(scenario, 1);
    expect(small?.failure.code).toBe('not-deterministic');
    expect(small?.failure.detail).toMatch(/first .*, then .*/);
  });
});

describe('check', () => {
  test('throws the whole report', () => {
    expect(() => check(counters(5), { seeds: [3, 4, 5, 6, 7] })).toThrow(SimnetError);
    expect(() => check(counters(5), { seeds: 40 })).toThrow(
      /counters: invariant "counters never go back" at node \d+.*seed \d+[\s\S]*As a test:/,
    );
  });

  test('is content when nothing fails, and makes as many runs as it was told to', () => {
    check(probes(2), { seeds: 5 });
    expect(explore(probes(2), { seeds: 5, first: 10 })).toMatchObject({
      runs: 5,
      events: 10,
      failure: undefined,
      report: '',
    });
    expect(explore(counters(3), { seeds: 40, shrink: false, plan: { nodes: 2 } }).shrunk).toBeUndefined();
    assertOk(run(probes(2), 1));
  });
});

import { describe, expect, test } from 'vitest';
import {
  adapt,
  assertOk,
  type FailureCode,
  formatFailure,
  type NodeEnv,
  run,
  type Scenario,
  SIM_LIMITS,
  type SimNode,
  SimnetError,
} from '../src/index.ts';
import { Probe, probes } from './support/probe.ts';

const BYTES = Uint8Array.of(1);

/** A network in which node 1 does something wrong 40 ms after the start, in the second event of that moment. */
function wrong(node: (env: NodeEnv) => SimNode, rest: Partial<Scenario> = {}): Scenario {
  return {
    nodes: 3,
    start: (env) => (env.node === 1 ? node(env) : {}),
    actions: { poke: (_node, env) => env.send(env.addressOf(1), BYTES) },
    steps: [{ do: 'act', at: 30, node: 0, name: 'poke' }],
    link: { latencyMs: 10 },
    startMs: 1_000,
    deadlines: { early: 0, late: 0, repeat: 0, byMs: 1 },
    ...rest,
  };
}

const onReceive =
  (act: (env: NodeEnv, now: number) => void) =>
  (env: NodeEnv): SimNode => ({
    receive: (_bytes, _from, now) => act(env, now),
  });

const deadlineAfter = (deadline: (now: number) => number) => (): SimNode => {
  let wish: number | undefined;
  return {
    receive: (_bytes, _from, now) => {
      wish = deadline(now);
    },
    nextDeadline: () => wish,
  };
};

const endless = function* (): Generator<number> {
  for (;;) yield 1;
};

describe('an engine that goes wrong ends the run with a report that names node, event, time and seed', () => {
  const cases: readonly (readonly [string, FailureCode, (env: NodeEnv) => SimNode, RegExp])[] = [
    [
      'throws',
      'throws',
      onReceive(() => {
        throw new TypeError('ouch');
      }),
      /TypeError: ouch/,
    ],
    [
      'throws something strange',
      'throws',
      onReceive(() => {
        throw 'ouch';
      }),
      /ouch/,
    ],
    ['asks for a deadline in the past', 'past-deadline', deadlineAfter((now) => now - 7), /7 ms in the past/],
    ['asks for a deadline that is no number', 'bad-deadline', deadlineAfter(() => Number.NaN), /NaN/],
    ['asks for a deadline at half a millisecond', 'bad-deadline', deadlineAfter((now) => now + 0.5), /1040.5/],
    ['asks for a deadline at infinity', 'bad-deadline', deadlineAfter(() => Number.POSITIVE_INFINITY), /Infinity/],
    [
      'throws in nextDeadline',
      'throws',
      () => ({
        nextDeadline: () => {
          throw new Error('late');
        },
      }),
      /late/,
    ],
    ['sends to no address', 'sends-nowhere', onReceive((env) => env.send(Number.NaN, BYTES)), /NaN is no address/],
    ['sends to port 0', 'sends-nowhere', onReceive((env) => env.send(env.address - 4_000, BYTES)), /is no address/],
    [
      'sends to a host that nobody has',
      'sends-nowhere',
      onReceive((env) => env.send(env.address + 2 ** 40, BYTES)),
      /is no address/,
    ],
    ['connects to nowhere', 'sends-nowhere', onReceive((env) => void env.connect(2 ** 60)), /is no address/],
    [
      'sends something else than bytes',
      'bad-call',
      onReceive((env) => env.send(env.addressOf(0), 'text' as unknown as Uint8Array)),
      /no Uint8Array/,
    ],
    ['sends from no port', 'bad-call', onReceive((env) => env.send(env.addressOf(0), BYTES, 70_000)), /no port/],
    [
      'forges no address',
      'bad-call',
      onReceive((env) => env.forge(-1, env.addressOf(0), BYTES)),
      /no address to forge/,
    ],
    ['writes to a stream that never was', 'bad-call', onReceive((env) => env.write(12, BYTES)), /no stream: 12/],
    ['measures nonsense', 'bad-call', onReceive((env) => env.measure('x', -1)), /no value/],
    ['stores text', 'bad-call', onReceive((env) => env.store('x', 'y' as unknown as Uint8Array)), /no Uint8Array/],
    [
      'makes calls without end',
      'never-stops',
      onReceive((env) => {
        for (;;) env.send(env.addressOf(0), BYTES);
      }),
      /100000 calls/,
    ],
    ['does not let time go on', 'never-stops', deadlineAfter((now) => now), /within one millisecond/],
    [
      'yields effects without end',
      'never-stops',
      () => adapt({ receive: endless, tick: () => [], nextDeadline: () => undefined }, () => {}),
      /100000 effects/,
    ],
  ];
  for (const [name, code, node, detail] of cases) {
    test(`${name}: ${code}`, () => {
      const outcome = run(wrong(node), 77);
      expect(outcome.ended).toBe('failure');
      const { failure } = outcome;
      const atStart = name.includes('nextDeadline');
      expect(failure).toMatchObject({ code, node: 1, seed: 77, at: atStart ? 0 : 40, check: undefined });
      expect(failure?.detail).toMatch(detail);
      expect(failure?.event).toBe(atStart ? 2 : name.includes('time') ? 5 + SIM_LIMITS.maxEventsPerMoment : 5);
      expect(failure?.last.at(-1)?.node).toBe(1);
      expect(formatFailure(failure as NonNullable<typeof failure>)).toMatch(/node 1, event \d+, \d+ ms, seed 77/);
    });
  }

  test('even if it swallows the error', () => {
    const sly = onReceive((env) => {
      try {
        env.send(0, BYTES);
      } catch {
        // A shell that never throws, as engines should be.
      }
    });
    expect(run(wrong(sly), 1).failure).toMatchObject({ code: 'sends-nowhere', node: 1 });
  });

  test('throws while it starts, leaves, moves, or hears of streams', () => {
    const fails = (): never => {
      throw new Error('no');
    };
    const start = run({ nodes: 2, start: (env) => (env.node === 1 ? fails() : {}) }, 1);
    expect(start.failure).toMatchObject({ code: 'throws', node: 1, event: 2 });
    const leaves = wrong(() => ({ leave: fails }), { steps: [{ do: 'leave', at: 5, node: 1 }] });
    expect(run(leaves, 1).failure).toMatchObject({ code: 'throws', node: 1, at: 5 });
    const moves = wrong(() => ({ moved: fails }), { steps: [{ do: 'move', at: 5, node: 1 }] });
    expect(run(moves, 1).failure).toMatchObject({ code: 'throws', node: 1, at: 5 });
    for (const method of ['opened', 'data', 'closed']) {
      const scenario = wrong(() => ({ opened: () => {}, [method]: fails }), {
        actions: {
          poke: (_node, env) => {
            const stream = env.connect(env.addressOf(1));
            env.write(stream, BYTES);
          },
        },
        steps: [
          { do: 'act', at: 5, node: 0, name: 'poke' },
          { do: 'crash', at: 100, node: 0 },
        ],
        start: (env) => (env.node === 1 ? { opened: () => {}, [method]: fails } : { opened: () => {} }),
      });
      expect(run(scenario, 1).failure, method).toMatchObject({ code: 'throws', node: 1 });
    }
  });
});

describe('a run', () => {
  const pingPong = (): SimNode & { env?: NodeEnv } => ({});
  const chatty: Scenario = {
    nodes: 2,
    start: (env) => ({ ...pingPong(), receive: (bytes, from) => env.send(from, bytes) }),
    actions: { serve: (_node, env) => env.send(env.addressOf(1), BYTES) },
    steps: [{ do: 'act', at: 0, node: 0, name: 'serve' }],
    link: { latencyMs: 5 },
  };

  test('is bounded in virtual time, which is no failure', () => {
    const outcome = run({ ...chatty, untilMs: 1_000 }, 1);
    expect(outcome).toMatchObject({ ok: true, ended: 'time', elapsedMs: 1_000, events: 203 });
  });

  test('is bounded in events, which is one', () => {
    const { failure, events } = run({ ...chatty, maxEvents: 500 }, 1);
    expect(failure).toMatchObject({ code: 'too-many-events', event: 500, seed: 1 });
    expect(failure?.detail).toMatch(/node [01] had the most, 25\d/);
    expect(events).toBe(500);
  });

  test('that never lets time go on ends even between two nodes', () => {
    expect(run({ ...chatty, link: {} }, 1).failure).toMatchObject({ code: 'never-stops', at: 0 });
  });

  test('ends when nothing waits, when nobody sends, or when it is told to', () => {
    expect(run(probes(3), 1)).toMatchObject({ ended: 'quiet', events: 3, elapsedMs: 0 });
    const ticking: Scenario = {
      nodes: 1,
      start: (env) => ({ nextDeadline: () => env.now - (env.now % 100) + 100 }),
      quietMs: 5_000,
    };
    expect(run(ticking, 1)).toMatchObject({ ended: 'quiet', elapsedMs: 5_000 });
    expect(run({ ...chatty, done: ({ events }) => events === 10 }, 1)).toMatchObject({ ended: 'done', events: 10 });
  });

  test('may send to strangers if the scenario says so', () => {
    const scenario = wrong(
      onReceive((env) => env.send(env.address + 2 ** 40, BYTES)),
      { nowhere: 'drop' },
    );
    expect(run(scenario, 1).ok).toBe(true);
  });

  test('is refused when scenario or plan make no sense', () => {
    const bad = [
      { seed: -1 },
      { seed: 0.5 },
      { seed: 1, nodes: 0 },
      { seed: 1, nodes: 2 ** 20 },
      { seed: 1, untilMs: -1 },
      { seed: 1, only: [9] },
      { seed: 1, fates: [-2] },
      { seed: 1, calm: ['storm' as 'loss'] },
    ];
    for (const plan of bad) expect(() => run(probes(2), plan), JSON.stringify(plan)).toThrow(RangeError);
    expect(() => run(probes(2, { maxEvents: 0 }), 1)).toThrow(RangeError);
    expect(() => run(probes(2, { startMs: -1 }), 1)).toThrow(RangeError);
  });
});

describe('checks', () => {
  test('of always are made after every event, with the node that it happened to', () => {
    const seen: number[] = [];
    const scenario = probes(3, {
      always: {
        watches: (view, node) => {
          seen.push(node);
          return view.events === 4 ? 'four' : undefined;
        },
      },
      steps: [{ do: 'act', at: 5, node: 2, name: 'wake', args: [10] }],
    });
    expect(run(scenario, 1).failure).toMatchObject({
      code: 'invariant',
      check: 'watches',
      detail: 'four',
      node: 2,
      event: 4,
    });
    expect(seen).toEqual([0, 1, 2, 2]);
  });

  test('of finally are made at the end, and only if nothing failed before', () => {
    const last = { 'all is well': () => 'it is not' };
    expect(run(probes(1, { finally: last }), 1).failure).toMatchObject({ code: 'unmet', check: 'all is well' });
    const both = probes(1, { finally: last, always: { never: () => 'never' } });
    expect(run(both, 1).failure).toMatchObject({ code: 'invariant' });
  });

  test('may throw instead of saying what is wrong', () => {
    const scenario = probes(1, {
      always: {
        strict: () => {
          expect(1).toBe(2);
        },
      },
    });
    expect(run(scenario, 1).failure).toMatchObject({ code: 'invariant', check: 'strict' });
  });

  test('that remember something are made afresh for every run', () => {
    let made = 0;
    const scenario = probes(1, {
      always: () => {
        made += 1;
        return {};
      },
    });
    run(scenario, 1);
    run(scenario, 1);
    expect(made).toBe(2);
  });

  test('see nodes, marks and what is stored', () => {
    const scenario = probes(2, {
      start: (env) => {
        env.mark('up');
        env.store('id', Uint8Array.of(env.node));
        return new Probe(env);
      },
      steps: [{ do: 'crash', at: 5, node: 0 }],
      finally: {
        all: (view) => {
          expect([view.size, view.seed, view.events, view.elapsedMs, view.now]).toEqual([2, 9, 3, 5, 5]);
          expect([view.node(0), view.running(), view.marked('up')]).toEqual([undefined, [1], 2]);
          expect([view.stored(0, 'id'), view.stored(0, 'no')]).toEqual([Uint8Array.of(0), undefined]);
        },
      },
    });
    assertOk(run(scenario, 9));
  });
});

describe('assertOk', () => {
  test('throws the report', () => {
    const outcome = run(
      wrong(
        onReceive(() => {
          throw new Error('ouch');
        }),
      ),
      5,
    );
    expect(() => assertOk(outcome, { name: 'demo' })).toThrow(SimnetError);
    expect(() => assertOk(outcome, { name: 'demo' })).toThrow(
      /demo: throws at node 1, event 5, 40 ms, seed 5: Error: ouch/,
    );
  });
});

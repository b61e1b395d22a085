import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fates, linkRules, plans, steps } from '../src/fast-check.ts';
import { type LinkRules, type Plan, run, Simulation } from '../src/index.ts';
import { Counter, counters } from './support/planted.ts';
import { probes } from './support/probe.ts';

const acts = { wake: fc.tuple(fc.nat(100)), send: fc.tuple(fc.nat(1), fc.nat(9)) };

/** What is left of a failing law when fast-check has cut it down. */
function smallest<T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => boolean): T {
  const details = fc.check(fc.property(arbitrary, holds), { seed: 5, numRuns: 2_000 });
  if (details.counterexample === null) throw new Error('nothing failed');
  return details.counterexample[0];
}

describe('arbitrary plans', () => {
  test('fit every network they are for, and run', () => {
    const plan = plans({ nodes: { min: 2, max: 6 }, untilMs: 1_000, acts });
    fc.assert(
      fc.property(plan, (one) => {
        const outcome = run(probes(6), one);
        expect(outcome.failure).toBeUndefined();
        expect(outcome.elapsedMs).toBeLessThanOrEqual(1_000);
        const times = (one.steps ?? []).map((step) => ('at' in step ? step.at : 0));
        expect(times).toEqual([...times].sort((a, b) => a - b));
      }),
    );
  });

  test('have every kind of step in them, or only those that were asked for', () => {
    const kinds = (arbitrary: ReturnType<typeof steps>) =>
      new Set(fc.sample(arbitrary, { numRuns: 300, seed: 1 }).flatMap((list) => list.map((step) => step.do)));
    expect(kinds(steps({ nodes: 4, untilMs: 100, acts })).size).toBe(10);
    expect([...kinds(steps({ nodes: 4, untilMs: 100, faults: ['crash'] }))]).toEqual(['crash']);
    expect(kinds(steps({ nodes: 4, untilMs: 100, faults: [] })).size).toBe(0);
  });

  test('shrink to the least plan that shows a bug', () => {
    const plan = plans({ nodes: { min: 2, max: 5 }, untilMs: 2_000, acts: { raise: fc.constant([]) }, maxFates: 20 });
    const small = smallest<Plan>(
      plan,
      (one) => run(counters(5, { link: {}, deadlines: { early: 0, late: 0, repeat: 0, byMs: 1 } }), one).ok,
    );
    expect(small.nodes).toBe(2);
    // A value is sent and comes after a greater one, by its fate or by a step; what is left is least in steps, not in luck.
    expect(small.steps?.filter((step) => step.do === 'act').length).toBeLessThanOrEqual(3);
    expect(small.steps?.length).toBeLessThanOrEqual(4);
    expect(small.fates?.filter((fate) => fate !== 0).length).toBeLessThanOrEqual(1);
  });

  test('of fates shrink to calm ones', () => {
    const small = smallest(fates({ maxFates: 10 }), (list) => !list.includes(-1));
    expect(small).toEqual([-1]);
    expect(smallest(fates(), (list) => list.every((fate) => fate < 100))).toEqual([100]);
  });

  test('of links shrink to perfect ones', () => {
    const small = smallest<LinkRules>(linkRules(), (link) => (link.loss ?? 0) < 0.1);
    expect(small).toEqual({ loss: 0.1 });
    fc.assert(fc.property(linkRules(), (link) => new Simulation(probes(1, { link }), 1).run().ok));
  });
});

test('arbitraries find the bug of an engine in a property of the usual form', () => {
  const plan = plans({ nodes: 3, untilMs: 2_000, acts: { raise: fc.constant([]) } });
  const fixed = (env: ConstructorParameters<typeof Counter>[0]) => {
    const counter = new Counter(env);
    counter.receive = (bytes) => {
      counter.value = Math.max(counter.value, bytes[0] ?? 0);
    };
    return counter;
  };
  fc.assert(fc.property(plan, (one) => run(counters(3, { start: fixed }), one).ok));
});

import { Budget, type ShrinkOptions } from './budget.ts';
import type { Failure } from './failure.ts';
import { fitSteps } from './fit-steps.ts';
import type { SimNode } from './node.ts';
import type { Plan, Step } from './plan.ts';
import { formatRecord } from './record.ts';
import type { Scenario } from './scenario.ts';
import { type Schedule, scheduleOf } from './schedule.ts';
import { setUp } from './setup.ts';
import { shrinkPlan } from './shrink-plan.ts';
import { isSame, type ShrunkSchedule, shrinkSchedule } from './shrink-schedule.ts';
import { Simulation } from './simulation.ts';
import { decodeTrace, firstDifference } from './trace.ts';

/** Size of a failing run. */
export interface RunSize {
  /** Nodes that started. */
  readonly nodes: number;
  /** Events up to the failure. */
  readonly events: number;
  /** Faults: steps that are no acts and no starts, crashes and the like in a schedule, and datagrams lost or doubled by chance. */
  readonly faults: number;
}

/** A failing run that has been cut down. */
export interface Shrunk {
  /** How the small run fails. */
  readonly failure: Failure;
  /** The plan that fails: the smallest one, or the whole one where {@link schedule} is what is small. */
  readonly plan: Plan;
  /** The smallest schedule that fails; `undefined` where the failure is that something did not come about. */
  readonly schedule: Schedule | undefined;
  /** Runs that it took. */
  readonly runs: number;
  /** The run before. */
  readonly before: RunSize;
  /** The run after. */
  readonly after: RunSize;
}

/**
 * Cuts a failing run down to fewer nodes, events and faults that still fail in the same way: with the same code and the
 * same check. Failures of a moment end as a schedule of which no event can be spared. Failures at the end of a run
 * (`unmet`, `too-many-events`) end as a plan with fewer nodes and only those faults that are needed, each written down.
 * `undefined` when the plan does not fail. A plan whose run differs from time to time fails as `not-deterministic`.
 * What is best when the budget is spent is what comes back.
 */
export function shrink<N extends SimNode>(
  scenario: Scenario<N>,
  plan: Plan | number,
  options: ShrinkOptions = {},
): Shrunk | undefined {
  const first = setUp(scenario, typeof plan === 'number' ? { seed: plan } : plan).plan;
  const one = new Simulation(scenario, first, { trace: 'full' });
  const outcome = one.run();
  const trace = one.trace();
  const budget = new Budget(options, outcome.events);
  budget.spend(outcome.events);
  const before = sizeOf(one, first.steps);
  const difference = unlike(scenario, first, trace, budget);
  if (difference !== undefined) {
    const failure: Failure = {
      code: 'not-deterministic',
      check: undefined,
      node: difference.node,
      event: difference.event,
      at: difference.at,
      seed: first.seed,
      detail: difference.detail,
      last: outcome.ok ? [] : outcome.failure.last,
    };
    return { failure, plan: first, schedule: undefined, runs: budget.runs, before, after: before };
  }
  if (outcome.ok) return undefined;
  const wanted = outcome.failure;
  if (wanted.code !== 'unmet' && wanted.code !== 'too-many-events') {
    for (const plan of [findSmaller(scenario, first, wanted, budget), first]) {
      const small = plan && cutSchedule(scenario, plan, wanted, budget);
      if (small === undefined) continue;
      const after = sizeOfSchedule(small.schedule);
      return { failure: small.failure, plan: first, schedule: small.schedule, runs: budget.runs, before, after };
    }
  }
  const small = shrinkPlan(scenario, first, wanted, budget);
  if (small === undefined) {
    return { failure: wanted, plan: first, schedule: undefined, runs: budget.runs, before, after: before };
  }
  const last = new Simulation(scenario, small.plan, { trace: 'off' });
  last.run();
  const after = sizeOf(last, small.plan.steps ?? []);
  return { failure: small.failure, plan: small.plan, schedule: undefined, runs: budget.runs, before, after };
}

/** Records a failing plan and cuts its schedule down. */
function cutSchedule<N extends SimNode>(
  scenario: Scenario<N>,
  plan: Plan,
  wanted: Failure,
  budget: Budget,
): ShrunkSchedule | undefined {
  const sim = new Simulation(scenario, plan, { trace: 'full' });
  budget.spend(sim.run().events);
  const trace = sim.trace();
  return trace && shrinkSchedule(scenario, scheduleOf(decodeTrace(trace), sim.plan().steps ?? []), wanted, budget);
}

/** Looks for the same failure in a network of fewer nodes, with the same seed and with others. */
function findSmaller<N extends SimNode>(
  scenario: Scenario<N>,
  plan: Plan & { readonly nodes: number; readonly steps: readonly Step[] },
  wanted: Failure,
  budget: Budget,
): Plan | undefined {
  for (let nodes = 1; nodes <= plan.nodes / 2; nodes = Math.ceil(nodes * 1.4)) {
    const steps = fitSteps(plan.steps, nodes, true);
    const { only: _, ...rest } = plan;
    for (let other = 0; other < Math.max(1, SMALL_TRIES / nodes); other += 1) {
      const smaller: Plan = { ...rest, nodes, steps, seed: other === 0 ? plan.seed : other };
      if (budget.isHalfSpent()) return undefined;
      const outcome = new Simulation(scenario, smaller, { trace: 'off' }).run();
      budget.spend(outcome.events);
      if (!outcome.ok && isSame(outcome.failure, wanted)) return smaller;
    }
  }
  return undefined;
}

const SMALL_TRIES = 64;

interface Unlike {
  readonly node: number;
  readonly event: number;
  readonly at: number;
  readonly detail: string;
}

function unlike<N extends SimNode>(
  scenario: Scenario<N>,
  plan: Plan,
  trace: Uint8Array | undefined,
  budget: Budget,
): Unlike | undefined {
  if (trace === undefined) return undefined;
  const again = new Simulation(scenario, plan, { trace: 'full' });
  budget.spend(again.run().events);
  const other = again.trace();
  if (other === undefined || isEqual(trace, other)) return undefined;
  const difference = firstDifference(decodeTrace(trace), decodeTrace(other));
  const record = difference?.left ?? difference?.right;
  if (difference === undefined || record === undefined) return undefined;
  const [left, right] = [difference.left, difference.right].map((side) => (side ? formatRecord(side) : 'the end'));
  return { node: record.node, event: record.index, at: record.at, detail: `first ${left}, then ${right}` };
}

function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}

function sizeOf<N extends SimNode>(sim: Simulation<N>, steps: readonly Step[]): RunSize {
  const { dropped, duplicated, events, perNode } = sim.measures();
  const named = steps.filter((step) => step.do === 'lose' || step.do === 'duplicate').length;
  const faults = steps.filter((step) => step.do !== 'act' && step.do !== 'start').length;
  const nodes = perNode.events.filter((count) => count > 0).length;
  return { nodes, events, faults: faults + Math.max(0, dropped.lost + duplicated - named) };
}

function sizeOfSchedule({ entries }: Schedule): RunSize {
  const faults = entries.filter((entry) => entry.do === 'stop' || entry.do === 'move').length;
  return { nodes: new Set(entries.map(({ node }) => node)).size, events: entries.length, faults };
}

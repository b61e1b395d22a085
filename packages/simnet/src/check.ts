import type { ShrinkOptions } from './budget.ts';
import { SimnetError } from './errors.ts';
import type { Failure } from './failure.ts';
import type { SimNode } from './node.ts';
import type { Plan } from './plan.ts';
import { formatReport, type ReportOptions } from './report.ts';
import type { Scenario } from './scenario.ts';
import { type Shrunk, shrink } from './shrink.ts';
import { type Outcome, run } from './simulation.ts';
import { whole } from './whole.ts';

/** Which runs to make, and how to report. */
export interface CheckOptions extends Pick<ReportOptions, 'runner' | 'scenarioImport'> {
  /** Number of seeds, or the seeds themselves; 100 unless given. */
  readonly seeds?: number | readonly number[];
  /** First seed when only their number is given; 1 unless given. */
  readonly first?: number;
  /** Everything of the plan but the seed. */
  readonly plan?: Omit<Plan, 'seed'>;
  /** Whether to cut a failing run down, and what that may cost; true unless given. */
  readonly shrink?: boolean | ShrinkOptions;
}

/** What came of many runs. */
export interface Explored {
  /** Runs that were made, the failing one included. */
  readonly runs: number;
  /** Their events in all. */
  readonly events: number;
  /** The first failure; `undefined` when there was none. */
  readonly failure: Failure | undefined;
  /** The outcome of the failing run. */
  readonly outcome: Outcome | undefined;
  /** The failing run, cut down. */
  readonly shrunk: Shrunk | undefined;
  /** The story to print; empty when nothing failed. */
  readonly report: string;
}

/** Runs a scenario with one seed after the other, up to the first failure, and cuts that down. */
export function explore<N extends SimNode>(scenario: Scenario<N>, options: CheckOptions = {}): Explored {
  const { first = 1, seeds = 100 } = options;
  const list =
    typeof seeds === 'number' ? Array.from({ length: whole('seeds', seeds, 1) }, (_, at) => first + at) : seeds;
  let events = 0;
  for (const [at, seed] of list.entries()) {
    const plan: Plan = { ...options.plan, seed };
    const outcome = run(scenario, plan, { trace: 'off' });
    events += outcome.events;
    if (outcome.ok) continue;
    const shrunk =
      options.shrink === false ? undefined : shrink(scenario, plan, options.shrink === true ? {} : options.shrink);
    const report = formatReport(outcome.failure, shrunk, {
      name: scenario.name,
      describe: scenario.describe,
      runner: options.runner,
      scenarioImport: options.scenarioImport,
    });
    return { runs: at + 1, events, failure: outcome.failure, outcome, shrunk, report };
  }
  return { runs: list.length, events, failure: undefined, outcome: undefined, shrunk: undefined, report: '' };
}

/**
 * The same for tests: throws a {@link SimnetError} `failed-run` with the whole report, seed and ready-made test included,
 * and returns when no run fails.
 */
export function check<N extends SimNode>(scenario: Scenario<N>, options: CheckOptions = {}): void {
  const { failure, report } = explore(scenario, options);
  if (failure !== undefined) throw new SimnetError('failed-run', report);
}

/** Throws a {@link SimnetError} `failed-run` that tells of the failure, unless the run was good. */
export function assertOk(outcome: Outcome, options: ReportOptions = {}): void {
  if (!outcome.ok) throw new SimnetError('failed-run', formatReport(outcome.failure, undefined, options));
}

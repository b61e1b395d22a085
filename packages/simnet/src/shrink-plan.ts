import type { Budget } from './budget.ts';
import { ddmin } from './ddmin.ts';
import type { Failure } from './failure.ts';
import { fitSteps } from './fit-steps.ts';
import type { SimNode } from './node.ts';
import type { Calm, Plan, Step } from './plan.ts';
import { CALMS, type Scenario } from './scenario.ts';
import { isSame } from './shrink-schedule.ts';
import { Simulation } from './simulation.ts';

/** A plan that fails like the one it was cut from. */
export interface ShrunkPlan {
  readonly plan: Plan;
  readonly failure: Failure;
  readonly events: number;
}

/** Random faults that can be written down as steps. */
const WRITTEN: readonly Calm[] = ['loss', 'burst', 'duplicate', 'reorder', 'jitter'];

/**
 * Cuts a failing plan down: fewer nodes, no random faults or only those that are needed, fewer steps. Where the failure is
 * that something did not come about, what users do is kept, and the time that is given for it as well; otherwise a run in
 * which nobody asks for anything would be the smallest that "fails".
 */
export function shrinkPlan<N extends SimNode>(
  scenario: Scenario<N>,
  first: Plan & { readonly nodes: number; readonly steps: readonly Step[] },
  wanted: Failure,
  budget: Budget,
): ShrunkPlan | undefined {
  const search = new Search(scenario, wanted, budget);
  const unmet = wanted.code === 'unmet';
  search.attempt(unmet || wanted.code === 'too-many-events' ? first : { ...first, untilMs: wanted.at });
  search.attempt(search.best?.plan ?? first);
  if (search.best === undefined) return undefined;
  const { nodes } = first;
  for (let fewer = 1; fewer < nodes; fewer = Math.ceil(fewer * 1.4)) {
    if (search.attempt({ ...search.plan(), nodes: fewer, steps: fitSteps(search.steps(), fewer, !unmet) })) break;
  }
  for (const calm of CALMS) search.attempt({ ...search.plan(), calm: [...(search.plan().calm ?? []), calm] });
  if (!unmet) {
    const count = search.plan().nodes ?? nodes;
    const all = search.plan().only ?? Array.from({ length: count }, (_, node) => node);
    ddmin(all, (only) => search.attempt({ ...search.plan(), only }));
  }
  search.cutSteps((step) => !(unmet && step.do === 'act'));
  search.writeFaultsDown();
  return search.best;
}

class Search<N extends SimNode> {
  best: ShrunkPlan | undefined;
  private readonly scenario: Scenario<N>;
  private readonly wanted: Failure;
  private readonly budget: Budget;

  constructor(scenario: Scenario<N>, wanted: Failure, budget: Budget) {
    this.scenario = scenario;
    this.wanted = wanted;
    this.budget = budget;
  }

  plan(): Plan {
    return (this.best as ShrunkPlan).plan;
  }

  steps(): readonly Step[] {
    return this.plan().steps ?? [];
  }

  /** Runs a plan; the best so far is the last that failed in the same way. */
  attempt(plan: Plan): boolean {
    if (!this.budget.take(this.best?.events ?? 0)) return false;
    const outcome = new Simulation(this.scenario, plan, { trace: 'off' }).run();
    if (outcome.ok || !isSame(outcome.failure, this.wanted)) return false;
    this.best = { plan, failure: outcome.failure, events: outcome.events };
    return true;
  }

  /** Takes steps away, of those that may go. */
  cutSteps(mayGo: (step: Step) => boolean): void {
    const all = this.steps();
    const loose = all.filter(mayGo);
    ddmin(loose, (kept) => {
      const set = new Set(kept);
      return this.attempt({ ...this.plan(), steps: all.filter((step) => !mayGo(step) || set.has(step)) });
    });
  }

  /** Puts the random faults that happened in the place of those that could happen, and takes away what is not needed. */
  writeFaultsDown(): void {
    const plan = this.plan();
    const calm = plan.calm ?? [];
    if (WRITTEN.every((fault) => calm.includes(fault))) return;
    const sim = new Simulation(this.scenario, plan, { trace: 'off' });
    sim.keepJournal();
    if (!this.budget.take(this.best?.events ?? 0)) return;
    sim.run();
    const faults = sim.journal();
    const calmer = CALMS.filter((fault) => calm.includes(fault) || WRITTEN.includes(fault));
    const steps = plan.steps ?? [];
    if (!this.attempt({ ...plan, calm: calmer, steps: [...steps, ...faults] })) return;
    const written = new Set<Step>(faults);
    this.cutSteps((step) => written.has(step));
  }
}

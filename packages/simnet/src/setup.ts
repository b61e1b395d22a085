import { type CompiledDeadlines, compileDeadlines, EXACT_DEADLINES, ROUGH_DEADLINES } from './deadline.ts';
import { drawKey, PURPOSE, seedKey } from './draw.ts';
import { SIM_LIMITS } from './limits.ts';
import { type CompiledLink, compileLink, type LinkRules } from './link.ts';
import type { SimNode } from './node.ts';
import type { Calm, Plan, Step } from './plan.ts';
import { Random } from './random.ts';
import { CALMS, type Scenario } from './scenario.ts';
import { whole } from './whole.ts';

/** The start of virtual time unless a scenario says otherwise: beyond 32 bits, so that engines that truncate show it. */
const START_MS = 1_700_000_000_000;

/** A scenario and a plan, checked and put together. */
export interface Setup<N extends SimNode> {
  readonly scenario: Scenario<N>;
  /** The plan with everything filled in that a second run needs; drawn steps are listed. */
  readonly plan: Plan & { readonly nodes: number; readonly steps: readonly Step[]; readonly untilMs: number };
  /** Key of all draws. */
  readonly key: number;
  readonly startMs: number;
  readonly maxEvents: number;
  readonly calm: ReadonlySet<Calm>;
  readonly deadlines: CompiledDeadlines;
}

/** Puts a scenario and a plan together; throws a `RangeError` or `TypeError` that names what is wrong. */
export function setUp<N extends SimNode>(scenario: Scenario<N>, plan: Plan): Setup<N> {
  const seed = whole('seed', plan.seed, 0, SIM_LIMITS.maxSeed);
  const nodes = whole('nodes', plan.nodes ?? scenario.nodes, 1, SIM_LIMITS.maxNodes);
  const untilMs = whole('untilMs', plan.untilMs ?? scenario.untilMs ?? SIM_LIMITS.untilMs, 0, SIM_LIMITS.maxUntilMs);
  const key = seedKey(seed);
  const given = plan.steps ?? scenario.steps ?? [];
  const steps = typeof given === 'function' ? given(new Random(drawKey(key, PURPOSE.plan, 0, 0, 0, 0)), nodes) : given;
  for (const step of steps) checkStep(step, nodes, scenario);
  for (const node of plan.only ?? []) whole('only', node, 0, nodes - 1);
  for (const calm of plan.calm ?? []) if (!CALMS.includes(calm)) throw new RangeError(`no such calm: ${calm}`);
  for (const fate of plan.fates ?? []) whole('a fate', fate, -1, SIM_LIMITS.maxDelayMs);
  const calm = new Set(plan.calm ?? []);
  return {
    scenario,
    plan: { ...plan, nodes, steps, untilMs },
    key,
    startMs: whole('startMs', scenario.startMs ?? START_MS, 0, Number.MAX_SAFE_INTEGER - SIM_LIMITS.maxUntilMs),
    maxEvents: whole('maxEvents', scenario.maxEvents ?? SIM_LIMITS.maxEvents, 1),
    calm,
    deadlines: compileDeadlines(calm.has('deadlines') ? EXACT_DEADLINES : (scenario.deadlines ?? ROUGH_DEADLINES)),
  };
}

/** Checks one step; throws a `RangeError` or `TypeError` that names what is wrong. */
export function checkStep<N extends SimNode>(step: Step, nodes: number, scenario: Scenario<N>): void {
  const ofNode = (node: number): number => whole(`node of step ${step.do}`, node, 0, nodes - 1);
  switch (step.do) {
    case 'lose':
    case 'duplicate':
    case 'delay':
      ofNode(step.from);
      ofNode(step.to);
      whole('nth', step.nth, 0);
      if (step.do !== 'lose') whole('ms', step.ms, 0, SIM_LIMITS.maxDelayMs);
      return;
    case 'partition':
      for (const node of step.side) ofNode(node);
      whole('forMs', step.forMs, 0);
      break;
    case 'weather':
      for (const node of step.nodes ?? []) ofNode(node);
      whole('forMs', step.forMs, 0);
      compileLink(step.link);
      break;
    case 'crash':
    case 'leave':
      ofNode(step.node);
      if (step.downMs !== undefined) whole('downMs', step.downMs, 0);
      break;
    case 'act':
      ofNode(step.node);
      if (typeof scenario.actions?.[step.name] !== 'function') throw new TypeError(`no such action: ${step.name}`);
      break;
    case 'start':
    case 'move':
      ofNode(step.node);
      break;
    default:
      throw new TypeError(`no such step: ${(step as { do: unknown }).do}`);
  }
  whole(`at of step ${step.do}`, step.at, 0, SIM_LIMITS.maxUntilMs);
}

/** Compiles each set of rules once, with the random faults taken out that the plan switches off. */
export class LinkBook {
  private readonly calm: ReadonlySet<Calm>;
  private readonly compiled = new Map<LinkRules, CompiledLink>();

  /** A book for runs with these random faults switched off. */
  constructor(calm: ReadonlySet<Calm>) {
    this.calm = calm;
  }

  /** The rules, ready for use. */
  of(rules: LinkRules): CompiledLink {
    let link = this.compiled.get(rules);
    if (link === undefined) {
      link = calmed(compileLink(rules), this.calm);
      if (this.compiled.size >= MOST_RULES) this.compiled.clear();
      this.compiled.set(rules, link);
    }
    return link;
  }
}

const MOST_RULES = 100_000;

function calmed(link: CompiledLink, calm: ReadonlySet<Calm>): CompiledLink {
  return {
    ...link,
    loss: calm.has('loss') ? 0 : link.loss,
    burst: calm.has('burst') ? undefined : link.burst,
    duplicate: calm.has('duplicate') ? 0 : link.duplicate,
    reorder: calm.has('reorder') ? 0 : link.reorder,
    jitterMs: calm.has('jitter') ? 0 : link.jitterMs,
  };
}

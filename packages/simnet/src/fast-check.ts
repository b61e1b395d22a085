import {
  type Arbitrary,
  array,
  boolean,
  constant,
  integer,
  nat,
  noShrink,
  oneof,
  option,
  record,
  subarray,
  tuple,
} from 'fast-check';
import { fitSteps } from './fit-steps.ts';
import { SIM_LIMITS } from './limits.ts';
import type { LinkRules } from './link.ts';
import type { Json, Plan, Step } from './plan.ts';

/** What the steps of a plan may be about. */
export interface StepConstraints {
  /** Number of nodes. */
  readonly nodes: number;
  /** Greatest time of a step, ms since the start. */
  readonly untilMs: number;
  /** What users may do: arguments for each action of the scenario. No acts unless given. */
  readonly acts?: Readonly<Record<string, Arbitrary<readonly Json[]>>>;
  /** Faults that may happen; all unless given. */
  readonly faults?: readonly FaultKind[];
  /** Steps at most; 10 unless given. */
  readonly maxSteps?: number;
}

/** A fault that an arbitrary step can be. */
export type FaultKind = 'crash' | 'leave' | 'move' | 'start' | 'partition' | 'weather' | 'lose' | 'duplicate' | 'delay';

const ALL: readonly FaultKind[] = [
  'crash',
  'leave',
  'move',
  'start',
  'partition',
  'weather',
  'lose',
  'duplicate',
  'delay',
];

/** Seeds of runs. They do not shrink: a smaller seed is not a simpler run. */
export function seeds(): Arbitrary<number> {
  return noShrink(integer({ min: 0, max: 0x7fff_ffff }));
}

/** What users do and what goes wrong, in the order of time. Shrinks to fewer steps, earlier and shorter ones. */
export function steps(constraints: StepConstraints): Arbitrary<Step[]> {
  const { maxSteps = 10 } = constraints;
  const kinds = [...actKinds(constraints), ...(constraints.faults ?? ALL).map((kind) => faultOf(kind, constraints))];
  if (kinds.length === 0) return constant([]);
  const time = (step: Step): number => ('at' in step ? step.at : 0);
  return array(oneof(...kinds), { maxLength: maxSteps }).map((list) => [...list].sort((a, b) => time(a) - time(b)));
}

/** What becomes of the first datagrams of a run: lost or delayed. Shrinks to a calm network that keeps all in order. */
export function fates(
  constraints: { readonly maxFates?: number; readonly maxDelayMs?: number } = {},
): Arbitrary<number[]> {
  const { maxFates = 50, maxDelayMs = 5_000 } = constraints;
  return array(oneof(constant(0), integer({ min: 0, max: maxDelayMs }), constant(-1)), { maxLength: maxFates });
}

/** Rules of a link. Shrinks to a perfect one. */
export function linkRules(): Arbitrary<LinkRules> {
  const chance = integer({ min: 0, max: 50 }).map((percent) => percent / 100);
  const fields = {
    latencyMs: nat(2_000),
    jitterMs: nat(500),
    loss: chance,
    duplicate: chance,
    reorder: chance,
    holdMs: nat(2_000),
    bytesPerSecond: integer({ min: 1_000, max: 10_000_000 }),
    queueBytes: integer({ min: 1_500, max: 1_000_000 }),
  };
  return record(fields, { requiredKeys: [] }) as Arbitrary<LinkRules>;
}

/** Whole plans: a seed, a number of nodes, steps and the fates of datagrams. Shrinks to fewer nodes, steps and faults. */
export function plans(
  constraints: Omit<StepConstraints, 'nodes'> & {
    readonly nodes: number | { readonly min: number; readonly max: number };
    readonly maxFates?: number;
    readonly maxDelayMs?: number;
  },
): Arbitrary<Plan> {
  const { nodes, untilMs } = constraints;
  const { min, max } = typeof nodes === 'number' ? { min: nodes, max: nodes } : nodes;
  // Steps are drawn for the largest network and fitted to the actual one, so that both shrink independently.
  return record({
    seed: seeds(),
    nodes: integer({ min, max }),
    untilMs: constant(untilMs),
    steps: steps({ ...constraints, nodes: max }),
    fates: fates(constraints),
  }).map((plan) => ({ ...plan, steps: fitSteps(plan.steps, plan.nodes, true) }));
}

function actKinds({ acts = {}, nodes, untilMs }: StepConstraints): Arbitrary<Step>[] {
  return Object.entries(acts).map(([name, args]) =>
    record({ do: constant('act' as const), at: nat(untilMs), node: nat(nodes - 1), name: constant(name), args }),
  );
}

function faultOf(kind: FaultKind, { nodes, untilMs }: StepConstraints): Arbitrary<Step> {
  const at = nat(untilMs);
  const node = nat(nodes - 1);
  const length = nat(untilMs);
  const all = Array.from({ length: nodes }, (_, index) => index);
  const pair = tuple(node, node, nat(20));
  switch (kind) {
    case 'move':
    case 'start':
      return record({ do: constant(kind), at, node });
    case 'crash':
    case 'leave':
      return record({ do: constant(kind), at, node, downMs: length });
    case 'partition':
      return tuple(at, length, subarray(all, { minLength: 1 }), option(boolean())).map(
        ([start, forMs, side, oneWay]) =>
          oneWay === true ? { do: kind, at: start, forMs, side, oneWay } : { do: kind, at: start, forMs, side },
      );
    case 'weather':
      return record({ do: constant(kind), at, forMs: length, link: linkRules() });
    case 'lose':
      return pair.map(([from, to, nth]) => ({ do: kind, from, to, nth }));
    default:
      return tuple(pair, nat(Math.min(untilMs, SIM_LIMITS.maxDelayMs))).map(([[from, to, nth], ms]) => ({
        do: kind,
        from,
        to,
        nth,
        ms,
      }));
  }
}

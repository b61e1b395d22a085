import { compileDuration, type Duration, sample } from './link.ts';
import type { Step } from './plan.ts';
import type { Random } from './random.ts';
import { whole } from './whole.ts';

/** Which nodes come and go, and how fast. */
export interface ChurnRules {
  /** Nodes that take part; the others stay. */
  readonly nodes: readonly number[];
  /** When it begins, ms since the start; 0 unless given. */
  readonly fromMs?: number;
  /** When it ends; nodes that are down then come back when their time is over. */
  readonly untilMs: number;
  /** How long a node runs. */
  readonly upMs: Duration;
  /** How long it is away. */
  readonly downMs: Duration;
  /** Chance that it leaves in good order instead of crashing; 0 unless given. */
  readonly leave?: number;
  /** Chance that a crash takes what was stored as well; 0 unless given. */
  readonly wipe?: number;
}

/** Draws crashes and leaves, as steps in the order of their time. */
export function churn(random: Random, rules: ChurnRules): readonly Step[] {
  const up = compileDuration('upMs', rules.upMs);
  const down = compileDuration('downMs', rules.downMs);
  const steps: Step[] = [];
  for (const node of rules.nodes) {
    for (let at = (rules.fromMs ?? 0) + sample(up, random.uint32()); at < rules.untilMs; ) {
      const downMs = sample(down, random.uint32());
      const leaves = random.chance(rules.leave ?? 0);
      const wipes = random.chance(rules.wipe ?? 0);
      if (leaves) steps.push({ do: 'leave', at, node, downMs });
      else steps.push({ do: 'crash', at, node, downMs, ...(wipes ? { wipe: true } : {}) });
      at += Math.max(1, downMs + sample(up, random.uint32()));
    }
  }
  return inOrder(steps);
}

/** Draws when each of these nodes starts, ms since the start of the run. */
export function lateStarts(random: Random, nodes: readonly number[], after: Duration): readonly Step[] {
  const late = compileDuration('after', after);
  return inOrder(nodes.map((node): Step => ({ do: 'start', at: sample(late, random.uint32()), node })));
}

/** Which partitions open, and for how long. */
export interface PartitionRules {
  /** All nodes of the run; each partition has between one of them and half of them on its side. */
  readonly nodes: number;
  /** How many. */
  readonly count: number;
  /** Times between which they open, ms since the start. */
  readonly fromMs?: number;
  readonly untilMs: number;
  /** How long each stays open. */
  readonly forMs: Duration;
  /** Chance that it cuts in one direction only; 0 unless given. */
  readonly oneWay?: number;
}

/** Draws partitions, as steps in the order of their time. */
export function partitions(random: Random, rules: PartitionRules): readonly Step[] {
  const duration = compileDuration('forMs', rules.forMs);
  const all = Array.from({ length: whole('nodes', rules.nodes, 2) }, (_, node) => node);
  const steps: Step[] = [];
  for (let count = 0; count < rules.count; count += 1) {
    const side = random.shuffle(all).slice(0, random.between(1, Math.floor(rules.nodes / 2)));
    const at = random.between(rules.fromMs ?? 0, rules.untilMs);
    const oneWay = random.chance(rules.oneWay ?? 0);
    const forMs = sample(duration, random.uint32());
    steps.push({ do: 'partition', at, forMs, side: side.sort((a, b) => a - b), ...(oneWay ? { oneWay } : {}) });
  }
  return inOrder(steps);
}

function inOrder(steps: readonly Step[]): readonly Step[] {
  const time = (step: Step): number => ('at' in step ? step.at : 0);
  return [...steps].sort((left, right) => time(left) - time(right));
}

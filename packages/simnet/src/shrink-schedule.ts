import type { Budget } from './budget.ts';
import { ddmin } from './ddmin.ts';
import type { Failure } from './failure.ts';
import type { SimNode } from './node.ts';
import { replayEntries } from './replay.ts';
import type { Scenario } from './scenario.ts';
import type { Entry, Schedule } from './schedule.ts';

/** A schedule that fails like the one it was cut from. */
export interface ShrunkSchedule {
  readonly schedule: Schedule;
  readonly failure: Failure;
}

/**
 * Cuts a failing schedule down: first to what can have caused the failure, then by whole nodes, then event by event, until
 * none can be spared. `undefined` when the schedule does not fail in the same way.
 */
export function shrinkSchedule<N extends SimNode>(
  scenario: Scenario<N>,
  schedule: Schedule,
  wanted: Failure,
  budget: Budget,
): ShrunkSchedule | undefined {
  const { entries } = schedule;
  const attempt = (indexes: readonly number[]): { failure: Failure; happened: readonly number[] } | undefined => {
    if (!budget.take(indexes.length)) return undefined;
    const part = indexes.map((index) => entries[index] as Entry);
    const { failure, happened } = replayEntries(scenario, schedule, part, indexes);
    return failure !== undefined && isSame(failure, wanted) ? { failure, happened } : undefined;
  };
  const all = entries.map((_, index) => index);
  const whole = attempt(all);
  if (whole === undefined) return undefined;
  let rest = whole.happened;
  const past = causalPast(entries, rest);
  rest = attempt(past)?.happened ?? rest;
  const fails = (indexes: readonly number[]): boolean => attempt(indexes) !== undefined;
  const nodes = [...new Set(rest.map((index) => (entries[index] as Entry).node))];
  const ofNodes = (kept: readonly number[]): readonly number[] => {
    const set = new Set(kept);
    return rest.filter((index) => set.has((entries[index] as Entry).node));
  };
  rest = ofNodes(ddmin(nodes, (kept) => fails(ofNodes(kept))));
  rest = ddmin(rest, fails);
  rest = attempt(rest)?.happened ?? rest;
  const small = renumber(schedule, rest);
  return settle(scenario, small, wanted, budget);
}

/** Whether two failures are the same for a shrinker: the kind and the check, not the place. */
export function isSame(one: Failure, other: Failure): boolean {
  return one.code === other.code && one.check === other.check;
}

/** Entries that can have had a part in the last one: what its node lived through, and what made the messages of that. */
function causalPast(entries: readonly Entry[], indexes: readonly number[]): readonly number[] {
  const nodes = new Set<number>();
  const origins = new Set<number>();
  const past: number[] = [];
  for (let at = indexes.length - 1; at >= 0; at -= 1) {
    const index = indexes[at] as number;
    const entry = entries[index] as Entry;
    if (past.length > 0 && !nodes.has(entry.node) && !origins.has(index)) continue;
    past.push(index);
    nodes.add(entry.node);
    if ('of' in entry) origins.add(entry.of);
  }
  return past.reverse();
}

/** The schedule of these entries alone; they name each other by their new positions. */
function renumber(schedule: Schedule, indexes: readonly number[]): Schedule {
  const positions = new Map(indexes.map((index, position) => [index, position]));
  const entries = indexes.map((index): Entry => {
    const entry = schedule.entries[index] as Entry;
    return 'of' in entry ? { ...entry, of: positions.get(entry.of) ?? 0 } : entry;
  });
  return { seed: schedule.seed, nodes: schedule.nodes, entries };
}

/** Makes the small schedule easier to read, where it still fails: dead time at its beginning goes. */
function settle<N extends SimNode>(
  scenario: Scenario<N>,
  schedule: Schedule,
  wanted: Failure,
  budget: Budget,
): ShrunkSchedule | undefined {
  const first = schedule.entries.find((entry) => entry.do !== 'start')?.at ?? 0;
  const moved = schedule.entries.map((entry) => ({ ...entry, at: Math.max(0, entry.at - first) }));
  for (const entries of first > 0 ? [moved, schedule.entries] : [schedule.entries]) {
    budget.take(entries.length);
    const candidate = { ...schedule, entries };
    const { failure } = replayEntries(scenario, candidate, entries, undefined);
    if (failure !== undefined && isSame(failure, wanted)) return { schedule: candidate, failure };
  }
  return undefined;
}

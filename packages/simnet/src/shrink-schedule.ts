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

/** Schedules of at most so many entries are tried with other seeds as well, so many of them. */
const FEW_ENTRIES = 64;
const OTHER_SEEDS = 12;

/**
 * Cuts a failing schedule down: first to what can have caused the failure, then by whole nodes, then event by event, until
 * none can be spared. What engines draw depends on what they lived through, so that a part may need other luck than the
 * whole had: small parts are tried with other seeds too. `undefined` when the schedule does not fail in the same way.
 */
export function shrinkSchedule<N extends SimNode>(
  scenario: Scenario<N>,
  schedule: Schedule,
  wanted: Failure,
  budget: Budget,
): ShrunkSchedule | undefined {
  const cut = new Cut(scenario, schedule, wanted, budget);
  const { entries } = schedule;
  const whole = cut.attempt(entries.map((_, index) => index));
  if (whole === undefined) return undefined;
  let rest = cut.attempt(causalPast(entries, whole)) ?? whole;
  const fails = (indexes: readonly number[]): boolean => cut.attempt(indexes) !== undefined;
  const nodes = [...new Set(rest.map((index) => (entries[index] as Entry).node))];
  const ofNodes = (kept: readonly number[]): readonly number[] => {
    const set = new Set(kept);
    return rest.filter((index) => set.has((entries[index] as Entry).node));
  };
  rest = ofNodes(ddmin(nodes, (kept) => fails(ofNodes(kept))));
  rest = ddmin(rest, fails);
  rest = cut.attempt(rest) ?? rest;
  return settle(scenario, renumber(schedule, cut.seed, rest), wanted, budget);
}

class Cut<N extends SimNode> {
  /** The seed with which the last part failed. */
  seed: number;
  private readonly scenario: Scenario<N>;
  private readonly schedule: Schedule;
  private readonly wanted: Failure;
  private readonly budget: Budget;

  constructor(scenario: Scenario<N>, schedule: Schedule, wanted: Failure, budget: Budget) {
    this.scenario = scenario;
    this.schedule = schedule;
    this.wanted = wanted;
    this.budget = budget;
    this.seed = schedule.seed;
  }

  /** Replays a part; the entries of it that happened, if it fails as wanted. */
  attempt(indexes: readonly number[]): readonly number[] | undefined {
    const others = indexes.length > FEW_ENTRIES ? 0 : OTHER_SEEDS;
    const part = indexes.map((index) => this.schedule.entries[index] as Entry);
    const isWhole = indexes.length === this.schedule.entries.length;
    for (let other = 0; other <= others; other += 1) {
      if (isWhole) this.budget.spend(indexes.length);
      else if (!this.budget.take(indexes.length)) return undefined;
      const seed = other === 0 ? this.seed : other;
      const { failure, happened } = replayEntries(this.scenario, { ...this.schedule, seed }, part, indexes);
      if (failure === undefined || !isSame(failure, this.wanted)) continue;
      this.seed = seed;
      return happened;
    }
    return undefined;
  }
}

/**
 * Whether two failures are the same for a shrinker: the kind and the check, not the place. What was thrown counts but for
 * its numbers, so that a run does not shrink to some other accident.
 */
export function isSame(one: Failure, other: Failure): boolean {
  if (one.code !== other.code || one.check !== other.check) return false;
  return one.code !== 'throws' || withoutNumbers(one.detail) === withoutNumbers(other.detail);
}

function withoutNumbers(text: string): string {
  return text.replace(/\d+/g, '#');
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
function renumber(schedule: Schedule, seed: number, indexes: readonly number[]): Schedule {
  const positions = new Map(indexes.map((index, position) => [index, position]));
  const entries = indexes.map((index): Entry => {
    const entry = schedule.entries[index] as Entry;
    return 'of' in entry ? { ...entry, of: positions.get(entry.of) ?? 0 } : entry;
  });
  return { seed, nodes: schedule.nodes, entries };
}

/** Makes the small schedule easier to read: time in which nothing happens goes, where it still fails without. */
function settle<N extends SimNode>(
  scenario: Scenario<N>,
  schedule: Schedule,
  wanted: Failure,
  budget: Budget,
): ShrunkSchedule | undefined {
  const attempt = (entries: readonly Entry[]): ShrunkSchedule | undefined => {
    const candidate = { ...schedule, entries };
    const { failure } = replayEntries(scenario, candidate, entries, undefined);
    return failure !== undefined && isSame(failure, wanted) ? { schedule: candidate, failure } : undefined;
  };
  budget.spend(schedule.entries.length);
  let best = attempt(schedule.entries);
  if (best === undefined || schedule.entries.length > FEW_ENTRIES) return best;
  for (let from = 0; from < schedule.entries.length; from += 1) {
    const entries: readonly Entry[] = best.schedule.entries;
    const gap = (entries[from] as Entry).at - (from === 0 ? 0 : (entries[from - 1] as Entry).at);
    if (gap === 0 || !budget.take(entries.length)) continue;
    best = attempt(entries.map((entry, at) => (at < from ? entry : { ...entry, at: entry.at - gap }))) ?? best;
  }
  return best;
}

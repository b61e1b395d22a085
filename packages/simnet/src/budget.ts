import { SIM_LIMITS } from './limits.ts';
import { whole } from './whole.ts';

/** What one call of the shrinker may spend, give or take a handful of runs. It comes back with what is best by then. */
export interface ShrinkOptions {
  /** Runs; 4,000 unless given. */
  readonly maxRuns?: number;
  /** Events of all runs together; a hundred times those of the failing run unless given, from 200,000 to 20 million. */
  readonly maxEvents?: number;
}

/** What a shrinker may still spend. */
export class Budget {
  /** Runs so far. */
  runs = 0;
  /** Events of those runs, as far as they could be foreseen. */
  events = 0;
  private readonly maxRuns: number;
  private readonly maxEvents: number;

  /** A budget for cutting down a run of so many events. */
  constructor(options: ShrinkOptions, events: number) {
    const { maxShrinkEvents, minShrinkEvents, maxShrinkRuns, shrinkEventsFactor } = SIM_LIMITS;
    const usual = Math.min(maxShrinkEvents, Math.max(minShrinkEvents, shrinkEventsFactor * events));
    this.maxRuns = whole('maxRuns', options.maxRuns ?? maxShrinkRuns, 0);
    this.maxEvents = whole('maxEvents', options.maxEvents ?? usual, 0);
  }

  /** Takes the cost of one run; false when the budget does not allow it any more. */
  take(events: number): boolean {
    if (this.runs >= this.maxRuns || this.events + events > this.maxEvents) return false;
    this.spend(events);
    return true;
  }

  /** Takes the cost of a run that has to be made. */
  spend(events: number): void {
    this.runs += 1;
    this.events += events;
  }

  /** Whether less than half is left. */
  isHalfSpent(): boolean {
    return this.runs * 2 > this.maxRuns || this.events * 2 > this.maxEvents;
  }
}

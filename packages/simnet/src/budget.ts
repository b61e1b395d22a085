import { SIM_LIMITS } from './limits.ts';

/** What a shrinker may still spend. */
export class Budget {
  /** Runs so far. */
  runs = 0;
  /** Events of those runs, as far as they could be foreseen. */
  events = 0;

  /** Takes the cost of one run; false when the budget does not allow it any more. */
  take(events: number): boolean {
    if (this.runs >= SIM_LIMITS.maxShrinkRuns || this.events + events > SIM_LIMITS.maxShrinkEvents) return false;
    this.runs += 1;
    this.events += events;
    return true;
  }
}

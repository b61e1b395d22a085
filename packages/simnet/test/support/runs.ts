import fc from 'fast-check';

/** A tenth of the usual number of runs, for laws that need a whole simulation each time. */
export const FEW_RUNS = { numRuns: Math.ceil((fc.readConfigureGlobal().numRuns ?? 100) / 10) };

/** Whether a count of events of this chance lies within five standard deviations of what is to be expected. */
export function isLikely(count: number, tries: number, chance: number): boolean {
  return Math.abs(count - tries * chance) <= 5 * Math.sqrt(tries * chance * (1 - chance));
}

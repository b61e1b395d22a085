import type { PlannedCase } from './plan.ts';
import type { Rule } from './vectors.ts';

/** How many cases a rule has. */
export interface RuleCoverage {
  readonly rule: Rule;
  readonly valid: number;
  readonly invalid: number;
  readonly acceptable: number;
  readonly transcripts: number;
}

/** What a rule lacks. A rule that refuses nothing needs no invalid case; a transcript counts as both. */
export type Gap = 'no case' | 'no valid case' | 'no invalid case' | 'none';

/** Counts the cases of each rule, in the order of the rules. Cases of unknown rules are left out; the repository's own checks find them. */
export function coverageOf(rules: readonly Rule[], plan: readonly PlannedCase[]): RuleCoverage[] {
  const counts = new Map(rules.map(({ id }) => [id, { valid: 0, invalid: 0, acceptable: 0, transcripts: 0 }]));
  for (const planned of plan) {
    const count = counts.get(planned.test.rule);
    if (count === undefined) continue;
    if (planned.kind === 'vector') count[planned.test.result] += 1;
    else if (planned.kind === 'transcript') count.transcripts += 1;
    // What a driver owes the kit has no input that could be invalid by a rule.
    else count.acceptable += 1;
  }
  return rules.map((rule) => ({ rule, ...counts.get(rule.id)! }));
}

/** What the cases of a rule leave out. */
export function gapOf({ rule, valid, invalid, acceptable, transcripts }: RuleCoverage): Gap {
  if (valid + invalid + acceptable + transcripts === 0) return 'no case';
  if (valid + acceptable + transcripts === 0) return 'no valid case';
  if (rule.codes.length > 0 && invalid + acceptable + transcripts === 0) return 'no invalid case';
  return 'none';
}

/** Writes the rules that lack cases, by name, and one line with the counts. */
export function formatCoverage(coverage: readonly RuleCoverage[]): string {
  const gaps: readonly Gap[] = ['no case', 'no valid case', 'no invalid case'];
  const lines = gaps.flatMap((gap) => {
    const rules = coverage.filter((entry) => gapOf(entry) === gap).map(({ rule }) => rule);
    if (rules.length === 0) return [];
    const width = Math.max(...rules.map(({ id }) => id.length));
    return [
      `${rules.length} rules with ${gap}:`,
      ...rules.map(({ id, title, level }) => `  ${id.padEnd(width)}  ${level.padEnd(6)}  ${title}`),
      '',
    ];
  });
  const covered = coverage.filter((entry) => gapOf(entry) === 'none').length;
  return `${[...lines, `${covered} of ${coverage.length} rules have the cases that they need`].join('\n')}\n`;
}

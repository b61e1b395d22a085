/** Writes `spec/coverage.md`: every rule with its cases and the seeded fault that they catch. */
import type { VectorDocument } from './format.ts';
import type { Rule } from './rules.ts';

/** What `npm run faults` found out about one seeded fault. */
export interface FaultResult {
  readonly id: string;
  readonly rule: string;
  /** What is broken, in a few words. */
  readonly what: string;
  /** The first case that fails with it, or null if none does. */
  readonly caughtBy: string | null;
  /** Cases of the rule that fail with it. */
  readonly failing: number;
}

interface Counts {
  valid: number;
  invalid: number;
  acceptable: number;
  transcripts: number;
}

export function coveragePage(
  rules: readonly Rule[],
  documents: readonly VectorDocument[],
  faults: readonly FaultResult[],
): string {
  const counts = new Map<string, Counts>(
    rules.map(({ id }) => [id, { valid: 0, invalid: 0, acceptable: 0, transcripts: 0 }]),
  );
  for (const { tests, transcripts = [] } of documents) {
    for (const { rule, result } of tests) {
      const count = counts.get(rule);
      if (count !== undefined) count[result] += 1;
    }
    for (const { rule } of transcripts) {
      const count = counts.get(rule);
      if (count !== undefined) count.transcripts += 1;
    }
  }
  const total = { valid: 0, invalid: 0, acceptable: 0, transcripts: 0 };
  for (const count of counts.values()) {
    for (const kind of ['valid', 'invalid', 'acceptable', 'transcripts'] as const) total[kind] += count[kind];
  }
  const caught = faults.filter(({ caughtBy }) => caughtBy !== null).length;
  const rows = rules.map(({ id, title, page }) => {
    const { valid, invalid, acceptable, transcripts } = counts.get(id)!;
    return `| ${[`[${id}](${page})`, title, valid, invalid, acceptable, transcripts].join(' | ')} |`.replaceAll(
      /\| 0 (?=\|)/g,
      '|  ',
    );
  });
  const faultRows = faults.map(
    ({ id, rule, what, caughtBy, failing }) =>
      `| ${rule} | \`${id}\` | ${what} | ${caughtBy === null ? '**not caught**' : `\`${caughtBy}\``} | ${failing} |`,
  );
  return `# Coverage

Written by \`npm run vectors\` and \`npm run faults\`; do not edit.

${rules.length} rules; ${total.valid} valid, ${total.invalid} invalid and ${total.acceptable} either-way cases, ${total.transcripts} transcripts.
\`conformance coverage\` lists the rules that lack cases, by name. Rules about what a program does by itself, such as when it
refreshes what it stored, have none: no question to a driver can show it.

## Cases by rule

| rule | title | valid | invalid | either | transcripts |
|---|---|---|---|---|---|
${rows.join('\n')}

## Seeded faults

${caught} of ${faults.length} seeded faults are caught. Each is one small change to the built code of this repository's own driver, made while it is
loaded (\`examples/conformance-driver/faults/\`), and is run against the cases of its rule alone.

| rule | fault | what is broken | first case that fails | cases that fail |
|---|---|---|---|---|
${faultRows.join('\n')}
`;
}

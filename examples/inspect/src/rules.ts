import { readFileSync } from 'node:fs';

/** Which rules of `spec/` a code stands for, read from the page that lists all codes. */
export type RuleBook = ReadonlyMap<string, string>;

/** Reads `spec/errors.md`; where it is missing, codes are shown without rules. */
export function readRules(): RuleBook {
  const rules = new Map<string, string>();
  let page = '';
  try {
    page = readFileSync(new URL('../../../spec/errors.md', import.meta.url), 'utf8');
  } catch {
    return rules;
  }
  let section = '';
  for (const line of page.split('\n')) {
    section = /^## (\S+)/.exec(line)?.[1] ?? section;
    const [, code, cited] = /^\| `([a-z0-9-]+)`\s*\|.*\|([^|]*)\|\s*$/.exec(line) ?? [];
    if (code !== undefined && cited !== undefined) rules.set(`${section}/${code}`, cited.trim());
  }
  return rules;
}

/** The rules behind a code; packages are asked in this order, as a rule may pass on the code of a lower one. */
export function ruleOf(rules: RuleBook, code: string | undefined, packages: readonly string[]): string {
  for (const name of packages) {
    const cited = rules.get(`${name}/${code}`);
    if (cited) return cited;
  }
  return '';
}

/** Reads the rules from the pages: `### POST-7 Title`, then `Level: … · Source: … · Code: …`. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Rule {
  readonly id: string;
  readonly title: string;
  readonly level: string;
  readonly source: string;
  /** Codes that a refusal by this rule may carry, as far as the page names them. */
  readonly codes: readonly string[];
  readonly page: string;
}

/** Every rule of the pages in a folder, page by page in the order of their names. */
export function readRules(folder: string): Rule[] {
  const listed = new Set(
    [...readFileSync(join(folder, 'errors.md'), 'utf8').matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(([, code]) => code),
  );
  const pages = readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .sort();
  return pages.flatMap((page) => {
    const text = readFileSync(join(folder, page), 'utf8');
    return [...text.matchAll(/^### ([A-Z]+-[1-9][0-9]*) (.*)\n+(.*)$/gm)].map(([, id = '', title = '', line = '']) => {
      const [, level = '', source = ''] =
        /Level: (MUST|SHOULD|MAY)\b.*?Source: (.*?)(?: · Code: .*)?$/.exec(line) ?? [];
      const codes = [...(line.split(' · Code: ')[1] ?? '').matchAll(/`([a-z0-9-]+)`/g)].map(([, code = '']) => code);
      return { id, title, level, source, codes: codes.filter((code) => listed.has(code)), page };
    });
  });
}

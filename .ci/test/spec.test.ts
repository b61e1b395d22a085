import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const pages = readdirSync('spec').filter((name) => name.endsWith('.md'));
const RULE = /\b(?:WIRE|BENC|KRPC|PEER|KEY|ECIES|POST|CHAIN|DHT|SWARM|PEERSTER|SIM|CONF)-[1-9][0-9]*\b/g;

/** Rules that a page defines: `### POST-7 Title`, followed by a line with level and source. */
function definitions(): Map<string, string> {
  const found = new Map<string, string>();
  for (const page of pages) {
    const text = readFileSync(join('spec', page), 'utf8');
    for (const [, id, line] of text.matchAll(/^### ([A-Z]+-[1-9][0-9]*) .*\n+(.*)$/gm)) {
      if (id === undefined || line === undefined) continue;
      if (found.has(id)) throw new Error(`${id} is defined twice`);
      found.set(id, line);
    }
  }
  return found;
}

function filesBelow(folder: string, endings: readonly string[]): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (name === 'node_modules' || name === 'dist' || name === 'captured') return [];
    if (statSync(path).isDirectory()) return filesBelow(path, endings);
    return endings.some((ending) => name.endsWith(ending)) ? [path] : [];
  });
}

const rules = definitions();

describe('rules', () => {
  test('every rule states its level and its source', () => {
    const bare = [...rules]
      .filter(([, line]) => !/Level: (?:MUST|SHOULD|MAY)\b.*Source: \S/.test(line))
      .map(([id]) => id);
    expect(bare).toEqual([]);
  });

  test('every rule id that code, tests and pages cite is defined', () => {
    const cited = ['packages', 'examples', 'spec'].flatMap((folder) =>
      filesBelow(folder, ['.ts', '.md', '.js']).flatMap((file) =>
        [...readFileSync(file, 'utf8').matchAll(RULE)].filter(([id]) => !rules.has(id)).map(([id]) => `${file}: ${id}`),
      ),
    );
    expect([...new Set(cited)]).toEqual([]);
  });

  test('every rule that a vector names is defined', () => {
    const unknown = filesBelow('spec/vectors', ['.json']).flatMap((file) => {
      const { tests = [], transcripts = [] } = JSON.parse(readFileSync(file, 'utf8')) as Record<
        'tests' | 'transcripts',
        { id: string; rule: string }[] | undefined
      >;
      return [...tests, ...transcripts].filter(({ rule }) => !rules.has(rule)).map(({ id, rule }) => `${id}: ${rule}`);
    });
    expect(unknown).toEqual([]);
  });
});

describe('error codes', () => {
  const listed = new Set(
    [...readFileSync('spec/errors.md', 'utf8').matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(([, code]) => code),
  );

  test('every code of a package is in errors.md', () => {
    const missing = filesBelow('packages', ['errors.ts', 'codes.ts'])
      .filter((file) => file.includes(`${join('src', '')}`))
      .flatMap((file) => {
        const unions = [...readFileSync(file, 'utf8').matchAll(/^export type \w*Code =([^;]*);/gm)];
        return unions.flatMap(([, union = '']) =>
          [...union.matchAll(/'([a-z0-9-]+)'/g)].map(([, code]) => ({ file, code })),
        );
      })
      .filter(({ code }) => !listed.has(code ?? ''))
      .map(({ file, code }) => `${file}: ${code}`);
    expect(missing).toEqual([]);
  });
});

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { BACKENDS, loadBackend } from '../src/backend.ts';
import { engines, operations } from '../src/operations.ts';
import { Session } from '../src/session.ts';

interface Outcome {
  readonly out?: unknown;
  readonly reject?: { readonly code: string; readonly penalty?: number };
}
interface Case extends Outcome {
  readonly id: string;
  readonly op: string;
  readonly in: object;
  readonly either?: readonly Outcome[];
}

const root = fileURLToPath(new URL('../../../spec/vectors/', import.meta.url));
/** Files that have one-shot cases; those with transcripts alone are for engines. */
const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.json') && !path.startsWith('captured') && statSync(join(root, path)).isFile())
  .filter((path) => casesOf(path).length > 0)
  .sort();
function casesOf(path: string): readonly Case[] {
  const { tests = [] } = JSON.parse(readFileSync(join(root, path), 'utf8')) as { tests?: Case[] };
  return tests;
}

const identity = { name: 'test', version: '0', language: 'TypeScript', homepage: '', profiles: [] };

/** Extra fields in `out` are allowed; a rejection matches by code and, where the vector states one, by penalty. */
function expectOutcome(answer: unknown, { out, reject }: Outcome): void {
  if (reject) expect(answer).toMatchObject({ reject });
  else expect(answer).toMatchObject({ ok: out });
}

describe.each(BACKENDS)('with the %s backend', async (name) => {
  const session = new Session(identity, operations, engines, { backend: await loadBackend(name) });

  describe.each(files)('%s', (path) => {
    test.each(casesOf(path).map((one) => [one.id, one] as const))('%s', (_, one) => {
      const answer = session.answer(JSON.stringify({ seq: 1, cmd: 'run', op: one.op, in: one.in }));
      if (one.either === undefined) return expectOutcome(answer, one);
      const matches = one.either.some((outcome) => {
        try {
          expectOutcome(answer, outcome);
          return true;
        } catch {
          return false;
        }
      });
      expect(matches, JSON.stringify(answer)).toBe(true);
    });
  });
});

test('there are vectors', () => {
  expect(files.length).toBeGreaterThan(0);
});

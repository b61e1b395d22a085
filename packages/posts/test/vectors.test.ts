import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createNobleBackend, directoryOf } from '@rookery/keys';
import type { Profile } from '@rookery/wire';
import { describe, expect, test } from 'vitest';
import { checkPost, postLimit, tokens } from '../src/index.ts';
import { bytesOf } from './captured.ts';

interface Vector {
  readonly id: string;
  readonly op: string;
  readonly in: {
    readonly bytes: string;
    readonly user: string;
    readonly k: number;
    readonly tip: number;
    readonly registered: number;
    readonly text: string;
    readonly profile: Profile;
    readonly now?: number;
    readonly previous?: { readonly k: number; readonly height: number };
    readonly users: readonly {
      readonly name: string;
      readonly keys: readonly { readonly height: number; readonly publicKey: string }[];
    }[];
  };
  readonly out?: object;
  readonly reject?: { readonly code: string };
}

const folder = fileURLToPath(new URL('../../../spec/vectors/posts/', import.meta.url));
const backend = createNobleBackend();

function judge({ op, in: input }: Vector): object {
  if (op === 'post.limit') return { out: { maxK: postLimit(input.tip, input.registered) ?? null } };
  if (op === 'post.tokens') return { out: tokens(input.text) };
  const { bytes, users, ...context } = input;
  const histories = users.map(({ name, keys }) => ({
    name,
    keys: keys.map(({ height, publicKey }) => ({ height, publicKey: bytesOf(publicKey) })),
  }));
  const verdict = checkPost(bytesOf(bytes), { ...context, users: directoryOf(histories, input.tip), backend });
  return verdict.ok ? { out: { flags: verdict.flags } } : { reject: { code: verdict.code } };
}

describe.each(readdirSync(folder).sort())('%s', (name) => {
  const { tests } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { tests: Vector[] };

  test.each(tests.map((vector) => [vector.id, vector] as const))('%s', (_, vector) => {
    expect(judge(vector)).toEqual(vector.out ? { out: vector.out } : { reject: vector.reject });
  });
});

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A file of the captured network, as the JSON it is. */
export function captured<T>(name: string): T {
  const path = new URL(`../../../spec/vectors/captured/twister/${name}`, import.meta.url);
  return JSON.parse(readFileSync(fileURLToPath(path), 'utf8')) as T;
}

export interface CapturedPost {
  readonly user: string;
  readonly k: number;
  readonly signedBytes: string;
  readonly signedHash: string;
  readonly signature: string;
  readonly recoveredPubKey: string;
}

export interface CapturedKey {
  readonly wif: string;
  readonly privHex: string;
  readonly pubHex: string;
}

export function capturedPosts(): readonly CapturedPost[] {
  return captured<{ posts: readonly CapturedPost[] }>('posts.json').posts;
}

/** Every key pair of the captured network. */
export function capturedKeys(): readonly CapturedKey[] {
  const { keys, groupKeys } = captured<{
    keys: Readonly<Record<string, readonly CapturedKey[]>>;
    groupKeys: Readonly<Record<string, CapturedKey>>;
  }>('posts.json');
  const { users } = captured<{ users: readonly CapturedKey[] }>('new-users.json');
  return [...Object.values(keys).flat(), ...Object.values(groupKeys), ...users];
}

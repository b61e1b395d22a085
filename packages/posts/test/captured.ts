import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { hexToBytes } from '@noble/hashes/utils.js';
import { directoryOf, type UserDirectory } from '@rookery/keys';

export const bytesOf: (hex: string) => Uint8Array = hexToBytes;

/** A captured file, parsed. */
export function readCaptured<T>(name: string): T {
  const path = fileURLToPath(new URL(`../../../spec/vectors/captured/twister/${name}`, import.meta.url));
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}

interface KeysFile {
  readonly users: Record<
    string,
    { readonly registrations: readonly { readonly height: number; readonly pubKey: string }[] }
  >;
}
interface SecretsFile {
  readonly keys: Record<string, readonly { readonly privHex: string }[]>;
}
export interface CapturedPost {
  readonly user: string;
  readonly k: number;
  readonly raw: string;
  readonly signedBytes: string;
  readonly wort?: { readonly signedBytes: string };
}

/** Height of the best block after the captured posts were made. */
export const CAPTURED_TIP = 29;

const postsFile: SecretsFile & { readonly posts: readonly CapturedPost[] } = readCaptured('posts.json');
export const capturedPosts: readonly CapturedPost[] = postsFile.posts;

/** The users of the captured chain as of a tip. */
export function capturedUsers(tip: number = CAPTURED_TIP): UserDirectory {
  const { users } = readCaptured<KeysFile>('keys.json');
  const histories = Object.entries(users).map(([name, { registrations }]) => ({
    name,
    keys: registrations.map(({ height, pubKey }) => ({ height, publicKey: bytesOf(pubKey) })),
  }));
  return directoryOf(histories, tip);
}

/** The secret of a captured user; the last one of a user who replaced it. */
export function capturedSecret(user: string): Uint8Array {
  const last = postsFile.keys[user]?.at(-1);
  if (last === undefined) throw new Error(`no secret of ${user} was captured`);
  return bytesOf(last.privHex);
}

/** The captured post of a user and number. */
export function capturedPost(user: string, k: number): CapturedPost {
  const found = capturedPosts.find((post) => post.user === user && post.k === k);
  if (found === undefined) throw new Error(`no post ${k} of ${user} was captured`);
  return found;
}

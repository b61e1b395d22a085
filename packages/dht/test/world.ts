import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { hexToBytes } from '@noble/hashes/utils.js';
import { createNobleBackend, directoryOf } from '@rookery/keys';
import { signRaw } from '@rookery/keys/raw';
import { type BencodeInput, type BencodeValue, bencodeDict, decodeBencode, encodeBencode } from '@rookery/wire';
import type { SignedValue, ValueContext } from '../src/index.ts';

/** A captured file, parsed. */
export function readCaptured<T>(name: string): T {
  const path = fileURLToPath(new URL(`../../../spec/vectors/captured/twister/${name}`, import.meta.url));
  return JSON.parse(readFileSync(path, 'utf8')) as T;
}

interface KeysFile {
  readonly users: Record<
    string,
    {
      readonly keys: readonly { readonly privHex: string }[];
      readonly registrations: readonly { readonly height: number; readonly pubKey: string }[];
    }
  >;
}
interface PostsFile {
  readonly posts: readonly { readonly user: string; readonly k: number; readonly raw: string }[];
}

const { users } = readCaptured<KeysFile>('keys.json');
const { posts } = readCaptured<PostsFile>('posts.json');
const backend = createNobleBackend();

export const TIP = 29;
export const NOW = 1795243066;

/** The users of the captured chain as of a tip. */
export function world(tip: number = TIP, now: number = NOW): ValueContext & { readonly now: number } {
  const histories = Object.entries(users).map(([name, { registrations }]) => ({
    name,
    keys: registrations.map(({ height, pubKey }) => ({ height, publicKey: hexToBytes(pubKey) })),
  }));
  return { users: directoryOf(histories, tip), tip, now, backend };
}

export function secretOf(user: string): Uint8Array {
  return hexToBytes(users[user]!.keys.at(-1)!.privHex);
}

/** Signs bytes as a captured user, by the newest key. */
function signAs(user: string, message: Uint8Array): Uint8Array {
  return signRaw(message, secretOf(user), true, backend);
}

/** Signs the bytes of a `p` as a captured user. */
export function signed(p: Uint8Array, sigUser: string): SignedValue {
  return { p, sigP: signAs(sigUser, p), sigUser };
}

type Fields = Readonly<Record<string, BencodeInput | undefined>>;

/** The fields of an honest profile of alice, with others in their place. */
export function fields(changes: Fields = {}): Fields {
  return {
    height: 28,
    seq: 5,
    target: { n: 'alice', r: 'profile', t: 's' },
    time: NOW,
    v: { fullname: 'Alice' },
    ...changes,
  };
}

/** A value signed by a user, alice if none is named. */
export function value(changes: Fields = {}, sigUser = 'alice'): SignedValue {
  return signed(encodeBencode(bencodeDict(fields(changes))), sigUser);
}

/** The captured post of a user and number, as bencode. */
export function capturedPost(user: string, k: number): BencodeValue {
  const found = posts.find((post) => post.user === user && post.k === k)!;
  return decodeBencode(hexToBytes(found.raw)).value.toValue();
}

/** A new post, signed by its author. */
export function newPost(author: string, changes: Fields): BencodeValue {
  const userpost = bencodeDict({ height: 28, k: 9, msg: 'x', n: author, time: NOW, ...changes });
  return bencodeDict({ sig_userpost: signAs(author, encodeBencode(userpost)), userpost });
}

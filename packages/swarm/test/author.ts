import { directoryOf, type UserDirectory } from '@rookery/keys';
import { createPost, signPost } from '@rookery/posts';
import type { SwarmOptions } from '../src/index.ts';
import { backend } from './harness.ts';

/** A user of these tests, its key, and the chain that knows it. */
export const USER = 'alice';
export const TIP = 60;
export const REGISTERED = 1;
/** ms since the Unix epoch; all posts were made before. */
export const NOW = 1_700_000_000_000;

const SECRET = new Uint8Array(32).fill(7);
const STRANGER = new Uint8Array(32).fill(8);
export const PUBLIC_KEY: Uint8Array = backend.derivePublicKey(SECRET, true);
export const USERS: UserDirectory = directoryOf([
  { name: USER, keys: [{ height: REGISTERED, publicKey: PUBLIC_KEY }] },
]);

/** What most engines of these tests are made with. */
export const WORLD: Pick<SwarmOptions, 'user' | 'users' | 'tip'> = { user: USER, users: USERS, tip: TIP };

interface Details {
  readonly text?: string;
  readonly height?: number;
  readonly secret?: Uint8Array;
}

function sign(k: number, { text = `post ${k}`, height = TIP - 1, secret = SECRET }: Details = {}): Uint8Array {
  return signPost(createPost({ user: USER, k, height, time: 1_699_000_000 + k }, text), secret, { backend });
}

const made = new Map<string, Uint8Array>();

/** A post of the user; the same arguments give the same bytes, signed once. */
export function post(k: number, details: Details = {}): Uint8Array {
  const key = JSON.stringify([k, details.text, details.height, details.secret?.[0]]);
  const bytes = made.get(key) ?? sign(k, details);
  made.set(key, bytes);
  return bytes;
}

/** A post that somebody else signed in the user's name. */
export function forgedPost(k: number): Uint8Array {
  return post(k, { secret: STRANGER });
}

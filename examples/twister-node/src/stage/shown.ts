import type { Actor } from './actor.ts';

/** A post as JSON-RPC shows it. */
export interface ShownPost {
  readonly sig_userpost: string;
  readonly userpost: {
    readonly n: string;
    readonly k: number;
    readonly msg: string;
    readonly reply?: { readonly n: string; readonly k: number };
    readonly rt?: { readonly n: string; readonly k: number };
  };
}

/** A value of the DHT as JSON-RPC shows it. */
export interface ShownValue {
  readonly p: { readonly v: unknown; readonly seq?: number };
  readonly sig_user: string;
}

/** A direct message as JSON-RPC shows it. */
export interface ShownMessage {
  readonly text: string;
  readonly from: string;
  readonly fromMe: boolean;
}

const MOST_POSTS = 100;
const ALL_FLAGS = 15;

/** The posts of a user that an actor has, of whatever kind. */
export async function postsOf(actor: Actor, user: string): Promise<ShownPost[]> {
  const posts = (await actor.call('getposts', MOST_POSTS, [{ username: user }], ALL_FLAGS)) as ShownPost[];
  // A promoted message may be the first of them.
  return posts.filter(({ userpost }) => userpost.n === user);
}

/** The direct messages between a user of an actor and another one, the oldest first. */
export async function messagesOf(actor: Actor, local: string, other: string): Promise<ShownMessage[]> {
  const all = (await actor.call('getdirectmsgs', local, 10, [{ username: other }])) as Record<string, ShownMessage[]>;
  return all[other] ?? [];
}

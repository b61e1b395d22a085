import type { Method } from '../method.ts';
import type { RpcValue } from '../value.ts';

const follow: Method = {
  name: 'follow',
  usage: '<username> [follow_username1,follow_username2,...]',
  summary: 'Starts to follow users; names that nobody has registered are passed over.',
  arity: [2, 2],
  call(params, { following, swarms }): RpcValue {
    const local = params.text(0);
    for (const name of params.texts(1)) if (swarms.join(name)) following.add(local, name);
    return null;
  },
};

const unfollow: Method = {
  name: 'unfollow',
  usage: '<username> [unfollow_username1,unfollow_username2,...]',
  summary: 'Follows users no longer; their swarms stay active.',
  arity: [2, 2],
  call(params, { following }): RpcValue {
    const local = params.text(0);
    for (const name of params.texts(1)) following.remove(local, name);
    return null;
  },
};

const getFollowing: Method = {
  name: 'getfollowing',
  usage: '<username>',
  summary: 'Whom a user follows.',
  arity: [1, 1],
  call: (params, { following }) => following.of(params.text(0)),
};

const getLastHave: Method = {
  name: 'getlasthave',
  usage: '<username> | <groupname> [user1,user2...]',
  summary: 'The greatest post number of each user whom a user follows, or of the users given; -1 where there is none.',
  arity: [1, 2],
  call(params, { following, swarms }) {
    const local = params.text(0);
    const names = params.count > 1 ? [...new Set(params.texts(1))].sort() : following.of(local);
    return Object.fromEntries(names.map((name) => [name, swarms.swarm(name)?.highest() ?? -1]));
  },
};

const getNumPieces: Method = {
  name: 'getnumpieces',
  usage: '<username>',
  summary: 'How many posts are here of each user whom a user follows.',
  arity: [1, 1],
  call(params, { following, swarms }) {
    const names = following.of(params.text(0));
    return Object.fromEntries(names.map((name) => [name, swarms.swarm(name)?.have().length ?? -1]));
  },
};

const listUserNamesPartial: Method = {
  name: 'listusernamespartial',
  usage: '<username_starts_with> <count> [exact_match=false]',
  summary: 'Registered names that begin with a text, those that own users follow first.',
  arity: [2, 3],
  isPublic: true,
  call(params, { following, users }) {
    const prefix = params.text(0);
    const asked = params.integer(1);
    // It becomes an unsigned number there: below 0 is all.
    const count = asked < 0 ? Number.MAX_SAFE_INTEGER : asked;
    const isExact = params.booleanOr(2, false);
    const fits = (name: string) => (isExact ? name === prefix : name.startsWith(prefix));
    const found = new Set<string>();
    const known = isExact
      ? [prefix].filter((name) => users.user(name) !== undefined)
      : users.namesWithPrefix(prefix, count);
    for (const name of [...[...following.all()].sort().filter(fits), ...known]) {
      if (found.size >= count) break;
      found.add(name);
    }
    return [...found].sort();
  },
};

/** Methods about who follows whom, and what there is of them. */
export const FOLLOWING_METHODS: readonly Method[] = [
  follow,
  unfollow,
  getFollowing,
  getLastHave,
  getNumPieces,
  listUserNamesPartial,
];

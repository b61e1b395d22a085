import { encodeDirectMessage, encryptEnvelope } from '@rookery/ecies';
import {
  createFavourite,
  createPost,
  createPrivateFavourite,
  createReply,
  createRetweet,
  type Original,
} from '@rookery/posts';
import type { BencodeDict, BencodeValue, Post } from '@rookery/wire';
import type { TwisterNode } from '../../node.ts';
import { drawSecret, type WalletKey } from '../../people/wallet.ts';
import { flagBits, HOME_FLAGS, newestPosts, readPost } from '../../posts/shelf.ts';
import { postFromJson, postToJson } from '../bencode-json.ts';
import { RpcError } from '../errors.ts';
import type { Method } from '../method.ts';
import { asInteger, asObject, asText, type Params } from '../params.ts';
import type { RpcObject, RpcValue } from '../value.ts';

const newPostMsg: Method = {
  name: 'newpostmsg',
  usage: '<username> <k> <msg> [reply_n] [reply_k]',
  summary: 'Publishes a post, or a reply.',
  arity: [3, 5],
  notArity: 4,
  async call(params, node) {
    const user = params.text(0);
    const k = params.integer(1);
    const text = postText(params, 2);
    if (params.count === 3) return shown(await node.author.publish(user, k, (header) => createPost(header, text)));
    const to = { user: params.text(3), k: params.integer(4) };
    if (to.user === '') return shown(await node.author.publish(user, k, (header) => createPost(header, text)));
    return shown(await node.author.publish(user, k, (header) => createReply(header, text, to)));
  },
};

const newRtMsg: Method = {
  name: 'newrtmsg',
  usage: '<username> <k> <rt_v_object> [comment]',
  summary: 'Publishes a retweet, with or without a comment.',
  arity: [3, 4],
  async call(params, node) {
    const [user, k, original] = [params.text(0), params.integer(1), originalOf(params, 2)];
    const comment = params.count > 3 ? postText(params, 3) : '';
    return shown(await node.author.publish(user, k, (header) => createRetweet(header, original, comment)));
  },
};

const newFavMsg: Method = {
  name: 'newfavmsg',
  usage: "<username> <k> <fav_v_object> [private=false] [comment='']",
  summary: 'Marks a post as a favourite, for everybody to see or only for its user.',
  arity: [3, 5],
  async call(params, node) {
    const [user, k, original] = [params.text(0), params.integer(1), originalOf(params, 2)];
    const isPrivate = params.booleanOr(3, false);
    const comment = params.count > 4 ? postText(params, 4) : '';
    return shown(
      await node.author.publish(user, k, (header, key) =>
        isPrivate
          ? createPrivateFavourite(header, envelopeOf(original, comment, key, node))
          : createFavourite(header, original, comment),
      ),
    );
  },
};

const newPostRaw: Method = {
  name: 'newpostraw',
  usage: '<username> <k> <hexdata>',
  summary: 'Publishes a post that was signed elsewhere to a swarm that is active here.',
  arity: [3, 3],
  isPublic: true,
  async call(params, node): Promise<RpcValue> {
    const [user, k, hex] = [params.text(0), params.integer(1), params.text(2)];
    const [matched = ''] = /^(?:[0-9a-fA-F]{2})*/.exec(hex) ?? [];
    const bytes = new Uint8Array(Buffer.from(matched, 'hex'));
    if (node.swarms.swarm(user) === undefined && readPost(bytes) !== undefined && node.users.user(user) !== undefined)
      throw new RpcError('internal', 'swarm resource forwarding not implemented');
    await node.author.publishRaw(user, k, bytes);
    return null;
  },
};

const getPosts: Method = {
  name: 'getposts',
  usage:
    '<count> \'[{"username":username,"max_id":max_id,"since_id":since_id},...]\' [allowed_flags=1] [required_flags=0]',
  summary:
    'The newest posts of users whose swarms are active here; flags are bits: 1 retweet, 2 direct message, 4 favourite, 12 private favourite.',
  arity: [2, 4],
  call(params, node) {
    const count = params.integer(0);
    const allowed = params.integerOr(2, HOME_FLAGS);
    const required = params.integerOr(3, 0);
    const found: Post[] = [];
    for (const item of params.list(1)) {
      const { name, most, since } = readRange(asObject(item));
      const swarm = node.swarms.swarm(name);
      const taken: Post[] = [];
      for (const post of swarm === undefined ? [] : newestPosts(swarm, most, since)) {
        if (taken.length >= count) break;
        const flags = flagBits(post);
        if ((flags & allowed) === flags && (flags & required) === required) taken.push(post);
      }
      // Of equal times twisterd shows the greatest number first, and of users the one asked for last.
      found.unshift(...taken);
    }
    const sorted = found.sort((left, right) => timeOf(right) - timeOf(left));
    const posts = sorted.slice(0, Math.max(count, 0)).map(shown);
    const promoted = node.promotions.takePost();
    return promoted === undefined ? posts : [promoted, ...posts];
  },
};

const getMentions: Method = {
  name: 'getmentions',
  usage: '<localuser> <count> \'{"max_id":max_id,"since_id":since_id}\'',
  summary: 'Posts that mention an own user, by users whom he follows; the ids count them.',
  arity: [2, 3],
  call(params, node) {
    const posts = node.mentions.of(params.text(0));
    const count = params.integer(1);
    const range = params.count > 2 ? readRange(params.object(2)) : readRange({});
    const most = Math.min(range.most, posts.length - 1);
    const since = Math.max(range.since, most - count);
    const found: RpcValue[] = [];
    for (let id = Math.max(since + 1, 0); id <= most; id += 1) {
      const post = readPost(posts[id]!);
      if (post !== undefined) found.push({ ...shown(post), id });
    }
    return found;
  },
};

/** Methods about posts. */
export const POST_METHODS: readonly Method[] = [newPostMsg, newRtMsg, newFavMsg, newPostRaw, getPosts, getMentions];

/** A post as an answer shows it. */
export function shown(post: Post): RpcObject {
  return postToJson(post.root);
}

/** Reads `max_id` and `since_id`, and `username` where it belongs there too. */
export function readRange(object: RpcObject): { readonly name: string; readonly most: number; readonly since: number } {
  const { username, max_id: most, since_id: since } = object;
  return {
    name: username === undefined ? '' : asText(username),
    most: most === undefined ? Number.MAX_SAFE_INTEGER : asInteger(most),
    since: since === undefined ? -1 : asInteger(since),
  };
}

/** A text that is to be signed: what is no UTF-8 is refused in twisterd's words. */
function postText(params: Params, index: number): string {
  if (params.value(index) instanceof Uint8Array)
    throw new RpcError('internal', 'error signing post with private key of user');
  return params.text(index);
}

function originalOf(params: Params, index: number): Original {
  const value = postFromJson(params.object(index));
  const userpost = fieldOf(value, 'userpost');
  const signature = fieldOf(value, 'sig_userpost');
  if (userpost === undefined || !isDict(userpost) || !(signature instanceof Uint8Array))
    throw new RpcError('invalidParams', 'missing post or signature.');
  return { userpost, signature };
}

function fieldOf(value: BencodeValue, name: string): BencodeValue | undefined {
  if (!isDict(value)) return undefined;
  return value.entries.find(([key]) => Buffer.from(key).toString('latin1') === name)?.[1];
}

function isDict(value: BencodeValue): value is BencodeDict {
  return typeof value === 'object' && 'entries' in value && Array.isArray(value.entries);
}

function envelopeOf(original: Original, comment: string, key: WalletKey, { backend }: TwisterNode) {
  const { signature: sig, userpost } = original;
  const bytes = new Uint8Array(Buffer.from(comment, 'utf8'));
  const plaintext = encodeDirectMessage({ kind: 'private-favourite', userpost, sig, comment: bytes });
  return encryptEnvelope(key.publicKey, plaintext, drawSecret(), backend);
}

function timeOf(post: Post): number {
  return post.userpost.getNumber('time') ?? -1;
}

import { decodeDirectMessage, envelopeFromNode, openWithAny } from '@rookery/ecies';
import { createPost, createShortUrl, type NewPost, type PostHeader } from '@rookery/posts';
import { type BencodeDict, bencodeDict, compareKeys, decodeBencode, encodeBencode, type Post } from '@rookery/wire';
import type { TwisterNode } from '../../node.ts';
import { FLAG_BITS, flagBits, newestPosts } from '../../posts/shelf.ts';
import { jsonToDict, postToJson } from '../bencode-json.ts';
import type { Method } from '../method.ts';
import { type RpcObject, typeOf } from '../value.ts';
import { shortUrlOf } from './names.ts';
import { readRange, shown } from './posts.ts';

const newPostCustom: Method = {
  name: 'newpostcustom',
  usage: '<username> <k> \'{"field1":value,"field2":value,...}\'',
  summary: 'Publishes a post with further fields, texts or integers; its own text is empty.',
  arity: [3, 3],
  async call(params, node) {
    const [user, k] = [params.text(0), params.integer(1)];
    const known = Object.entries(params.object(2)).filter(([, value]) => ['str', 'int'].includes(typeOf(value)));
    const fields = jsonToDict(Object.fromEntries(known));
    return shown(await node.author.publish(user, k, (header) => withFields(header, fields)));
  },
};

const newShortUrl: Method = {
  name: 'newshorturl',
  usage: '<username> <k> <url> [mimetype]',
  summary: 'Publishes a post that holds a web address, and returns short addresses of it.',
  arity: [3, 4],
  async call(params, node) {
    const [user, k, url] = [params.text(0), params.integer(1), params.text(2)];
    const mimeType = params.textOr(3, '') || undefined;
    await node.author.publish(user, k, (header) => createShortUrl(header, url, mimeType));
    return [shortUrlOf(user, k, node)];
  },
};

const getFavs: Method = {
  name: 'getfavs',
  usage: '<localuser> <count> \'{"max_id":max_id,"since_id":since_id}\'',
  summary: 'Posts that a user has marked as favourites; private ones are opened where the key is here.',
  arity: [2, 3],
  call(params, node) {
    const user = params.text(0);
    const count = params.integer(1);
    const { most, since } = readRange(params.count > 2 ? params.object(2) : {});
    node.swarms.join(user);
    const swarm = node.swarms.swarm(user);
    const found: { readonly time: number; readonly json: RpcObject }[] = [];
    for (const post of swarm === undefined ? [] : newestPosts(swarm, most, since)) {
      if (found.length >= count) break;
      const json = favouriteToJson(post, user, node);
      if (json !== undefined) found.push({ time: post.userpost.getNumber('time') ?? -1, json });
    }
    const sorted = found.sort((left, right) => right.time - left.time);
    return sorted.map(({ json }) => json);
  },
};

/** Methods about posts of less common kinds. */
export const SPECIAL_POST_METHODS: readonly Method[] = [newPostCustom, newShortUrl, getFavs];

/** The fields that every post has stand above those that were given. */
function withFields(header: PostHeader, { entries }: BencodeDict): NewPost {
  const { userpost } = createPost(header, '');
  const isFixed = (key: Uint8Array) => userpost.entries.some(([fixed]) => compareKeys(fixed, key) === 0);
  const all = [...userpost.entries, ...entries.filter(([key]) => !isFixed(key))];
  return { userpost: { entries: all.sort(([left], [right]) => compareKeys(left, right)) } };
}

function favouriteToJson(post: Post, user: string, node: TwisterNode): RpcObject | undefined {
  const flags = flagBits(post);
  if ((flags & FLAG_BITS.fav) === 0) return undefined;
  if ((flags & FLAG_BITS.pfav) !== FLAG_BITS.pfav) return { isPrivate: 0, ...shown(post) };
  const envelope = post.userpost.getDict('pfav');
  const read = envelope === undefined ? undefined : envelopeFromNode(envelope);
  const key = node.signingKey(user);
  if (read?.ok !== true || key === undefined) return undefined;
  const secrets = node.wallet.keys().map(({ secret }) => secret);
  const { opened } = openWithAny(read.envelope, secrets, { profile: 'deployed', backend: node.backend });
  const message = opened === undefined ? undefined : decodeDirectMessage(opened.plaintext);
  if (message?.ok !== true || message.message.kind !== 'private-favourite') return undefined;
  const { comment, sig, userpost } = message.message;
  const { userpost: outer } = post;
  const shownPost = bencodeDict({
    fav: userpost,
    height: outer.getInteger('height'),
    k: outer.getInteger('k'),
    msg: comment ?? '',
    n: outer.getBytes('n'),
    sig_fav: sig,
    time: outer.getInteger('time'),
  });
  const root = decodeBencode(encodeBencode(bencodeDict({ userpost: shownPost }))).value;
  return { isPrivate: 1, ...postToJson(root) };
}

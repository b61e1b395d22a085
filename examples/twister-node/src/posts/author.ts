import { checkPost, heightForPost, type NewPost, type PostHeader, resourcesOf, signPost } from '@rookery/posts';
import { decodeUtf8, type Post } from '@rookery/wire';
import type { TwisterNode } from '../node.ts';
import type { WalletKey } from '../people/wallet.ts';
import { RpcError } from '../rpc/errors.ts';
import { describeRefusal } from './refusals.ts';
import { isPublic, newestPosts } from './shelf.ts';

/** Writes the posts of the own users. */
export class Author {
  readonly #node: TwisterNode;
  /** Numbers that are on their way to disk, so that no second post takes one. */
  readonly #underWay = new Set<string>();

  constructor(node: TwisterNode) {
    this.#node = node;
  }

  /**
   * Signs a post and publishes it: to disk first, then to the swarm, then to where it belongs in the DHT. Throws `RpcError` with what twisterd
   * answers; unlike it, also where the number is taken, as the new post would be lost silently and its author an equivocator.
   */
  async publish(user: string, k: number, make: (header: PostHeader, key: WalletKey) => NewPost): Promise<Post> {
    const key = this.#node.signingKey(user);
    if (key === undefined) throw new RpcError('internal', 'error signing post with private key of user');
    const piece = this.#sign(user, k, (header) => make(header, key), key);
    const { backend, chain, clock } = this.#node;
    const context = { user, k, tip: chain.chain.tip.height, users: chain.chain, now: clock.seconds(), backend };
    const verdict = checkPost(piece, context);
    if (!verdict.ok) throw new RpcError('invalidParams', describeRefusal(verdict.code, user, verdict.detail));
    await this.#publish(user, k, piece);
    this.#putResources(verdict.post, user);
    return verdict.post;
  }

  /** Publishes a piece that somebody else signed. */
  async publishRaw(user: string, k: number, piece: Uint8Array): Promise<void> {
    const { backend, chain, clock } = this.#node;
    const context = { user, k, tip: chain.chain.tip.height, users: chain.chain, now: clock.seconds(), backend };
    const verdict = checkPost(piece, context);
    if (!verdict.ok) throw new RpcError('invalidParams', describeRefusal(verdict.code, user, verdict.detail));
    await this.#publish(user, k, piece);
  }

  #sign(user: string, k: number, make: (header: PostHeader) => NewPost, key: WalletKey): Uint8Array {
    const { backend, chain, clock } = this.#node;
    if (k < 0) throw new RpcError('invalidParams', describeRefusal('too-many-posts', user, ''));
    // A key that is in the last block only is not known at the height that posts usually state.
    const height = Math.max(heightForPost(chain.chain.tip.height), chain.chain.registeredAt(user) ?? 0);
    const lastK = this.#lastPublic(user, k);
    const header = { user, k, height, time: clock.seconds(), ...(lastK === undefined ? {} : { lastK }) };
    try {
      return signPost(make(header), key.secret, { compressed: key.compressed, backend });
    } catch (error) {
      if (error instanceof RangeError) throw new RpcError('invalidParams', describeRefusal('bad-size', user, ''));
      throw error;
    }
  }

  async #publish(user: string, k: number, piece: Uint8Array): Promise<void> {
    const { files, store, swarms } = this.#node;
    const place = `${user}/${k}`;
    swarms.join(user);
    if (this.#underWay.has(place) || swarms.swarm(user)?.piece(k) !== undefined)
      throw new RpcError('invalidParams', `user '${user}' has a post with number ${k}`);
    this.#underWay.add(place);
    try {
      // Nobody may see a post that its author could lose: the next one with this number would make him an equivocator.
      files.write(user, k, piece);
      await store.flush();
      const refusal = swarms.publish(user, k, piece);
      if (refusal === undefined) return;
      files.withdraw(user, k);
      throw new RpcError('invalidParams', describeRefusal('too-many-posts', user, refusal));
    } finally {
      this.#underWay.delete(place);
    }
  }

  /** The latest post before `k` that is for everybody and is no favourite. */
  #lastPublic(user: string, k: number): number | undefined {
    const swarm = this.#node.swarms.swarm(user);
    if (swarm === undefined) return undefined;
    for (const post of newestPosts(swarm, k - 1)) if (isPublic(post)) return post.userpost.getNumber('k');
    return undefined;
  }

  #putResources(post: Post, user: string): void {
    for (const { n, r, seq, t } of resourcesOf(post)) {
      // Multi values must be small; what is too large for one, such as a retweet with a comment, is still in the swarm.
      this.#node.values.put({ n, r, t, v: post.root.toValue(), seq }, user);
      if (t === 's') continue;
      this.#node.log.debug({ n: decodeUtf8(n), r }, 'a post was put into the DHT');
    }
  }
}

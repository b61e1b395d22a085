import { decodeDirectMessage, envelopeFromNode } from '@rookery/ecies';
import { type PostFlag, tokens } from '@rookery/posts';
import type { Post } from '@rookery/wire';
import type { TwisterNode } from '../node.ts';
import { REPLACED } from '../people/wallet.ts';
import { newestPosts, readPost } from './shelf.ts';

/** Looks into every new post for what concerns the own users: direct messages, opened in a worker thread, and mentions. */
export class Inbox {
  readonly #node: TwisterNode;
  /** Over when the message before is delivered: they are opened side by side, and delivered in the order in which they came. */
  #delivered: Promise<unknown> = Promise.resolve();

  constructor(node: TwisterNode) {
    this.#node = node;
  }

  /** A post has come in, or was written here. It stays on the list of those to look into until that is done and on disk. */
  take(user: string, k: number, bytes: Uint8Array, flags: readonly PostFlag[]): void {
    const { files, log } = this.#node;
    const post = readPost(bytes);
    if (post === undefined || !flags.includes('dm')) {
      if (post !== undefined && !flags.includes('pfav')) this.#noteMentions(user, k, post);
      files.settle(user, k);
      return;
    }
    this.openMessage(user, k, post).then(
      () => files.settle(user, k),
      (error: unknown) => log.error({ err: error, user, k }, 'a direct message could not be looked into'),
    );
  }

  /** Looks into what was left when the node stopped. */
  resume(): void {
    const { files } = this.#node;
    for (const [user, k] of files.unsettled()) {
      const bytes = files.storeOf(user).get(k);
      const post = bytes === undefined ? undefined : readPost(bytes);
      if (bytes === undefined || post === undefined) files.settle(user, k);
      else this.take(user, k, bytes, post.userpost.getDict('dm') === undefined ? [] : ['dm']);
    }
  }

  /** Tries to open all direct messages of these users once more, the oldest first. */
  rescan(users: readonly string[]): void {
    const { log, swarms } = this.#node;
    for (const user of users) {
      const swarm = swarms.swarm(user);
      const posts = swarm === undefined ? [] : [...newestPosts(swarm, Number.MAX_SAFE_INTEGER)].reverse();
      for (const post of posts)
        this.openMessage(user, post.userpost.getNumber('k') ?? -1, post).catch((error: unknown) =>
          log.error({ err: error, user }, 'a direct message could not be looked into again'),
        );
    }
  }

  /** Tries to open the direct message in a post with every key of the wallet. */
  async openMessage(author: string, k: number, post: Post): Promise<void> {
    const { pool, wallet } = this.#node;
    const node = post.userpost.getDict('dm');
    const envelope = node === undefined ? undefined : envelopeFromNode(node);
    const keys = wallet.keys();
    if (envelope?.ok !== true || keys.length === 0) return;
    const { body, key, mac, orig } = envelope.envelope;
    const copied = { body: body.slice(), key: key.slice(), mac: mac.slice(), orig };
    const opening = pool.start({ kind: 'open', envelope: copied, secrets: keys.map(({ secret }) => secret) }).result;
    const before = this.#delivered;
    const delivered = opening.then(async (result) => {
      await before;
      if (result.kind !== 'opened') return;
      this.#deliver(author, k, keys[result.index]!.label, post.userpost.getNumber('time') ?? 0, result.plaintext);
    });
    this.#delivered = delivered.catch(() => {});
    await delivered;
  }

  /** Stores a message that was opened with the key of `label`. Rules of `processReceivedDM`: who is not followed is not heard. */
  #deliver(author: string, k: number, label: string, time: number, plaintext: Uint8Array): void {
    const { conversations, following, log } = this.#node;
    const local = label.endsWith(REPLACED) ? label.slice(0, -REPLACED.length) : label;
    const isKnown = following.isKnown(local) || conversations.isKnown(local);
    if (isKnown && !following.follows(local, author)) {
      log.info({ from: author, to: local }, 'a direct message of somebody who is not followed was dropped');
      return;
    }
    const decoded = decodeDirectMessage(plaintext);
    // Messages of groups are not understood yet; they stay in the swarm and can be looked into again.
    if (!decoded.ok || (decoded.message.kind !== 'message' && decoded.message.kind !== 'legacy')) return;
    const { message } = decoded;
    const text = message.kind === 'message' ? message.msg : message.text;
    const to = message.kind === 'message' ? Buffer.from(message.to).toString('utf8') : local;
    if (text.length === 0 || to === '') return;
    const fromMe = author === local;
    conversations.add(local, fromMe ? to : author, { from: author, fromMe, k, time, text });
  }

  /** Keeps a post for each own user whom it mentions and who follows its author. */
  #noteMentions(author: string, k: number, post: Post): void {
    const { following, mentions } = this.#node;
    for (const name of new Set(tokens(post.userpost.getText('msg') ?? '').mentions))
      if (following.follows(name, author)) mentions.add(name, author, k, post.bytes.slice());
  }
}

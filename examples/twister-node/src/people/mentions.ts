import { bencodeDict, decodeBencode, encodeBencode } from '@rookery/wire';
import { keyNumber } from '../names.ts';
import type { Store } from '../store/store.ts';

const PREFIX = 'mention/';

/** The posts that mention an own user, by somebody whom this user follows, in the order in which they came. On disk under `mention/`. */
export class Mentions {
  readonly #store: Store;
  readonly #posts = new Map<string, Uint8Array[]>();
  readonly #seen = new Set<string>();
  #next = 0;

  private constructor(store: Store) {
    this.#store = store;
  }

  static async load(store: Store): Promise<Mentions> {
    const mentions = new Mentions(store);
    for await (const [key, record] of store.entries(PREFIX)) {
      const { value } = decodeBencode(record);
      const local = value.getText('local') ?? '';
      mentions.#insert(local, value.getText('author') ?? '', value.getNumber('k') ?? 0, value.getBytes('post')!);
      mentions.#next = Number(key.slice(PREFIX.length)) + 1;
    }
    return mentions;
  }

  /** Adds a post, unless it is there; posts are told apart by author and number, not by time as twisterd does (weakness W35). */
  add(local: string, author: string, k: number, post: Uint8Array): void {
    if (!this.#insert(local, author, k, post)) return;
    this.#store.put(`${PREFIX}${keyNumber(this.#next)}`, encodeBencode(bencodeDict({ author, k, local, post })));
    this.#next += 1;
  }

  /** The posts that mention a user, the oldest first. */
  of(local: string): readonly Uint8Array[] {
    return this.#posts.get(local) ?? [];
  }

  #insert(local: string, author: string, k: number, post: Uint8Array): boolean {
    const id = `${local}/${author}/${k}`;
    if (this.#seen.has(id)) return false;
    this.#seen.add(id);
    const posts = this.#posts.get(local) ?? [];
    posts.push(post);
    this.#posts.set(local, posts);
    return true;
  }
}

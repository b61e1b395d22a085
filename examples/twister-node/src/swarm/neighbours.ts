import { keyPart, readKeyPart } from '../names.ts';
import type { Store } from '../store/store.ts';

const PREFIX = 'neighbour/';
/** As many swarms as deployed nodes keep active beside those of the users whom somebody there follows. */
const MOST = 25;

/**
 * Users in whose swarms this node takes part only because it is near their targets in the DHT, in the order in which they came. On disk under
 * `neighbour/`. At most 25: for another one the first goes.
 */
export class Neighbours {
  readonly #store: Store;
  readonly #users: Set<string>;
  #next = 0;

  private constructor(store: Store, users: Set<string>, next: number) {
    this.#store = store;
    this.#users = users;
    this.#next = next;
  }

  static async load(store: Store): Promise<Neighbours> {
    const found: (readonly [user: string, order: number])[] = [];
    for await (const [key, record] of store.entries(PREFIX))
      found.push([readKeyPart(key.slice(PREFIX.length)), Number(Buffer.from(record).toString('utf8'))]);
    found.sort(([, left], [, right]) => left - right);
    return new Neighbours(store, new Set(found.map(([user]) => user)), (found.at(-1)?.[1] ?? 0) + 1);
  }

  all(): ReadonlySet<string> {
    return this.#users;
  }

  /** Takes a user in, and gives the one who has to go for that. */
  add(user: string): string | undefined {
    if (this.#users.has(user)) return undefined;
    const [oldest] = this.#users;
    const leaving = this.#users.size < MOST ? undefined : oldest;
    if (leaving !== undefined) {
      this.#users.delete(leaving);
      this.#store.delete(keyOf(leaving));
    }
    this.#users.add(user);
    this.#store.put(keyOf(user), new Uint8Array(Buffer.from(String(this.#next), 'utf8')));
    this.#next += 1;
    return leaving;
  }
}

function keyOf(user: string): string {
  return `${PREFIX}${keyPart(user)}`;
}

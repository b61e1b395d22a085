import { keyPart, readKeyPart } from '../names.ts';
import type { Store } from '../store/store.ts';

const PREFIX = 'follow/';
const NOTHING: Uint8Array = new Uint8Array();

/** Whom the own users follow, on disk under `follow/`. */
export class Following {
  readonly #store: Store;
  readonly #followed = new Map<string, Set<string>>();

  private constructor(store: Store) {
    this.#store = store;
  }

  static async load(store: Store): Promise<Following> {
    const following = new Following(store);
    for await (const [key] of store.entries(PREFIX)) {
      const [local = '', name = ''] = key.slice(PREFIX.length).split('/').map(readKeyPart);
      following.#of(local).add(name);
    }
    return following;
  }

  add(local: string, name: string): void {
    this.#of(local).add(name);
    this.#store.put(keyOf(local, name), NOTHING);
  }

  remove(local: string, name: string): void {
    if (this.#followed.get(local)?.delete(name) === true) this.#store.delete(keyOf(local, name));
  }

  /** Whether a user follows anybody or ever did since the start. */
  isKnown(local: string): boolean {
    return this.#followed.has(local);
  }

  follows(local: string, name: string): boolean {
    return this.#followed.get(local)?.has(name) === true;
  }

  /** Whom a user follows, sorted. */
  of(local: string): string[] {
    return [...(this.#followed.get(local) ?? [])].sort();
  }

  /** Everybody whom anyone follows. */
  all(): ReadonlySet<string> {
    return new Set([...this.#followed.values()].flatMap((names) => [...names]));
  }

  #of(local: string): Set<string> {
    const names = this.#followed.get(local) ?? new Set();
    this.#followed.set(local, names);
    return names;
  }
}

function keyOf(local: string, name: string): string {
  return `${PREFIX}${keyPart(local)}/${keyPart(name)}`;
}

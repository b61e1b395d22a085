import { bytesToHex } from '@noble/hashes/utils.js';
import { numberAfter, parseResource } from './resource.ts';

/** Counts the held posts of each user, for their refresh (DHT-31). As large as what is held. */
export class PostCounts {
  readonly #users = new Map<string, { known: number; newest: number }>();

  /** Counts a single value; only those of resources `post<k>` matter. */
  add(n: Uint8Array, resource: string): void {
    const k = postNumber(resource);
    if (k === undefined) return;
    const key = bytesToHex(n);
    const user = this.#users.get(key) ?? { known: 0, newest: 0 };
    user.known += 1;
    user.newest = Math.max(user.newest, k);
    this.#users.set(key, user);
  }

  /** Takes back what {@link add} counted. The greatest number stays while anything of the user is held. */
  remove(n: Uint8Array, resource: string): void {
    const key = bytesToHex(n);
    const user = this.#users.get(key);
    if (user === undefined || postNumber(resource) === undefined) return;
    user.known -= 1;
    if (user.known === 0) this.#users.delete(key);
  }

  /** How many posts of a user are held, and the greatest number among those that were since the first of them. */
  of(n: Uint8Array): { readonly known: number; readonly newest: number } {
    return this.#users.get(bytesToHex(n)) ?? { known: 0, newest: 0 };
  }
}

function postNumber(resource: string): number | undefined {
  return numberAfter('post', parseResource(resource));
}

import type { PieceStore } from '@rookery/swarm';
import { keyNumber, keyPart, readKeyPart } from '../names.ts';
import type { Store } from '../store/store.ts';

const PIECE = 'piece/';
const UNSETTLED = 'unsettled/';
const NOTHING: Uint8Array = new Uint8Array();

/**
 * The posts of all swarms on disk, under `piece/`, the user and the number; and under `unsettled/` those of which nobody has looked yet whether they
 * concern an own user, written together with them.
 */
export class PieceFiles {
  readonly #store: Store;
  readonly #numbers = new Map<string, number[]>();
  readonly #unsettled: (readonly [user: string, k: number])[] = [];

  private constructor(store: Store) {
    this.#store = store;
  }

  static async load(store: Store): Promise<PieceFiles> {
    const files = new PieceFiles(store);
    for await (const [key] of store.entries(PIECE)) {
      const [user, k] = readPlace(key.slice(PIECE.length));
      const numbers = files.#numbers.get(user) ?? [];
      numbers.push(k);
      files.#numbers.set(user, numbers);
    }
    for await (const [key] of store.entries(UNSETTLED)) files.#unsettled.push(readPlace(key.slice(UNSETTLED.length)));
    return files;
  }

  /** Users of whom there were posts at the start. */
  users(): string[] {
    return [...this.#numbers.keys()];
  }

  /** The posts of one user as a swarm wants them. */
  storeOf(user: string): PieceStore {
    return {
      numbers: () => this.#numbers.get(user) ?? [],
      get: (k) => this.#store.get(PIECE + place(user, k)),
      put: (k, bytes) => this.write(user, k, bytes),
    };
  }

  /** Keeps a post and notes that somebody has to look into it. */
  write(user: string, k: number, bytes: Uint8Array): void {
    this.#store.put(PIECE + place(user, k), bytes);
    this.#store.put(UNSETTLED + place(user, k), NOTHING);
  }

  /** Gives up posts of a user whose swarm this node has left. */
  forget(user: string, numbers: readonly number[]): void {
    this.#numbers.delete(user);
    for (const k of numbers) this.withdraw(user, k);
  }

  /** Removes a post: one that nobody has seen, or that nobody here wants. */
  withdraw(user: string, k: number): void {
    this.#store.delete(PIECE + place(user, k));
    this.settle(user, k);
  }

  /** Posts into which nobody had looked when the node stopped; told once. */
  unsettled(): (readonly [user: string, k: number])[] {
    return this.#unsettled.splice(0);
  }

  settle(user: string, k: number): void {
    this.#store.delete(UNSETTLED + place(user, k));
  }
}

function place(user: string, k: number): string {
  return `${keyPart(user)}/${keyNumber(k)}`;
}

function readPlace(text: string): readonly [user: string, k: number] {
  const [user = '', k] = text.split('/');
  return [readKeyPart(user), Number(k)];
}

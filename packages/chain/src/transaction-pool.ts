import { bytesToHex } from '@noble/hashes/utils.js';
import type { Transaction } from '@rookery/wire';
import { compareHashes } from './target.ts';

/** A registration that waits for a block. */
export interface PooledTransaction {
  /** 32 bytes in wire order. */
  readonly id: Uint8Array;
  readonly name: string;
  readonly transaction: Transaction;
  /** Its encoding. */
  readonly bytes: Uint8Array;
}

/**
 * Registrations that wait for a block, several of one name side by side (CHAIN-45, CHAIN-60). Judges nothing.
 * At most `capacity`: the one with the largest id, so the one with the least work, goes first (CHAIN-65).
 */
export class TransactionPool {
  readonly #capacity: number;
  readonly #pooled = new Map<string, PooledTransaction>();
  readonly #byName = new Map<string, PooledTransaction[]>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#pooled.size;
  }

  get(id: Uint8Array): PooledTransaction | undefined {
    return this.#pooled.get(bytesToHex(id));
  }

  /** Keeps a registration; false where the pool is full of ones with smaller ids. */
  add(pooled: PooledTransaction): boolean {
    if (this.#pooled.size >= this.#capacity) {
      const largest = this.#largest();
      if (largest === undefined || compareHashes(largest.id, pooled.id) <= 0) return false;
      this.remove(largest.id);
    }
    this.#pooled.set(bytesToHex(pooled.id), pooled);
    const rivals = this.#byName.get(pooled.name);
    if (rivals === undefined) this.#byName.set(pooled.name, [pooled]);
    else rivals.push(pooled);
    return true;
  }

  /** Forgets a registration. */
  remove(id: Uint8Array): void {
    const key = bytesToHex(id);
    const pooled = this.#pooled.get(key);
    if (pooled === undefined) return;
    this.#pooled.delete(key);
    const rivals = (this.#byName.get(pooled.name) ?? []).filter((rival) => rival !== pooled);
    if (rivals.length === 0) this.#byName.delete(pooled.name);
    else this.#byName.set(pooled.name, rivals);
  }

  /** The registrations of a name. */
  ofName(name: string): readonly PooledTransaction[] {
    return this.#byName.get(name) ?? [];
  }

  /** Everything, by rising id as a number: the order in which miners take them (CHAIN-55). */
  sorted(): PooledTransaction[] {
    return [...this.#pooled.values()].sort((left, right) => compareHashes(left.id, right.id));
  }

  #largest(): PooledTransaction | undefined {
    let largest: PooledTransaction | undefined;
    for (const pooled of this.#pooled.values())
      if (largest === undefined || compareHashes(pooled.id, largest.id) > 0) largest = pooled;
    return largest;
  }
}

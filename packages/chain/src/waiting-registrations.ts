import type { CurveBackend } from '@rookery/keys';
import { decodeTransaction, encodeTransaction, type Network, type Transaction, transactionId } from '@rookery/wire';
import type { BlockBytes } from './block-bytes.ts';
import type { BlockEntry } from './block-entry.ts';
import { type ChainEffect, refusal, rejected } from './chain-effect.ts';
import type { EngineLimits } from './limits.ts';
import { checkPoolTransaction } from './pool.ts';
import { RateMeter } from './rate-meter.ts';
import { checkReplacement, readRegistration } from './registration.ts';
import { type PooledTransaction, TransactionPool } from './transaction-pool.ts';
import type { UserIndex } from './user-index.ts';

const MS = 1000;

/** What decides which registrations may wait. */
interface PoolParts {
  readonly network: Network;
  /** The users of the active chain. */
  readonly users: UserIndex;
  readonly backend: CurveBackend | undefined;
  readonly limits: EngineLimits;
}

/** The registrations that wait for a block, kept in line with the active chain (CHAIN-65). */
export class WaitingRegistrations {
  readonly #parts: PoolParts;
  readonly #pool: TransactionPool;
  readonly #rate: RateMeter;

  constructor(parts: PoolParts) {
    this.#parts = parts;
    this.#pool = new TransactionPool(parts.limits.poolTransactions);
    this.#rate = new RateMeter(parts.limits.poolRateSeconds * MS);
  }

  /** Encoding of a registration that waits. */
  get(id: Uint8Array): Uint8Array | undefined {
    return this.#pool.get(id)?.bytes;
  }

  /** Everything, by rising id as a number. */
  sorted(): PooledTransaction[] {
    return this.#pool.sorted();
  }

  /** Judges a transaction and lets it wait; `rateNow` is undefined for one that does not count against the rate. */
  add(transaction: Transaction, rateNow: number | undefined): ChainEffect {
    const { backend, limits, network, users } = this.#parts;
    const id = transactionId(transaction);
    if (this.#pool.get(id) !== undefined) return rejected(id, 'duplicate', 'the transaction waits already');
    const name = readRegistration(transaction).name ?? '';
    const checked = checkPoolTransaction(transaction, { network, current: users.current(name), backend });
    if (!checked.ok) return refusal(id, checked);
    if (rateNow !== undefined && this.#rate.at(rateNow) >= limits.poolRateBytes)
      return rejected(id, 'rate-limited', 'too many transactions have come in of late');
    const bytes = encodeTransaction(transaction);
    const kept = decodeTransaction(bytes).value;
    if (!this.#pool.add({ id, name, transaction: kept, bytes }))
      return rejected(id, 'pool-full', 'the pool is full of transactions with more work');
    if (rateNow !== undefined) this.#rate.add(bytes.length, rateNow);
    return { type: 'pooled', id, bytes };
  }

  /** Takes out what was mined or lost its name, and lets registrations of blocks that left wait again. */
  follow(left: readonly BlockEntry[], joined: readonly BlockEntry[], blocks: BlockBytes): void {
    const touched = new Set<string>();
    for (const { registrations } of joined) {
      for (const { name, registration } of registrations) {
        this.#pool.remove(registration.id);
        touched.add(name);
      }
    }
    for (const { registrations } of left) for (const { name } of registrations) touched.add(name);
    for (const name of touched) this.#dropLosers(name);
    for (const entry of left)
      for (const transaction of blocks.block(entry)?.transactions.slice(1) ?? []) this.add(transaction, undefined);
  }

  /** Where a name is registered, only what replaces its key can still be mined. */
  #dropLosers(name: string): void {
    const { backend, users } = this.#parts;
    const current = users.current(name);
    if (current === undefined) return;
    const { publicKey } = current;
    for (const { id, transaction } of this.#pool.ofName(name))
      if (publicKey === undefined || !checkReplacement(transaction, publicKey, backend).ok) this.#pool.remove(id);
  }
}

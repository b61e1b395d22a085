import {
  type Block,
  encodeBlock,
  encodeScript,
  encodeTransaction,
  merkleRoot,
  type Network,
  parseScriptItems,
  type Transaction,
  transactionId,
} from '@rookery/wire';
import type { PowHash } from './pow-hash.ts';
import {
  isSearchOver,
  type NonceRange,
  startBlockSearch,
  startRegistrationSearch,
  stepBlockSearch,
  stepRegistrationSearch,
  type WorkSearch,
} from './search.ts';
import { nextCounter } from './template.ts';

/** How far a miner came in one step. */
export interface MinerStep {
  /** The encoding of what shows its work now; undefined while there is none. */
  readonly found: Uint8Array | undefined;
  /** Nonces tried in this step. */
  readonly tried: number;
  /** Whether there is nothing left to do: the work is found, or every nonce was tried. */
  readonly over: boolean;
}

/** How a {@link BlockMiner} is set up. */
export interface BlockMinerOptions {
  /** The nonces that this miner tries; several miners may share them out. Default all. */
  readonly range?: NonceRange | undefined;
  /** Default: scrypt in JavaScript. */
  readonly powHash?: PowHash | undefined;
}

/**
 * Searches the work of a block in steps that an application drives, in a worker thread or between other things (CHAIN-55).
 * When the nonces of its range are spent it raises the counter in the promotion and begins them anew, so that it is over
 * only when it has found. The block's time is left alone: take a new template when the tip or the time has moved on.
 */
export class BlockMiner {
  readonly #range: NonceRange;
  readonly #powHash: PowHash | undefined;
  #block: Block;
  #search: WorkSearch<Block['header']>;

  /** Throws `RangeError` for a block without a promotion, bits that no work can meet, or a bad range. */
  constructor(template: Block, { range = {}, powHash }: BlockMinerOptions = {}) {
    if (template.transactions.length === 0) throw new RangeError('a block begins with a promotion');
    this.#range = range;
    this.#powHash = powHash;
    this.#block = template;
    this.#search = startBlockSearch(template.header, range);
  }

  /** Tries up to `tries` nonces more; a positive integer. */
  step(tries: number): MinerStep {
    if (this.#search.found === undefined && isSearchOver(this.#search)) {
      this.#block = withNextCounter(this.#block);
      this.#search = startBlockSearch(this.#block.header, this.#range);
    }
    const before = this.#search.next;
    this.#search = stepBlockSearch(this.#search, tries, this.#powHash);
    const { found: header, next } = this.#search;
    const found = header === undefined ? undefined : encodeBlock({ ...this.#block, header });
    return { found, tried: next - before, over: found !== undefined };
  }
}

/** Searches the work of a registration in steps that an application drives (CHAIN-52). */
export class RegistrationMiner {
  #search: WorkSearch<Transaction>;

  /** `range`: the nonces that this miner tries, default all. Throws `TypeError` for a promotion, `RangeError` for a bad range. */
  constructor(transaction: Transaction, network: Network, range: NonceRange = {}) {
    this.#search = startRegistrationSearch(transaction, network, range);
  }

  /** Tries up to `tries` nonces more; a positive integer. */
  step(tries: number): MinerStep {
    const before = this.#search.next;
    this.#search = stepRegistrationSearch(this.#search, tries);
    const { found: transaction, next } = this.#search;
    const found = transaction === undefined ? undefined : encodeTransaction(transaction);
    return { found, tried: next - before, over: isSearchOver(this.#search) };
  }
}

/** The same block with the next counter in its promotion, which only sets it apart (CHAIN-54). */
function withNextCounter({ header, transactions }: Block): Block {
  const [promotion, ...registrations] = transactions;
  const [counter, ...rest] = parseScriptItems(promotion!.pubKey) ?? [];
  const pubKey = encodeScript([nextCounter(counter ?? new Uint8Array()), ...rest]);
  const changed = [{ ...promotion!, pubKey }, ...registrations];
  return { header: { ...header, merkleRoot: merkleRoot(changed.map(transactionId)) }, transactions: changed };
}

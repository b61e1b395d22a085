import type { BlockSource, Chain, ChainEffect } from '@rookery/chain';
import type { Logger } from '../log.ts';
import { keyNumber } from '../names.ts';
import { startProgress } from '../progress.ts';
import type { Store } from '../store/store.ts';

const ORDER = 'order/';
const OWN = 'own-transaction/';
/** Blocks between two looks at everything else while the chain is read. */
const SLICE = 500;

/**
 * The blocks on disk: their bytes under `block/`, the order in which they were accepted under `order/`, the tip under `tip`. The user index is made of
 * them again at the start, so it cannot differ from them. Registrations that this node sent wait under `own-transaction/`.
 */
export class BlockArchive implements BlockSource {
  readonly #store: Store;
  readonly #log: Logger;
  readonly #own = new Map<string, Uint8Array>();
  #next = 0;

  constructor(store: Store, log: Logger) {
    this.#store = store;
    this.#log = log;
  }

  blockBytes(id: Uint8Array): Uint8Array | undefined {
    return this.#store.get(blockKey(id));
  }

  /** Keeps what an effect says has to be kept. */
  record(effect: ChainEffect): void {
    if (effect.type === 'accepted') {
      this.#store.put(blockKey(effect.id), effect.bytes);
      this.#store.put(`${ORDER}${keyNumber(this.#next)}`, effect.id);
      this.#next += 1;
    } else if (effect.type === 'tip') {
      this.#store.put('tip', effect.id);
    }
  }

  /** Keeps a registration until it is mined, so that it is offered again after a restart. */
  keepTransaction(id: Uint8Array, bytes: Uint8Array): void {
    this.#own.set(hexOf(id), bytes);
    this.#store.put(`${OWN}${hexOf(id)}`, bytes);
  }

  forgetTransaction(id: Uint8Array): void {
    if (this.#own.delete(hexOf(id))) this.#store.delete(`${OWN}${hexOf(id)}`);
  }

  /** Registrations of this node that are not mined yet: new peers are to be told of them. */
  ownTransactions(): Uint8Array[] {
    return [...this.#own.values()];
  }

  /** Hands the chain all that is kept. What is damaged is left out, and asked of peers later. */
  async replay(chain: Chain, now: number): Promise<void> {
    const ids: Uint8Array[] = [];
    for await (const [key, id] of this.#store.entries(ORDER)) {
      ids.push(id);
      this.#next = Number(key.slice(ORDER.length)) + 1;
    }
    const progress = startProgress('reading the chain', this.#log);
    for (const [done, id] of ids.entries()) {
      const bytes = this.blockBytes(id);
      if (bytes === undefined) this.#log.warn({ id: hexOf(id) }, 'a block is missing on disk');
      else chain.addBlock(bytes, now, { trusted: true });
      if (done % SLICE !== SLICE - 1) continue;
      progress.update(done, ids.length);
      await new Promise((resolve) => setImmediate(resolve));
    }
    progress.stop();
    for await (const [key, bytes] of this.#store.entries(OWN)) {
      this.#own.set(key.slice(OWN.length), bytes);
      chain.addTransaction(bytes, now, { local: true });
    }
  }
}

function blockKey(id: Uint8Array): string {
  return `block/${hexOf(id)}`;
}

function hexOf(id: Uint8Array): string {
  return Buffer.from(id).toString('hex');
}

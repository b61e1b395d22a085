import { type Block, decodeBlock } from '@rookery/wire';
import type { BlockEntry } from './block-entry.ts';

/** Where the bytes of accepted blocks can be read back; an application that has none keeps them in the chain's memory. */
export interface BlockSource {
  /** The encoding of an accepted block, or undefined where it is not at hand. */
  blockBytes(id: Uint8Array): Uint8Array | undefined;
}

/**
 * The encodings of blocks. Without a {@link BlockSource} all are kept; with one, those of the newest blocks of the active chain and
 * of the blocks that were never connected, which the source need not have.
 */
export class BlockBytes {
  readonly #bytes = new Map<string, Uint8Array>();
  readonly #source: BlockSource | undefined;

  constructor(source: BlockSource | undefined) {
    this.#source = source;
  }

  keep({ key }: BlockEntry, bytes: Uint8Array): void {
    this.#bytes.set(key, bytes);
  }

  /** Forgets a block that is no longer stored. */
  forget({ key }: BlockEntry): void {
    this.#bytes.delete(key);
  }

  /** Leaves a block that is accepted to the source, if there is one. */
  leaveToSource({ height, key }: BlockEntry): void {
    if (this.#source !== undefined && height > 0) this.#bytes.delete(key);
  }

  get(entry: BlockEntry): Uint8Array | undefined {
    return this.#bytes.get(entry.key) ?? this.#source?.blockBytes(entry.id);
  }

  block(entry: BlockEntry): Block | undefined {
    const bytes = this.get(entry);
    return bytes === undefined ? undefined : decodeBlock(bytes).value;
  }
}

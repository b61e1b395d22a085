import { bytesToHex } from '@noble/hashes/utils.js';
import type { Block } from '@rookery/wire';

/** A block that is valid by itself and whose parent is not known. */
export interface OrphanBlock {
  /** 32 bytes in wire order. */
  readonly id: Uint8Array;
  readonly block: Block;
  /** Ids of its transactions. */
  readonly transactionIds: readonly Uint8Array[];
  /** Its encoding. */
  readonly bytes: Uint8Array;
}

/** An orphan with the ids that it is looked up by, in hexadecimal. */
interface Waiting {
  readonly orphan: OrphanBlock;
  readonly key: string;
  readonly parentKey: string;
}

/**
 * Blocks that wait for their parent (CHAIN-63). At most `capacity`; the one that has waited longest goes first when another comes.
 */
export class OrphanBlocks {
  readonly #capacity: number;
  readonly #orphans = new Map<string, Waiting>();
  readonly #byParent = new Map<string, Waiting[]>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#orphans.size;
  }

  has(id: Uint8Array): boolean {
    return this.#orphans.has(bytesToHex(id));
  }

  /** Keeps an orphan; false where there is no place for any. */
  add(orphan: OrphanBlock): boolean {
    if (this.#capacity < 1) return false;
    if (this.#orphans.size >= this.#capacity) {
      const [oldest] = this.#orphans.values();
      if (oldest !== undefined) this.#remove(oldest);
    }
    const waiting = { orphan, key: bytesToHex(orphan.id), parentKey: bytesToHex(orphan.block.header.prev) };
    this.#orphans.set(waiting.key, waiting);
    const siblings = this.#byParent.get(waiting.parentKey);
    if (siblings === undefined) this.#byParent.set(waiting.parentKey, [waiting]);
    else siblings.push(waiting);
    return true;
  }

  /** Hands out the orphans that wait for this block, first come first, and forgets them. */
  takeChildrenOf(id: Uint8Array): readonly OrphanBlock[] {
    const key = bytesToHex(id);
    const children = this.#byParent.get(key) ?? [];
    this.#byParent.delete(key);
    for (const child of children) this.#orphans.delete(child.key);
    return children.map(({ orphan }) => orphan);
  }

  /** The orphan at the bottom of the ones that `id` stands on, itself included; undefined where it is no orphan. */
  rootOf(id: Uint8Array): OrphanBlock | undefined {
    let root = this.#orphans.get(bytesToHex(id));
    for (let below = root; below !== undefined; below = this.#orphans.get(below.parentKey)) root = below;
    return root?.orphan;
  }

  #remove({ key, parentKey }: Waiting): void {
    this.#orphans.delete(key);
    const siblings = (this.#byParent.get(parentKey) ?? []).filter((sibling) => sibling.key !== key);
    if (siblings.length === 0) this.#byParent.delete(parentKey);
    else this.#byParent.set(parentKey, siblings);
  }
}

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

/**
 * Blocks that wait for their parent (CHAIN-63). At most `capacity`; the one that has waited longest goes first when another comes.
 */
export class OrphanBlocks {
  readonly #capacity: number;
  readonly #orphans = new Map<string, OrphanBlock>();
  readonly #byParent = new Map<string, OrphanBlock[]>();

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
    this.#orphans.set(bytesToHex(orphan.id), orphan);
    const parent = bytesToHex(orphan.block.header.prev);
    const siblings = this.#byParent.get(parent);
    if (siblings === undefined) this.#byParent.set(parent, [orphan]);
    else siblings.push(orphan);
    return true;
  }

  /** Hands out the orphans that wait for this block, first come first, and forgets them. */
  takeChildrenOf(id: Uint8Array): readonly OrphanBlock[] {
    const key = bytesToHex(id);
    const children = this.#byParent.get(key) ?? [];
    this.#byParent.delete(key);
    for (const child of children) this.#orphans.delete(bytesToHex(child.id));
    return children;
  }

  /** The orphan at the bottom of the ones that `id` stands on, itself included; undefined where it is no orphan. */
  rootOf(id: Uint8Array): OrphanBlock | undefined {
    let root = this.#orphans.get(bytesToHex(id));
    for (let below = root; below !== undefined; below = this.#orphans.get(bytesToHex(below.block.header.prev)))
      root = below;
    return root;
  }

  #remove(orphan: OrphanBlock): void {
    this.#orphans.delete(bytesToHex(orphan.id));
    const parent = bytesToHex(orphan.block.header.prev);
    const siblings = (this.#byParent.get(parent) ?? []).filter((sibling) => sibling !== orphan);
    if (siblings.length === 0) this.#byParent.delete(parent);
    else this.#byParent.set(parent, siblings);
  }
}

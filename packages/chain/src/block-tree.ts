import { bytesToHex } from '@noble/hashes/utils.js';
import type { Network } from '@rookery/wire';
import { LIMIT_BITS } from './bits.ts';
import type { BlockEntry } from './block-entry.ts';
import { isRetarget } from './difficulty.ts';
import type { ParentBlock } from './header-context.ts';
import { CHAIN_LIMITS } from './limits.ts';
import { compareHashes } from './target.ts';

/**
 * Every block that is stored, and which of them are the active chain. Judges nothing.
 * Blocks beside the active chain are counted, so that an engine can bound them; see {@link BlockTree.lightestLeaf}.
 */
export class BlockTree {
  readonly #entries = new Map<string, BlockEntry>();
  readonly #active: BlockEntry[];
  readonly #side = new Map<string, BlockEntry>();

  constructor(genesis: BlockEntry) {
    this.#entries.set(genesis.key, genesis);
    this.#active = [genesis];
  }

  /** The last block of the active chain. */
  get tip(): BlockEntry {
    return this.#active[this.#active.length - 1]!;
  }

  /** Blocks beside the active chain. */
  get sideCount(): number {
    return this.#side.size;
  }

  get(id: Uint8Array): BlockEntry | undefined {
    return this.#entries.get(bytesToHex(id));
  }

  /** The block of the active chain at a height. */
  at(height: number): BlockEntry | undefined {
    return this.#active[height];
  }

  /** The block at a height on the branch that ends with `entry`; undefined above it. */
  ancestor(entry: BlockEntry, height: number): BlockEntry | undefined {
    let at: BlockEntry | undefined = entry;
    while (at !== undefined && at.height > height && !this.isActive(at)) at = at.parent;
    return at === undefined || at.height === height ? at : this.#active[height];
  }

  isActive(entry: BlockEntry): boolean {
    return this.#active[entry.height] === entry;
  }

  /** Stores a block beside the active chain. */
  add(entry: BlockEntry): void {
    this.#entries.set(entry.key, entry);
    this.#side.set(entry.key, entry);
    if (entry.parent !== undefined) entry.parent.children += 1;
  }

  /** Makes the branch that ends with `tip` the active chain: the old blocks above the fork leave, the new ones join. */
  activate(tip: BlockEntry): void {
    const path = this.branch(tip);
    const fork = tip.height - path.length;
    for (const left of this.#active.splice(fork + 1)) this.#side.set(left.key, left);
    for (const joined of path) {
      this.#side.delete(joined.key);
      this.#active.push(joined);
    }
  }

  /** The blocks from above the fork with the active chain up to `tip`, upwards. */
  branch(tip: BlockEntry): BlockEntry[] {
    const path: BlockEntry[] = [];
    for (let at: BlockEntry | undefined = tip; at !== undefined && !this.isActive(at); at = at.parent) path.push(at);
    return path.reverse();
  }

  /** Marks a block beside the active chain, and all that stand on it, as never to be connected; gives all of them. */
  fail(entry: BlockEntry): BlockEntry[] {
    entry.verdict = 'failed';
    const failed = [entry];
    for (const side of this.#side.values()) {
      if (side.verdict === 'failed' || side.parent?.verdict !== 'failed') continue;
      side.verdict = 'failed';
      failed.push(side);
    }
    return failed;
  }

  /**
   * Of the blocks beside the active chain that carry no other, the one to forget first: one that failed, or else the newest
   * of those whose chains have the least work.
   */
  lightestLeaf(): BlockEntry | undefined {
    let lightest: BlockEntry | undefined;
    for (const entry of this.#side.values()) {
      if (entry.children > 0) continue;
      if (entry.verdict === 'failed') return entry;
      if (lightest === undefined || entry.work <= lightest.work) lightest = entry;
    }
    return lightest;
  }

  /** Forgets a block beside the active chain that carries no other. */
  remove(leaf: BlockEntry): void {
    if (leaf.children > 0 || !this.#side.delete(leaf.key)) throw new RangeError('only a leaf beside the chain can go');
    this.#entries.delete(leaf.key);
    if (leaf.parent !== undefined) leaf.parent.children -= 1;
  }

  /** What the header rules ask about the block that a new one builds on. */
  parentBlock(entry: BlockEntry, network: Network): ParentBlock {
    const times = recentTimes(entry);
    const context = { height: entry.height, bits: entry.header.bits, times };
    if (isRetarget(network, entry.height)) return { ...context, firstTime: firstTimeOf(entry) };
    return network === 'testnet' ? { ...context, lastBits: lastHarderBits(entry) } : context;
  }
}

/** Times of a block and of up to ten before it, its own last (CHAIN-9). */
export function recentTimes(entry: BlockEntry): number[] {
  const times: number[] = [];
  for (
    let at: BlockEntry | undefined = entry;
    at !== undefined && times.length < CHAIN_LIMITS.medianTimes;
    at = at.parent
  )
    times.push(at.header.time);
  return times.reverse();
}

/** Time of the block 2,015 steps before the last of an interval (CHAIN-7). */
function firstTimeOf(last: BlockEntry): number {
  let first = last;
  for (let step = 1; step < CHAIN_LIMITS.retargetBlocks && first.parent !== undefined; step += 1) first = first.parent;
  return first.header.time;
}

/** Bits of the last block of the interval that are not the limit's (CHAIN-8). */
function lastHarderBits(entry: BlockEntry): number {
  let at = entry;
  while (at.header.bits === LIMIT_BITS && at.height % CHAIN_LIMITS.retargetBlocks !== 0 && at.parent !== undefined)
    at = at.parent;
  return at.header.bits;
}

/** Whether two ids, 32 bytes each, are the same. */
export function equalIds(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && compareHashes(left, right) === 0;
}

import { type Block, type BlockHeader, buildPartialMerkle, encodeMerkleBlock, transactionId } from '@rookery/wire';
import { equalIds } from '../block-tree.ts';
import type { Chain } from '../chain.ts';
import type { PeerLimits } from '../limits.ts';
import type { BloomFilter } from './bloom-filter.ts';

/** Height of the first block of a locator that is of the active chain; 0 where none is (CHAIN-77). Looks at `most` of them. */
function heightOfLocator(chain: Chain, locator: readonly Uint8Array[], most: number): number {
  for (const id of locator.slice(0, most)) {
    const height = chain.heightOf(id);
    if (height !== undefined) return height;
  }
  return 0;
}

/** Ids of the blocks of the active chain after a locator, without `stop` and what follows it, 500 at most (CHAIN-77). */
export function blocksAfter(
  chain: Chain,
  locator: readonly Uint8Array[],
  stop: Uint8Array,
  { blocksTold, locatorHashes }: PeerLimits,
): Uint8Array[] {
  const ids: Uint8Array[] = [];
  for (let height = heightOfLocator(chain, locator, locatorHashes) + 1; ids.length < blocksTold; height += 1) {
    const id = chain.blockIdAt(height);
    if (id === undefined || equalIds(id, stop)) break;
    ids.push(id);
  }
  return ids;
}

/**
 * Headers of the active chain after a locator, with `stop` as the last, 2,000 at most (CHAIN-78). An empty locator asks for
 * the header of the stored block `stop` alone; undefined where that is not stored.
 */
export function headersAfter(
  chain: Chain,
  locator: readonly Uint8Array[],
  stop: Uint8Array,
  { headersTold, locatorHashes }: PeerLimits,
): BlockHeader[] | undefined {
  if (locator.length === 0) {
    const header = chain.header(stop);
    return header === undefined ? undefined : [header];
  }
  const headers: BlockHeader[] = [];
  for (let height = heightOfLocator(chain, locator, locatorHashes) + 1; headers.length < headersTold; height += 1) {
    const id = chain.blockIdAt(height);
    const header = id === undefined ? undefined : chain.header(id);
    if (id === undefined || header === undefined) break;
    headers.push(header);
    if (equalIds(id, stop)) break;
  }
  return headers;
}

/** The payload of `merkleblock` for a filter, and places of the transactions that match: the promotion always does (CHAIN-80). */
export function filterBlock(
  block: Block,
  filter: BloomFilter,
): { payload: Uint8Array; matched: readonly number[]; ids: readonly Uint8Array[] } {
  const ids = block.transactions.map(transactionId);
  const marks = ids.map((id, index) => index === 0 || filter.contains(id));
  const payload = encodeMerkleBlock({ header: block.header, ...buildPartialMerkle(ids, marks) });
  return { payload, ids, matched: [...marks.keys()].filter((index) => marks[index]) };
}

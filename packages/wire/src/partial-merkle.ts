import { WireError } from './errors.ts';
import { WIRE_LIMITS } from './limits.ts';
import { hashPair, parents } from './merkle.ts';

/** The part of a Merkle tree that proves some of its transactions (WIRE-16; BIP 37). */
export interface PartialMerkle {
  /** Transactions of the block, 1…833. */
  readonly totalTx: number;
  /** Nodes in the order of a walk from the root, left before right; 32 bytes each. */
  readonly hashes: readonly Uint8Array[];
  /** One bit a visited node, the lowest bit of each byte first: set where a match lies below. */
  readonly flags: Uint8Array;
}

/** What a partial tree proves: the root that it implies and the transactions that it marks. */
export interface PartialMerkleContent {
  /** 32 bytes in wire order; worth nothing until it equals the root of a header that is trusted. */
  readonly root: Uint8Array;
  /** The marked transactions by rising index. */
  readonly matches: readonly { readonly index: number; readonly txId: Uint8Array }[];
}

/**
 * Walks a partial tree and returns its root and matches (WIRE-16).
 * Throws {@link WireError} `bad-merkle-proof`, the offset being a byte of `flags`, for no or more than 833 transactions, more
 * hashes than transactions, fewer bits than hashes, and bits or hashes that run out or are left over.
 * As in deployed nodes, padding bits may be set and equal children are no fault.
 */
export function extractPartialMerkle(tree: PartialMerkle): PartialMerkleContent {
  const { totalTx, hashes, flags } = tree;
  const most = WIRE_LIMITS.partialTreeTransactions;
  if (!(totalTx >= 1 && totalTx <= most)) throw badProof(0, `a tree over ${totalTx} transactions, not 1 to ${most}`);
  if (hashes.length > totalTx) throw badProof(0, `${hashes.length} hashes for ${totalTx} transactions`);
  if (flags.length * 8 < hashes.length) throw badProof(0, `${flags.length} flag bytes for ${hashes.length} hashes`);

  let bitsUsed = 0;
  let hashesUsed = 0;
  const matches: { index: number; txId: Uint8Array }[] = [];
  const walk = (height: number, index: number): Uint8Array => {
    const byte = flags[bitsUsed >> 3];
    if (byte === undefined) throw badProof(flags.length, 'the flag bits run out');
    const matched = ((byte >> (bitsUsed & 7)) & 1) === 1;
    bitsUsed += 1;
    if (height === 0 || !matched) {
      const hash = hashes[hashesUsed];
      if (hash === undefined) throw badProof((bitsUsed - 1) >> 3, 'the hashes run out');
      hashesUsed += 1;
      if (matched) matches.push({ index, txId: hash });
      return hash;
    }
    const left = walk(height - 1, 2 * index);
    const right = 2 * index + 1 < widthAt(totalTx, height - 1) ? walk(height - 1, 2 * index + 1) : left;
    return hashPair(left, right);
  };
  const root = walk(heightOf(totalTx), 0);

  const bytesUsed = (bitsUsed + 7) >> 3;
  if (bytesUsed !== flags.length) throw badProof(bytesUsed, `${flags.length - bytesUsed} flag bytes are left over`);
  if (hashesUsed !== hashes.length) {
    throw badProof(bytesUsed, `${hashes.length - hashesUsed} hashes are left over`);
  }
  return { root, matches };
}

/**
 * Builds the partial tree that proves the ids marked in `matched` (WIRE-16), as deployed nodes build it.
 * Throws `RangeError` for an empty list or lists of different lengths. Above 833 ids no deployed node reads the result.
 */
export function buildPartialMerkle(ids: readonly Uint8Array[], matched: readonly boolean[]): PartialMerkle {
  if (ids.length === 0 || ids.length !== matched.length) {
    throw new RangeError(`${matched.length} marks for ${ids.length} ids, at least one`);
  }
  const levels: { readonly nodes: readonly Uint8Array[]; readonly marks: readonly boolean[] }[] = [];
  for (let nodes = ids, marks = matched; ; nodes = parents(nodes), marks = pairwiseOr(marks)) {
    levels.push({ nodes, marks });
    if (nodes.length === 1) break;
  }

  const bits: boolean[] = [];
  const hashes: Uint8Array[] = [];
  const walk = (height: number, index: number): void => {
    const { nodes, marks } = levels[height]!;
    const matches = marks[index] === true;
    bits.push(matches);
    if (height === 0 || !matches) {
      hashes.push(nodes[index]!);
      return;
    }
    walk(height - 1, 2 * index);
    if (2 * index + 1 < levels[height - 1]!.nodes.length) walk(height - 1, 2 * index + 1);
  };
  walk(levels.length - 1, 0);

  const flags = new Uint8Array(Math.ceil(bits.length / 8));
  for (const [index, bit] of bits.entries()) if (bit) flags[index >> 3]! |= 1 << (index & 7);
  return { totalTx: ids.length, hashes, flags };
}

function widthAt(leaves: number, height: number): number {
  return (leaves + 2 ** height - 1) >> height;
}

function heightOf(leaves: number): number {
  let height = 0;
  while (widthAt(leaves, height) > 1) height += 1;
  return height;
}

function pairwiseOr(marks: readonly boolean[]): boolean[] {
  const above: boolean[] = [];
  for (let index = 0; index < marks.length; index += 2) above.push(marks[index] === true || marks[index + 1] === true);
  return above;
}

function badProof(offset: number, detail: string): WireError {
  return new WireError('bad-merkle-proof', offset, detail);
}

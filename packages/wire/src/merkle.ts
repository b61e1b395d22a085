import { sha256d } from './hash.ts';
import { WIRE_LIMITS } from './limits.ts';

/** Two nodes side by side, overwritten by every hash of a pair. */
const PAIR: Uint8Array = /* @__PURE__ */ new Uint8Array(2 * WIRE_LIMITS.hashBytes);

/**
 * The root of the Merkle tree over transaction ids, 32 bytes in wire order (WIRE-15).
 * An odd node is paired with itself; the root of one id is that id. Throws `RangeError` for an empty list.
 * Two lists that differ only in a repeated tail have the same root, so block rules refuse equal ids as well.
 */
export function merkleRoot(ids: readonly Uint8Array[]): Uint8Array {
  if (ids.length === 0) throw new RangeError('a Merkle tree needs at least one transaction id');
  let level = ids;
  while (level.length > 1) level = parents(level);
  return level[0]!;
}

/**
 * The siblings that lead from the id at `index` up to the root, lowest first (WIRE-15): what proves the membership of one
 * transaction. Empty where there is one id only. Throws `RangeError` for an index outside the list.
 */
export function merkleBranch(ids: readonly Uint8Array[], index: number): Uint8Array[] {
  if (!Number.isInteger(index) || index < 0 || index >= ids.length) {
    throw new RangeError(`index must lie within the ${ids.length} ids, got ${index}`);
  }
  const branch: Uint8Array[] = [];
  let at = index;
  for (let level = ids; level.length > 1; level = parents(level)) {
    branch.push(level[at ^ 1] ?? level[at]!);
    at >>= 1;
  }
  return branch;
}

/**
 * The root that an id has under a branch (WIRE-15): a bit of `index` that is set puts the sibling on the left, lowest bit first.
 * Bits beyond the branch are ignored, as deployed nodes ignore them. The caller compares the result with a root that it trusts.
 * Throws `RangeError` for a negative or fractional index.
 */
export function foldMerkleBranch(id: Uint8Array, branch: readonly Uint8Array[], index: number): Uint8Array {
  if (!Number.isSafeInteger(index) || index < 0) throw new RangeError(`index must not be negative, got ${index}`);
  let node = id;
  let at = index;
  for (const sibling of branch) {
    node = at % 2 === 1 ? hashPair(sibling, node) : hashPair(node, sibling);
    at = Math.floor(at / 2);
  }
  return node;
}

/** The nodes above a level of a Merkle tree, half as many, rounded up. */
export function parents(level: readonly Uint8Array[]): Uint8Array[] {
  const above: Uint8Array[] = [];
  for (let index = 0; index < level.length; index += 2) {
    const left = level[index]!;
    above.push(hashPair(left, level[index + 1] ?? left));
  }
  return above;
}

/** The parent of two nodes: double SHA-256 of left and right. Throws `RangeError` where one has not 32 bytes. */
export function hashPair(left: Uint8Array, right: Uint8Array): Uint8Array {
  const { hashBytes } = WIRE_LIMITS;
  if (left.length !== hashBytes || right.length !== hashBytes) {
    throw new RangeError(`Merkle nodes have ${hashBytes} bytes, got ${left.length} and ${right.length}`);
  }
  PAIR.set(left);
  PAIR.set(right, hashBytes);
  return sha256d(PAIR);
}

import { type Block, blockSize, merkleRoot, type Network, reject, transactionKind, type Verdict } from '@rookery/wire';
import type { ChainCode } from './codes.ts';
import { checkWork } from './header-work.ts';
import { CHAIN_LIMITS } from './limits.ts';
import type { PowHash } from './pow-hash.ts';
import { compareHashes } from './target.ts';
import { checkAgainst, registrationTarget } from './transaction.ts';

/** What {@link checkBlock} needs beside the block. */
export interface BlockContext {
  readonly network: Network;
  /** The adjusted clock, in seconds since the Unix epoch. */
  readonly now: number;
  /** Default: scrypt in JavaScript. */
  readonly powHash?: PowHash | undefined;
}

/**
 * Decides whether a block is valid as far as that can be told without a chain (CHAIN-22 to CHAIN-30).
 * The rules run in the order of deployed nodes; the verdict carries the code and the penalty of the first that fails, and
 * the transaction ids (32 bytes each, wire order) of a block that passes.
 * Not checked: everything that hangs on the parent, on registered names or on who signed.
 */
export function checkBlock(
  block: Block,
  context: BlockContext,
): Verdict<ChainCode, { readonly ids: readonly Uint8Array[] }> {
  const { ban } = CHAIN_LIMITS.penalty;
  const size = checkBlockSize(block);
  if (!size.ok) return size;
  const work = checkWork(block.header, context.network, context.powHash);
  if (!work.ok) return work;
  const time = checkBlockTime(block.header.time, context.now);
  if (!time.ok) return time;
  const kinds = checkBlockKinds(block);
  if (!kinds.ok) return kinds;
  const target = registrationTarget(context.network);
  const ids: Uint8Array[] = [];
  for (const transaction of block.transactions) {
    const verdict = checkAgainst(transaction, target);
    if (!verdict.ok) return verdict;
    ids.push(verdict.id);
  }
  if (hasRepeats(ids)) return reject('duplicate-transaction', 'two transactions of the block have the same id', ban);
  const names = block.transactions.slice(1).map(({ userName }) => userName);
  if (hasRepeats(names))
    return reject('duplicate-user-name', 'two registrations of the block are of the same name', ban);
  if (compareHashes(merkleRoot(ids), block.header.merkleRoot) !== 0)
    return reject('wrong-merkle-root', 'the header commits to other transactions', ban);
  return { ok: true, ids };
}

/** Decides whether a block has a transaction and at most 50,000 bytes (CHAIN-22). Code `block-size`, penalty 100. */
export function checkBlockSize(block: Block): Verdict<ChainCode> {
  const { blockBytes, blockTransactions, penalty } = CHAIN_LIMITS;
  const count = block.transactions.length;
  if (count === 0 || count > blockTransactions)
    return reject('block-size', `a block has 1 to ${blockTransactions} transactions, not ${count}`, penalty.ban);
  const size = blockSize(block);
  if (size > blockBytes)
    return reject('block-size', `the block has ${size} of at most ${blockBytes} bytes`, penalty.ban);
  return { ok: true };
}

/** Decides whether a block is at most two hours ahead of the clock (CHAIN-24). Code `time-too-new`, no penalty; seconds. */
export function checkBlockTime(time: number, now: number): Verdict<ChainCode> {
  return time > now + CHAIN_LIMITS.futureSeconds
    ? reject('time-too-new', 'the time of the block lies more than two hours ahead')
    : { ok: true };
}

/**
 * Decides whether the first transaction of a block is a promotion and no other is (CHAIN-25, CHAIN-26).
 * Codes `missing-promotion`, `extra-promotion`, penalty 100.
 */
export function checkBlockKinds(block: Block): Verdict<ChainCode> {
  const { ban } = CHAIN_LIMITS.penalty;
  const [first, ...others] = block.transactions;
  if (first === undefined || transactionKind(first) !== 'promotion')
    return reject('missing-promotion', 'the first transaction is no promotion', ban);
  if (others.some((other) => transactionKind(other) === 'promotion'))
    return reject('extra-promotion', 'a transaction after the first is a promotion', ban);
  return { ok: true };
}

/** Whether two byte strings of a list are the same. Sorting beats a set here, which would need a string for each. */
function hasRepeats(list: readonly Uint8Array[]): boolean {
  const sorted = [...list].sort(compareBytes);
  return sorted.some((bytes, at) => at > 0 && compareBytes(sorted[at - 1]!, bytes) === 0);
}

function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) {
    const difference = left[at]! - right[at]!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

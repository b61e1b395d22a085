import { bytesToHex } from '@noble/hashes/utils.js';
import { type Block, type BlockHeader, decodeHeader, encodeHeader, headerId } from '@rookery/wire';
import type { NamedRegistration } from './user-index.ts';
import { workOfBits } from './work.ts';

/** One block of the tree. Everything but the last three fields never changes. */
export interface BlockEntry {
  /** 32 bytes in wire order. */
  readonly id: Uint8Array;
  /** The id in hexadecimal, to look the block up by. */
  readonly key: string;
  readonly header: BlockHeader;
  /** Undefined for the first block of the network. */
  readonly parent: BlockEntry | undefined;
  readonly height: number;
  /** Work of the chain up to and with this block (CHAIN-6). */
  readonly work: bigint;
  /** Transactions of the chain before this block, promotions counted: the ordinal of its first one (CHAIN-68). */
  readonly transactionsBefore: number;
  readonly transactionCount: number;
  /**
   * `stored` until the block was first to be connected, then `valid` or `failed` for ever: what decides is its own
   * branch, and that never changes.
   */
  verdict: 'stored' | 'valid' | 'failed';
  /** What the block registers, in its order; known once it is `valid`. */
  registrations: readonly NamedRegistration[];
  /** Blocks of the tree that stand on this one. */
  children: number;
}

/** The entry of a block on its parent, not judged yet. The header is copied, so that no view pins the block's bytes. */
export function entryOf(block: Block, parent: BlockEntry | undefined): BlockEntry {
  const header = decodeHeader(encodeHeader(block.header));
  const id = headerId(header);
  return {
    id,
    key: bytesToHex(id),
    header,
    parent,
    height: parent === undefined ? 0 : parent.height + 1,
    work: (parent?.work ?? 0n) + workOfBits(header.bits),
    transactionsBefore: parent === undefined ? 0 : parent.transactionsBefore + parent.transactionCount,
    transactionCount: block.transactions.length,
    verdict: 'stored',
    registrations: [],
    children: 0,
  };
}

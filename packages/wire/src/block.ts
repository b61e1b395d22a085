import type { Decoded } from './decoded.ts';
import { type BlockHeader, readHeader, writeHeader } from './header.ts';
import { WIRE_LIMITS } from './limits.ts';
import { ByteReader } from './reader.ts';
import {
  LEAST_TRANSACTION_BYTES,
  readTransaction,
  type Transaction,
  transactionSize,
  writeTransaction,
} from './transaction.ts';
import { ByteWriter, compactSizeBytes } from './writer.ts';

/** A header and the transactions it commits to (WIRE-14). */
export interface Block {
  readonly header: BlockHeader;
  readonly transactions: readonly Transaction[];
}

/**
 * Reads a block from the start of `bytes` (WIRE-14); byte strings are views. What follows is left to the caller.
 * Throws {@link WireError} `truncated` or `too-long`. Checks neither work nor Merkle root nor size.
 */
export function decodeBlock(bytes: Uint8Array): Decoded<Block> {
  const reader = new ByteReader(bytes);
  const header = readHeader(reader);
  const count = reader.count(LEAST_TRANSACTION_BYTES);
  const transactions: Transaction[] = [];
  for (let index = 0; index < count; index += 1) transactions.push(readTransaction(reader));
  return { value: { header, transactions }, consumed: reader.offset };
}

/** Writes a block (WIRE-14): header, CompactSize number of transactions, transactions. */
export function encodeBlock(block: Block): Uint8Array {
  const writer = new ByteWriter(blockSize(block));
  writeHeader(writer, block.header);
  writer.compactSize(block.transactions.length);
  for (const transaction of block.transactions) writeTransaction(writer, transaction);
  return writer.finish();
}

/** Bytes of a block's encoding, without encoding it: the size that the block rules limit (WIRE-14). */
export function blockSize(block: Block): number {
  let size = WIRE_LIMITS.headerBytes + compactSizeBytes(block.transactions.length);
  for (const transaction of block.transactions) size += transactionSize(transaction);
  return size;
}

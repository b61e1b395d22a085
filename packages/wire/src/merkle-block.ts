import type { Decoded } from './decoded.ts';
import { type BlockHeader, readHeader, writeHeader } from './header.ts';
import { WIRE_LIMITS } from './limits.ts';
import type { PartialMerkle } from './partial-merkle.ts';
import { ByteReader } from './reader.ts';
import { ByteWriter } from './writer.ts';

/** The payload of `merkleblock`: a header and the partial tree of what passed the receiver's filter (WIRE-26). */
export interface MerkleBlock extends PartialMerkle {
  readonly header: BlockHeader;
}

/**
 * Reads the payload of `merkleblock` (WIRE-26). Throws {@link WireError} `truncated` or `too-long`.
 * Does not walk the tree: {@link extractPartialMerkle} does.
 */
export function decodeMerkleBlock(bytes: Uint8Array): Decoded<MerkleBlock> {
  const reader = new ByteReader(bytes);
  const header = readHeader(reader);
  const totalTx = reader.u32le();
  const count = reader.count(WIRE_LIMITS.hashBytes);
  const hashes: Uint8Array[] = [];
  for (let index = 0; index < count; index += 1) hashes.push(reader.bytes(WIRE_LIMITS.hashBytes));
  const flags = reader.varBytes();
  return { value: { header, totalTx, hashes, flags }, consumed: reader.offset };
}

/** Writes the payload of `merkleblock` (WIRE-26). */
export function encodeMerkleBlock(block: MerkleBlock): Uint8Array {
  const writer = new ByteWriter();
  writeHeader(writer, block.header);
  writer.u32le(block.totalTx).compactSize(block.hashes.length);
  for (const hash of block.hashes) writer.fixedBytes(hash, WIRE_LIMITS.hashBytes);
  return writer.varBytes(block.flags).finish();
}

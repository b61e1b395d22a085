import { WireError } from './errors.ts';
import { sha256d } from './hash.ts';
import { WIRE_LIMITS } from './limits.ts';
import { ByteReader } from './reader.ts';
import { ByteWriter } from './writer.ts';

/** A block header: 84 bytes, Bitcoin's with a height after the version (WIRE-13). */
export interface BlockHeader {
  /** int32; 2 today, 1 in the genesis block. */
  readonly version: number;
  /** int32; blocks since the genesis block. */
  readonly height: number;
  /** Id of the block before, 32 bytes in wire order. */
  readonly prev: Uint8Array;
  /** Merkle root of the transaction ids, 32 bytes in wire order. */
  readonly merkleRoot: Uint8Array;
  /** uint32, seconds since the Unix epoch. */
  readonly time: number;
  /** uint32; the target of the proof of work in compact form. */
  readonly bits: number;
  /** uint32; the proof of work. */
  readonly nonce: number;
}

/** Reads exactly 84 bytes (WIRE-13); the hashes are views. Throws {@link WireError} `wrong-length`. Checks no work. */
export function decodeHeader(bytes: Uint8Array): BlockHeader {
  if (bytes.length !== WIRE_LIMITS.headerBytes) {
    const offset = Math.min(bytes.length, WIRE_LIMITS.headerBytes);
    throw new WireError('wrong-length', offset, `a header has ${WIRE_LIMITS.headerBytes} bytes, not ${bytes.length}`);
  }
  return readHeader(new ByteReader(bytes));
}

/** Reads one header at a reader's cursor. */
export function readHeader(reader: ByteReader): BlockHeader {
  return {
    version: reader.i32le(),
    height: reader.i32le(),
    prev: reader.bytes(WIRE_LIMITS.hashBytes),
    merkleRoot: reader.bytes(WIRE_LIMITS.hashBytes),
    time: reader.u32le(),
    bits: reader.u32le(),
    nonce: reader.u32le(),
  };
}

/** Writes the 84 bytes of a header (WIRE-13), which are also what its proof of work hashes. */
export function encodeHeader(header: BlockHeader): Uint8Array {
  const writer = new ByteWriter(WIRE_LIMITS.headerBytes);
  writeHeader(writer, header);
  return writer.finish();
}

/** Writes one header to a writer. */
export function writeHeader(writer: ByteWriter, header: BlockHeader): void {
  writer
    .i32le(header.version)
    .i32le(header.height)
    .fixedBytes(header.prev, WIRE_LIMITS.hashBytes)
    .fixedBytes(header.merkleRoot, WIRE_LIMITS.hashBytes)
    .u32le(header.time)
    .u32le(header.bits)
    .u32le(header.nonce);
}

/** The id of a block: double SHA-256 of its header, 32 bytes in wire order (WIRE-13). It is not the hash of the work. */
export function headerId(header: BlockHeader): Uint8Array {
  return sha256d(encodeHeader(header));
}

import type { Decoded } from './decoded.ts';
import { WireError } from './errors.ts';
import { type BlockHeader, readHeader, writeHeader } from './header.ts';
import { WIRE_LIMITS } from './limits.ts';
import { ByteReader } from './reader.ts';
import { ByteWriter } from './writer.ts';

/**
 * Reads the payload of `headers` (WIRE-25): each header stands as a block without transactions.
 * Throws {@link WireError} `truncated`, `too-long`, or `too-many` where a header claims transactions. Checks no work and no order.
 */
export function decodeHeaders(bytes: Uint8Array): Decoded<readonly BlockHeader[]> {
  const reader = new ByteReader(bytes);
  const count = reader.count(WIRE_LIMITS.headerBytes + 1);
  const value: BlockHeader[] = [];
  for (let index = 0; index < count; index += 1) {
    value.push(readHeader(reader));
    const at = reader.offset;
    if (reader.compactSize() !== 0) throw new WireError('too-many', at, 'a header here carries no transactions');
  }
  return { value, consumed: reader.offset };
}

/** Writes the payload of `headers` (WIRE-25). */
export function encodeHeaders(headers: readonly BlockHeader[]): Uint8Array {
  const writer = new ByteWriter().compactSize(headers.length);
  for (const header of headers) {
    writeHeader(writer, header);
    writer.compactSize(0);
  }
  return writer.finish();
}

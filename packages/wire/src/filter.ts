import type { Decoded } from './decoded.ts';
import { ByteReader } from './reader.ts';
import { ByteWriter } from './writer.ts';

/** The payload of `filterload`: a Bloom filter over transaction ids (WIRE-31; BIP 37). */
export interface FilterLoad {
  readonly data: Uint8Array;
  /** uint32, number of hash functions. */
  readonly hashFuncs: number;
  /** uint32, added to every seed. */
  readonly tweak: number;
  /** uint8, without effect in twister. */
  readonly flags: number;
}

/**
 * Reads the payload of `filterload` (WIRE-31). Throws {@link WireError} `truncated` or `too-long`.
 * Does not apply the limits of 36,000 bytes and 50 functions, and reads an empty filter, which ends deployed nodes.
 */
export function decodeFilterLoad(bytes: Uint8Array): Decoded<FilterLoad> {
  const reader = new ByteReader(bytes);
  const value = { data: reader.varBytes(), hashFuncs: reader.u32le(), tweak: reader.u32le(), flags: reader.u8() };
  return { value, consumed: reader.offset };
}

/** Writes the payload of `filterload` (WIRE-31). */
export function encodeFilterLoad(filter: FilterLoad): Uint8Array {
  return new ByteWriter().varBytes(filter.data).u32le(filter.hashFuncs).u32le(filter.tweak).u8(filter.flags).finish();
}

/** Reads the payload of `filteradd`, the bytes to add (WIRE-32). Throws {@link WireError} `truncated` or `too-long`. */
export function decodeFilterAdd(bytes: Uint8Array): Decoded<Uint8Array> {
  const reader = new ByteReader(bytes);
  return { value: reader.varBytes(), consumed: reader.offset };
}

/** Writes the payload of `filteradd` (WIRE-32). */
export function encodeFilterAdd(data: Uint8Array): Uint8Array {
  return new ByteWriter().varBytes(data).finish();
}

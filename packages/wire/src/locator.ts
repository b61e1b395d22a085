import type { Decoded } from './decoded.ts';
import { WIRE_LIMITS } from './limits.ts';
import { ByteReader } from './reader.ts';
import { ByteWriter } from './writer.ts';

/** The payload of `getblocks` and `getheaders`: where the sender stands and how far it wants to be led (WIRE-24). */
export interface LocatorRequest {
  /** int32, the sender's protocol version; nobody looks at it. */
  readonly version: number;
  /** Block ids from the tip backwards, 32 bytes each in wire order. */
  readonly locator: readonly Uint8Array[];
  /** Block id to stop at, or 32 zero bytes. */
  readonly stop: Uint8Array;
}

/** Reads the payload of `getblocks` or `getheaders` (WIRE-24). Throws {@link WireError} `truncated` or `too-long`. */
export function decodeLocator(bytes: Uint8Array): Decoded<LocatorRequest> {
  const reader = new ByteReader(bytes);
  const version = reader.i32le();
  const count = reader.count(WIRE_LIMITS.hashBytes);
  const locator: Uint8Array[] = [];
  for (let index = 0; index < count; index += 1) locator.push(reader.bytes(WIRE_LIMITS.hashBytes));
  const stop = reader.bytes(WIRE_LIMITS.hashBytes);
  return { value: { version, locator, stop }, consumed: reader.offset };
}

/** Writes the payload of `getblocks` or `getheaders` (WIRE-24). */
export function encodeLocator(request: LocatorRequest): Uint8Array {
  const writer = new ByteWriter().i32le(request.version).compactSize(request.locator.length);
  for (const hash of request.locator) writer.fixedBytes(hash, WIRE_LIMITS.hashBytes);
  return writer.fixedBytes(request.stop, WIRE_LIMITS.hashBytes).finish();
}

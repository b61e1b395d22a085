import type { Decoded } from './decoded.ts';
import { WIRE_LIMITS } from './limits.ts';
import { ByteReader } from './reader.ts';
import { ByteWriter } from './writer.ts';

/** What an inventory speaks about (WIRE-23); other numbers are read and passed on. */
export const INVENTORY_TYPE: { readonly transaction: 1; readonly block: 2; readonly filteredBlock: 3 } =
  /* @__PURE__ */ Object.freeze({ transaction: 1, block: 2, filteredBlock: 3 });

/** One thing that a node has, wants or lacks (WIRE-23). */
export interface InventoryItem {
  /** uint32, see {@link INVENTORY_TYPE}. */
  readonly type: number;
  /** Id of a transaction or block, 32 bytes in wire order. */
  readonly hash: Uint8Array;
}

/**
 * Reads the payload of `inv`, `getdata` or `notfound` (WIRE-23).
 * Throws {@link WireError} `truncated` or `too-long`; does not limit the number.
 */
export function decodeInventory(bytes: Uint8Array): Decoded<readonly InventoryItem[]> {
  const reader = new ByteReader(bytes);
  const count = reader.count(4 + WIRE_LIMITS.hashBytes);
  const value: InventoryItem[] = [];
  for (let index = 0; index < count; index += 1) {
    value.push({ type: reader.u32le(), hash: reader.bytes(WIRE_LIMITS.hashBytes) });
  }
  return { value, consumed: reader.offset };
}

/** Writes the payload of `inv`, `getdata` or `notfound` (WIRE-23). */
export function encodeInventory(items: readonly InventoryItem[]): Uint8Array {
  const writer = new ByteWriter().compactSize(items.length);
  for (const { type, hash } of items) writer.u32le(type).fixedBytes(hash, WIRE_LIMITS.hashBytes);
  return writer.finish();
}

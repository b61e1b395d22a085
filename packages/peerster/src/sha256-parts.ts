import { compress, expand, initialState, newSchedule, readBlock, stateBytes } from './sha256-block.ts';

const BLOCK_BYTES = 64;
const LENGTH_BYTES = 8;
const PADDING = 0x80;
const SCRATCH_BYTES = 2_048;
/** Shared by all calls: each runs to its end and overwrites what it reads. */
const SCRATCH: Uint8Array = /* @__PURE__ */ new Uint8Array(SCRATCH_BYTES);
const SCHEDULE: Int32Array = /* @__PURE__ */ newSchedule();

/**
 * SHA-256 of byte strings one after another (FIPS 180-4 section 6.2). For a message of 300 bytes a fresh array to lay them
 * side by side in would cost nearly as much as the hash; here they share one.
 */
export function sha256Parts(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const padded = Math.ceil((length + 1 + LENGTH_BYTES) / BLOCK_BYTES) * BLOCK_BYTES;
  const bytes = padded <= SCRATCH_BYTES ? SCRATCH : new Uint8Array(padded);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  bytes[length] = PADDING;
  bytes.fill(0, length + 1, padded);
  let bits = 8 * length;
  for (let index = padded - 1; bits > 0; index -= 1) {
    bytes[index] = bits % 256;
    bits = Math.floor(bits / 256);
  }
  const state = initialState();
  for (let block = 0; block < padded; block += BLOCK_BYTES) {
    readBlock(bytes, block, SCHEDULE);
    expand(SCHEDULE);
    compress(state, SCHEDULE, state);
  }
  return stateBytes(state);
}

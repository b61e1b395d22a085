/**
 * The parsed form of a bencoded value: one run of integers for each value, in wire order, the root first.
 *
 * | slot | content |
 * |---|---|
 * | 0 | start of the name, for an entry of a dictionary; it ends where the value starts |
 * | 1 | start of the value × 4 + kind |
 * | 2 | end of the value; bitwise complement of it for an integer that deployed nodes read as 0 (BENC-7) |
 * | 3 | lists and dictionaries: index of the first slot after all that is inside |
 * | 4 | lists and dictionaries: number of direct children |
 *
 * While a container is open, slot 3 is the index of the container around it, so that no other stack is needed.
 */
export type Tape = ArrayLike<number>;

/** Kinds as they stand on the tape: scalars below {@link LIST}. */
export const INTEGER = 0;
export const BYTES = 1;
export const LIST = 2;
export const DICT = 3;

export const SCALAR_SLOTS = 3;
export const CONTAINER_SLOTS = 5;

/** Offsets must fit 29 bits, since slot 1 holds an offset and a kind. */
export const LARGEST_INPUT_BYTES = 0x1fffffff;

/** Any number of so many digits is a safe integer. */
const SAFE_DIGITS = 15;

const ZERO = 0x30;
const COLON = 0x3a;
const MINUS = 0x2d;

/** Kind of the value at this slot. */
export function kindAt(tape: Tape, at: number): number {
  return tape[at + 1]! & 3;
}

/** Offset in the input at which the value starts. */
export function startAt(tape: Tape, at: number): number {
  return tape[at + 1]! >> 2;
}

/** Offset in the input after the value. */
export function endAt(tape: Tape, at: number): number {
  const end = tape[at + 2]!;
  return end < 0 ? ~end : end;
}

/** The slot after the value and all that is inside it. */
export function nextOf(tape: Tape, at: number): number {
  return kindAt(tape, at) < LIST ? at + SCALAR_SLOTS : tape[at + 3]!;
}

/** The key of the entry whose value is at this slot, as a view. */
export function keyAt(bytes: Uint8Array, tape: Tape, at: number): Uint8Array {
  return bytes.subarray(tape[at]!, startAt(tape, at));
}

/** Whether that key is these bytes. */
export function isKey(bytes: Uint8Array, tape: Tape, at: number, key: Uint8Array): boolean {
  const start = tape[at]!;
  if (startAt(tape, at) - start !== key.length) return false;
  for (let index = 0; index < key.length; index += 1) if (bytes[start + index] !== key[index]) return false;
  return true;
}

/** Whether that key is this text, which must be ASCII. */
export function isAsciiKey(bytes: Uint8Array, tape: Tape, at: number, key: string): boolean {
  const start = tape[at]!;
  if (startAt(tape, at) - start !== key.length) return false;
  for (let index = 0; index < key.length; index += 1) if (bytes[start + index] !== key.charCodeAt(index)) return false;
  return true;
}

/** Content of the byte string at this slot, as a view. */
export function bytesAt(bytes: Uint8Array, tape: Tape, at: number): Uint8Array {
  const end = tape[at + 2]!;
  let colon = startAt(tape, at) + 1;
  while (colon < end && bytes[colon] !== COLON) colon += 1;
  return bytes.subarray(colon + 1, end);
}

/** The integer at this slot. */
export function integerAt(bytes: Uint8Array, tape: Tape, at: number): bigint {
  const end = tape[at + 2]!;
  if (end < 0) return 0n;
  const start = startAt(tape, at) + 1;
  const negative = bytes[start] === MINUS;
  let first = negative ? start + 1 : start;
  while (first < end - 1 && bytes[first] === ZERO) first += 1;
  const value = magnitude(bytes, first, end - 1);
  return negative ? -value : value;
}

/** The integer at this slot as a number, or `undefined` where it is not a safe integer. */
export function numberAt(bytes: Uint8Array, tape: Tape, at: number): number | undefined {
  const end = tape[at + 2]!;
  const start = startAt(tape, at) + 1;
  const negative = bytes[start] === MINUS;
  let value = 0;
  for (let index = negative ? start + 1 : start; index < end - 1; index += 1) {
    value = value * 10 + (bytes[index]! - ZERO);
    if (value > Number.MAX_SAFE_INTEGER) return undefined;
  }
  return negative && value !== 0 ? -value : value;
}

/** The number that at most 19 ASCII digits say. */
export function magnitude(bytes: Uint8Array, start: number, end: number): bigint {
  let high = 0;
  let low = 0;
  const middle = Math.max(start, end - SAFE_DIGITS);
  for (let index = start; index < middle; index += 1) high = high * 10 + (bytes[index]! - ZERO);
  for (let index = middle; index < end; index += 1) low = low * 10 + (bytes[index]! - ZERO);
  return high === 0 ? BigInt(low) : BigInt(high) * 1_000_000_000_000_000n + BigInt(low);
}

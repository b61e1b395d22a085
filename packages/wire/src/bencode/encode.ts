import type { BencodeDict, BencodeValue } from './value.ts';

const COLON = 0x3a;
const LOWER_D = 0x64;
const LOWER_E = 0x65;
const LOWER_I = 0x69;
const LOWER_L = 0x6c;
const MINUS = 0x2d;
const ZERO = 0x30;

const FIRST_BYTES = 512;
/** An integer of 64 bits, a length, or a mark takes no more. */
const MOST_DIGITS = 24;
/** Shorter strings are copied byte by byte, which costs less than a call for so few. */
const SHORT_BYTES = 32;

/** A list or dictionary of which the children before `position` are written. */
type OpenContainer = { position: number } & (
  | { readonly list: readonly BencodeValue[]; readonly dict: undefined }
  | { readonly list: undefined; readonly dict: BencodeDict }
);

/** Bytes written so far: the first `length` of `bytes`. */
interface Output {
  bytes: Uint8Array;
  length: number;
}

/**
 * Writes a value as it is given: entries in their order, unsorted and duplicate keys as they are (BENC-14). Lengths and integers are
 * minimal. A dictionary from `bencodeDict` is canonical. Throws `RangeError` for an integer that does not fit 64 bits.
 * Works without recursion, in time linear in the output.
 */
export function encodeBencode(value: BencodeValue): Uint8Array {
  const output: Output = { bytes: new Uint8Array(FIRST_BYTES), length: 0 };
  const stack: OpenContainer[] = [];
  let current: BencodeValue = value;
  for (;;) {
    if (typeof current === 'bigint') {
      writeInteger(output, current);
    } else if (current instanceof Uint8Array) {
      writeBytes(output, current);
    } else if (isList(current)) {
      writeMark(output, LOWER_L);
      stack.push({ list: current, dict: undefined, position: 0 });
    } else {
      writeMark(output, LOWER_D);
      stack.push({ list: undefined, dict: current, position: 0 });
    }
    let next: BencodeValue | undefined;
    while (next === undefined) {
      const top = stack[stack.length - 1];
      if (top === undefined) return output.bytes.slice(0, output.length);
      if (top.dict === undefined) {
        next = top.list[top.position];
      } else {
        const entry = top.dict.entries[top.position];
        if (entry !== undefined) {
          writeBytes(output, entry[0]);
          next = entry[1];
        }
      }
      top.position += 1;
      if (next === undefined) {
        writeMark(output, LOWER_E);
        stack.pop();
      }
    }
    current = next;
  }
}

function isList(value: readonly BencodeValue[] | BencodeDict): value is readonly BencodeValue[] {
  return Array.isArray(value);
}

function writeMark(output: Output, mark: number): void {
  reserve(output, 1);
  output.bytes[output.length++] = mark;
}

function writeInteger(output: Output, value: bigint): void {
  if (BigInt.asIntN(64, value) !== value) throw new RangeError(`${value} does not fit 64 bits`);
  reserve(output, MOST_DIGITS);
  const { bytes } = output;
  bytes[output.length++] = LOWER_I;
  const number = Number(value);
  if (Number.isSafeInteger(number)) {
    if (number < 0) bytes[output.length++] = MINUS;
    writeDigits(output, Math.abs(number));
  } else {
    const digits = String(value);
    for (let index = 0; index < digits.length; index += 1) bytes[output.length++] = digits.charCodeAt(index);
  }
  bytes[output.length++] = LOWER_E;
}

function writeBytes(output: Output, value: Uint8Array): void {
  const count = value.length;
  reserve(output, MOST_DIGITS + count);
  writeDigits(output, count);
  const { bytes } = output;
  bytes[output.length++] = COLON;
  if (count < SHORT_BYTES) {
    for (let index = 0; index < count; index += 1) bytes[output.length + index] = value[index]!;
  } else {
    bytes.set(value, output.length);
  }
  output.length += count;
}

/** Writes a safe integer that is not negative, its last digit first. */
function writeDigits(output: Output, value: number): void {
  let digits = 1;
  for (let power = 10; power <= value; power *= 10) digits += 1;
  const { bytes } = output;
  let rest = value;
  for (let at = output.length + digits - 1; at >= output.length; at -= 1) {
    const higher = Math.floor(rest / 10);
    bytes[at] = ZERO + (rest - 10 * higher);
    rest = higher;
  }
  output.length += digits;
}

function reserve(output: Output, count: number): void {
  const wanted = output.length + count;
  if (wanted <= output.bytes.length) return;
  const larger = new Uint8Array(Math.max(wanted, 2 * output.bytes.length));
  larger.set(output.bytes.subarray(0, output.length));
  output.bytes = larger;
}

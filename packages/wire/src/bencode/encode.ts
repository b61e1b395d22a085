import { ByteWriter } from '../writer.ts';
import type { BencodeDict, BencodeValue } from './value.ts';

const COLON = 0x3a;
const LOWER_D = 0x64;
const LOWER_E = 0x65;
const LOWER_I = 0x69;
const LOWER_L = 0x6c;

/** A list or dictionary of which the children before `position` are written. */
type OpenContainer = { position: number } & (
  | { readonly list: readonly BencodeValue[]; readonly dict: undefined }
  | { readonly list: undefined; readonly dict: BencodeDict }
);

/**
 * Writes a value as it is given: entries in their order, unsorted and duplicate keys as they are (BENC-14). Lengths and integers are
 * minimal. A dictionary from `bencodeDict` is canonical. Throws `RangeError` for an integer that does not fit 64 bits.
 * Works without recursion, in time linear in the output.
 */
export function encodeBencode(value: BencodeValue): Uint8Array {
  const writer = new ByteWriter();
  const stack: OpenContainer[] = [];
  let current: BencodeValue = value;
  for (;;) {
    if (typeof current === 'bigint') {
      writeInteger(writer, current);
    } else if (current instanceof Uint8Array) {
      writeBytes(writer, current);
    } else if (isList(current)) {
      writer.u8(LOWER_L);
      stack.push({ list: current, dict: undefined, position: 0 });
    } else {
      writer.u8(LOWER_D);
      stack.push({ list: undefined, dict: current, position: 0 });
    }
    let next: BencodeValue | undefined;
    while (next === undefined) {
      const top = stack[stack.length - 1];
      if (top === undefined) return writer.finish();
      if (top.dict === undefined) {
        next = top.list[top.position];
      } else {
        const entry = top.dict.entries[top.position];
        if (entry !== undefined) writeBytes(writer, entry[0]);
        next = entry?.[1];
      }
      top.position += 1;
      if (next === undefined) {
        writer.u8(LOWER_E);
        stack.pop();
      }
    }
    current = next;
  }
}

function isList(value: readonly BencodeValue[] | BencodeDict): value is readonly BencodeValue[] {
  return Array.isArray(value);
}

function writeInteger(writer: ByteWriter, value: bigint): void {
  if (BigInt.asIntN(64, value) !== value) throw new RangeError(`${value} does not fit 64 bits`);
  writer.u8(LOWER_I);
  const digits = String(value);
  for (let index = 0; index < digits.length; index += 1) writer.u8(digits.charCodeAt(index));
  writer.u8(LOWER_E);
}

function writeBytes(writer: ByteWriter, value: Uint8Array): void {
  const digits = String(value.length);
  for (let index = 0; index < digits.length; index += 1) writer.u8(digits.charCodeAt(index));
  writer.u8(COLON).bytes(value);
}

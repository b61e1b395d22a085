import { ByteReader } from './reader.ts';
import { ByteWriter } from './writer.ts';

const PUSHDATA1 = 0x4c;
const PUSHDATA2 = 0x4d;
const PUSHDATA4 = 0x4e;
const PUSH_MINUS_ONE = 0x4f;
const PUSH_ONE = 0x51;
const PUSH_SIXTEEN = 0x60;
const EMPTY: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/** What a script can carry: bytes, or an integer of 64 bits, signed, that is pushed as a script number (WIRE-7). */
export type ScriptItem = Uint8Array | number | bigint;

/**
 * Writes a script that pushes the items one after another, each by the shortest prefix (WIRE-6, WIRE-7).
 * Scripts are a container here: nothing ever executes them. Throws `RangeError` for a `number` that is no safe integer and for a
 * `bigint` that does not fit 64 bits.
 */
export function encodeScript(items: readonly ScriptItem[]): Uint8Array {
  const writer = new ByteWriter();
  for (const item of items) {
    if (typeof item === 'object') pushBytes(writer, item);
    else pushNumber(writer, item);
  }
  return writer.finish();
}

/**
 * Reads a script as the list of what it pushes, as views, or returns `undefined` where deployed nodes cannot use it (WIRE-8).
 * Number pushes (`4f` … `60`) give an empty item, not the number; longer prefixes than needed are read; a push that is
 * cut short, or any other opcode, makes the whole list unusable.
 */
export function parseScriptItems(script: Uint8Array): Uint8Array[] | undefined {
  const items: Uint8Array[] = [];
  const reader = new ByteReader(script);
  while (reader.remaining > 0) {
    const opcode = reader.u8();
    if (opcode > PUSH_SIXTEEN) return undefined;
    if (opcode > PUSHDATA4) {
      items.push(EMPTY);
      continue;
    }
    const width = opcode < PUSHDATA1 ? 0 : opcode === PUSHDATA1 ? 1 : opcode === PUSHDATA2 ? 2 : 4;
    if (reader.remaining < width) return undefined;
    const length = width === 0 ? opcode : width === 1 ? reader.u8() : width === 2 ? reader.u16le() : reader.u32le();
    if (reader.remaining < length) return undefined;
    items.push(reader.bytes(length));
  }
  return items;
}

/**
 * Reads a script that is exactly one direct push of 0 to 75 bytes, as registrations carry the user name (WIRE-9).
 * Returns `undefined` for every other script, an empty one too.
 */
export function parseSmallString(script: Uint8Array): Uint8Array | undefined {
  const length = script[0];
  if (length === undefined || length >= PUSHDATA1 || script.length !== length + 1) return undefined;
  return script.subarray(1);
}

function pushBytes(writer: ByteWriter, item: Uint8Array): void {
  const { length } = item;
  if (length < PUSHDATA1) writer.u8(length);
  else if (length <= 0xff) writer.u8(PUSHDATA1).u8(length);
  else if (length <= 0xffff) writer.u8(PUSHDATA2).u16le(length);
  else writer.u8(PUSHDATA4).u32le(length);
  writer.bytes(item);
}

function pushNumber(writer: ByteWriter, value: number | bigint): void {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new RangeError(`${value} is not a safe integer`);
  const number = BigInt(value);
  if (BigInt.asIntN(64, number) !== number) throw new RangeError(`${value} does not fit 64 bits`);
  if (number === -1n) writer.u8(PUSH_MINUS_ONE);
  else if (number >= 1n && number <= 16n) writer.u8(PUSH_ONE + Number(number) - 1);
  else pushBytes(writer, scriptNumber(number));
}

/** The shortest little-endian sign-and-magnitude form; the top bit of the last byte is the sign, and zero has no bytes. */
function scriptNumber(value: bigint): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value < 0n ? -value : value; rest > 0n; rest >>= 8n) bytes.push(Number(rest & 0xffn));
  const last = bytes.at(-1);
  if (last === undefined) return EMPTY;
  if (last >= 0x80) bytes.push(0);
  if (value < 0n) bytes[bytes.length - 1]! |= 0x80;
  return Uint8Array.from(bytes);
}

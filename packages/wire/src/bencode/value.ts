import { encodeUtf8 } from '../utf8.ts';

/**
 * A bencoded value as plain data: an integer, a byte string, a list or a dictionary.
 * Bytes that come from a decoder are views of its input.
 */
export type BencodeValue = bigint | Uint8Array | readonly BencodeValue[] | BencodeDict;

/** A dictionary as it stands on the wire: entries in wire order, duplicates kept. */
export interface BencodeDict {
  readonly entries: readonly (readonly [key: Uint8Array, value: BencodeValue])[];
}

/**
 * What {@link bencodeDict} takes for a value: beside {@link BencodeValue} also safe integers, text (written as UTF-8), lists of such
 * and plain objects. An object with the one property `entries` that holds an array is a {@link BencodeDict}, never a plain object.
 */
export type BencodeInput =
  | BencodeValue
  | number
  | string
  | readonly BencodeInput[]
  | { readonly [key: string]: BencodeInput | undefined };

/** A container that is being filled: the parts still to be converted and what has come of the others. */
interface Frame {
  readonly keys: readonly Uint8Array[] | undefined;
  readonly parts: readonly BencodeInput[];
  readonly done: BencodeValue[];
}

/**
 * Builds a dictionary with its keys in the one canonical order, by their UTF-8 bytes (BENC-9); fields that are `undefined` are left out.
 * Throws `RangeError` for a number that is not a safe integer and for text with a lone surrogate. Nested
 * {@link BencodeDict} values are taken as they are, unsorted or not.
 */
export function bencodeDict(fields: Readonly<Record<string, BencodeInput | undefined>>): BencodeDict {
  const stack: Frame[] = [dictFrame(fields)];
  for (;;) {
    const frame = stack[stack.length - 1]!;
    const part = frame.parts[frame.done.length];
    if (part === undefined) {
      stack.pop();
      const outer = stack[stack.length - 1];
      if (outer === undefined) return asDict(frame);
      outer.done.push(frame.keys === undefined ? frame.done : asDict(frame));
    } else if (Array.isArray(part)) {
      stack.push({ keys: undefined, parts: part as readonly BencodeInput[], done: [] });
    } else if (typeof part === 'object' && !(part instanceof Uint8Array) && !isBencodeDict(part)) {
      stack.push(dictFrame(part as Readonly<Record<string, BencodeInput | undefined>>));
    } else {
      frame.done.push(scalar(part as BencodeDict | Uint8Array | bigint | number | string));
    }
  }
}

/** Compares keys as dictionaries are ordered: byte by byte, unsigned, the shorter first where one begins the other (BENC-9). */
export function compareKeys(left: Uint8Array, right: Uint8Array): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const difference = left[index]! - right[index]!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function dictFrame(fields: Readonly<Record<string, BencodeInput | undefined>>): Frame {
  const present: (readonly [Uint8Array, BencodeInput])[] = [];
  for (const [key, value] of Object.entries(fields)) if (value !== undefined) present.push([encodeUtf8(key), value]);
  present.sort(([left], [right]) => compareKeys(left, right));
  return { keys: present.map(([key]) => key), parts: present.map(([, value]) => value), done: [] };
}

function asDict(frame: Frame): BencodeDict {
  return { entries: frame.done.map((value, index) => [frame.keys![index]!, value] as const) };
}

function isBencodeDict(part: object): boolean {
  return Array.isArray((part as { entries?: unknown }).entries) && Object.keys(part).length === 1;
}

function scalar(part: BencodeDict | Uint8Array | bigint | number | string): BencodeValue {
  if (typeof part === 'string') return encodeUtf8(part);
  if (typeof part !== 'number') return part;
  if (!Number.isSafeInteger(part)) throw new RangeError(`${part} is not a safe integer`);
  return BigInt(part);
}

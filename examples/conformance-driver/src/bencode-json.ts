import { type BencodeDict, type BencodeValue, WireError } from '@rookery/wire';
import { asBigInt, asBytes, asList, asObject, BadRequest, showBytes } from './input.ts';

/** A bencode value in the JSON of the protocol; its parts are of the same form. */
export type BencodeJson =
  | { readonly i: string }
  | { readonly s: string }
  | { readonly l: unknown }
  | { readonly d: unknown };

/** A value that is still to be converted, and where the result goes. */
interface Pending<From, To> {
  readonly value: From;
  readonly place: (done: To) => void;
}

/** Reads `{"i"}`, `{"s"}`, `{"l"}` or `{"d"}`; without recursion, so that no depth is a danger. */
export function asBencode(value: unknown, name: string): BencodeValue {
  return convert<unknown, BencodeValue>(value, (part, later) => {
    const object = asObject(part, name);
    const [kind, ...others] = Object.keys(object);
    if (others.length > 0) throw new BadRequest(`${name} has a bencode value with more than one key`);
    if (kind === 'i') return within64Bits(asBigInt(object.i, name));
    if (kind === 's') return asBytes(object.s, name);
    if (kind === 'l') {
      const list = asList(object.l, name);
      const items = new Array<BencodeValue>(list.length);
      for (const [index, item] of list.entries()) later(item, (done) => (items[index] = done));
      return items;
    }
    if (kind !== 'd') throw new BadRequest(`${name} must be a bencode value`);
    const pairs = asList(object.d, name);
    const entries = new Array<readonly [Uint8Array, BencodeValue]>(pairs.length);
    for (const [index, pair] of pairs.entries()) {
      const [key, child, ...rest] = asList(pair, name);
      if (child === undefined || rest.length > 0) throw new BadRequest(`${name} has an entry that is no pair`);
      const keyBytes = asBytes(key, name);
      later(child, (done) => (entries[index] = [keyBytes, done]));
    }
    return { entries };
  });
}

/** Reads a bencode dictionary. */
export function asBencodeDict(value: unknown, name: string): BencodeDict {
  const read = asBencode(value, name);
  if (!isDict(read)) throw new BadRequest(`${name} must be a bencode dictionary`);
  return read;
}

/** Shows a bencode value; without recursion. */
export function showBencode(value: BencodeValue): BencodeJson {
  return convert<BencodeValue, BencodeJson>(value, (part, later) => {
    if (typeof part === 'bigint') return { i: String(part) };
    if (part instanceof Uint8Array) return { s: showBytes(part) };
    if (isDict(part)) {
      const pairs = new Array<unknown>(part.entries.length);
      for (const [index, [key, child]] of part.entries.entries()) {
        later(child, (done) => (pairs[index] = [showBytes(key), done]));
      }
      return { d: pairs };
    }
    const items = new Array<unknown>(part.length);
    for (const [index, item] of part.entries()) later(item, (done) => (items[index] = done));
    return { l: items };
  });
}

/** Converts a tree with a list of what is left to do. `convertOne` converts one value and hands its parts to `later`. */
function convert<From, To>(
  value: From,
  convertOne: (part: From, later: (part: From, place: (done: To) => void) => void) => To,
): To {
  const result: To[] = [];
  const pending: Pending<From, To>[] = [{ value, place: (done) => result.push(done) }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    next.place(convertOne(next.value, (part, place) => pending.push({ value: part, place })));
  }
  return result[0]!;
}

/** An integer that bencode cannot hold is of the right shape and still against the rules (BENC-6). */
function within64Bits(value: bigint): bigint {
  if (BigInt.asIntN(64, value) !== value) throw new WireError('bad-integer', 0, `${value} does not fit 64 bits`);
  return value;
}

function isDict(value: BencodeValue): value is BencodeDict {
  return typeof value === 'object' && !(value instanceof Uint8Array) && !Array.isArray(value);
}

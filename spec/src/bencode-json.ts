import type { Json } from './format.ts';

/**
 * A reader of canonical bencode for the writers of vectors, so that none of them asks the packages what the bytes mean. It trusts its
 * input, which comes from captures, and works on text of one character a byte.
 */
export function bencodeJson(hex: string): Json {
  const [value, end] = read(Buffer.from(hex, 'hex').toString('latin1'), 0);
  if (2 * end !== hex.length) throw new Error(`bytes follow the captured value ${hex.slice(0, 40)}…`);
  return value;
}

/** The hexadecimal of text of one character a byte. */
export function latinHex(text: string): string {
  return Buffer.from(text, 'latin1').toString('hex');
}

/** Value of the entry with this key of a dictionary in the JSON of the protocol. */
export function entryOf(dict: Json, key: string): Json | undefined {
  const wanted = latinHex(key);
  return (dict as { readonly d: readonly (readonly [string, Json])[] }).d.find(([name]) => name === wanted)?.[1];
}

function read(input: string, at: number): readonly [value: Json, end: number] {
  const kind = input[at];
  if (kind === 'i') {
    const end = input.indexOf('e', at);
    return [{ i: input.slice(at + 1, end) }, end + 1];
  }
  if (kind !== 'l' && kind !== 'd') {
    const colon = input.indexOf(':', at);
    const end = colon + 1 + Number(input.slice(at, colon));
    return [{ s: latinHex(input.slice(colon + 1, end)) }, end];
  }
  const parts: Json[] = [];
  let end = at + 1;
  while (input[end] !== 'e') {
    const [part, partEnd] = read(input, end);
    parts.push(part);
    end = partEnd;
  }
  if (kind === 'l') return [{ l: parts }, end + 1];
  const entries = parts.flatMap((part, index) =>
    index % 2 === 0 ? [[(part as { readonly s: string }).s, parts[index + 1]!]] : [],
  );
  return [{ d: entries }, end + 1];
}

/**
 * A second reader of bencode, written from the rules of `spec/bencode.md` alone and in another manner: recursive, on text of one character a
 * byte. It says what the value is in one line of text, or `undefined` where the input is refused. Slow, and only for inputs of little depth.
 */
export function modelDecode(bytes: Uint8Array, profile: 'canonical' | 'deployed'): string | undefined {
  const input = String.fromCharCode(...bytes);
  try {
    const [shown, end] = profile === 'canonical' ? canonical(input, 0) : deployed(input, 0);
    return profile === 'deployed' || end === input.length ? `${shown} to ${end}` : undefined;
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

class Refused extends Error {}
type Read = readonly [shown: string, end: number];
type PlacedRead = readonly [shown: string, end: number, start: number];

function match(input: string, at: number, pattern: RegExp): string {
  const sticky = new RegExp(pattern.source, 'ys');
  sticky.lastIndex = at;
  const found = sticky.exec(input);
  if (found === null) throw new Refused();
  return found[0];
}

function canonical(input: string, at: number): Read {
  const first = input[at];
  if (first === 'i') {
    const text = match(input, at, /i(0|-?[1-9][0-9]{0,18})e/);
    const value = BigInt(text.slice(1, -1));
    if (value !== BigInt.asIntN(64, value)) throw new Refused();
    return [`i${value}`, at + text.length];
  }
  if (first === 'l' || first === 'd') {
    const shown: string[] = [];
    let end = at + 1;
    let last: string | undefined;
    while (input[end] !== 'e') {
      if (first === 'd') {
        const [key, keyEnd] = canonicalString(input, end);
        if (last !== undefined && key <= last) throw new Refused();
        last = key;
        shown.push(`${hex(key)}=`);
        end = keyEnd;
      }
      const [item, itemEnd] = canonical(input, end);
      shown.push(item);
      end = itemEnd;
    }
    return [`${first}(${shown.join(',')})`, end + 1];
  }
  const [text, end] = canonicalString(input, at);
  return [`s${hex(text)}`, end];
}

function canonicalString(input: string, at: number): readonly [string, number] {
  const head = match(input, at, /(0|[1-9][0-9]*):/);
  const start = at + head.length;
  const length = Number(head.slice(0, -1));
  if (start + length > input.length) throw new Refused();
  return [input.slice(start, start + length), start + length];
}

/** Beside the value it tells where deployed nodes see it begin, since keys end there. */
function deployed(input: string, at: number): PlacedRead {
  const first = input[at];
  if (first === 'i') {
    const text = match(input, at, /i[^e]*e/);
    const digits = /^i(-?)([0-9]*)e$/.exec(text);
    const magnitude = digits === null ? 0n : BigInt(digits[2] || '0');
    const value = magnitude > 2n ** 63n - 1n ? 0n : magnitude;
    return [`i${digits?.[1] === '-' ? -value : value}`, at + text.length, at];
  }
  if (first === 'l' || first === 'd') {
    const shown: string[] = [];
    let end = at + 1;
    while (input[end] !== 'e') {
      let keyStart = 0;
      if (first === 'd') {
        const head = match(input, end, /[0-9]+:/);
        keyStart = end + head.length;
        end = keyStart + Number(head.slice(0, -1));
      }
      const [item, itemEnd, itemStart] = deployed(input, end);
      if (first === 'd') shown.push(`${hex(input.slice(keyStart, itemStart))}=`);
      shown.push(item);
      end = itemEnd;
    }
    return [`${first}(${shown.join(',')})`, end + 1, at];
  }
  const head = match(input, at, /[0-9]+:/);
  const start = at + head.length;
  const length = Number(head.slice(0, -1));
  if (start + length > input.length || start === input.length) throw new Refused();
  const minimal = String(length).length + 1;
  return [`s${hex(input.slice(start, start + length))}`, start + length, start - minimal];
}

function hex(text: string): string {
  return Array.from(text, (character) => character.charCodeAt(0).toString(16).padStart(2, '0')).join('');
}

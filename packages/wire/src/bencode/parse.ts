import { WireError, type WireErrorCode } from '../errors.ts';
import { BYTES, CONTAINER_SLOTS, DICT, INTEGER, LIST, magnitude, SCALAR_SLOTS, type Tape } from './tape.ts';

const FIRST_SLOTS = 1 << 12;
/** A scratch buffer larger than this is not kept for the next call. */
const KEPT_SLOTS = 1 << 16;
/** Short tapes are plain arrays, which cost less to make than typed ones; long ones take half the memory as typed. */
const PLAIN_SLOTS = 1 << 9;
const INT64_MOST = 0x7fff_ffff_ffff_ffffn;
const INT64_LEAST_MAGNITUDE = 0x8000_0000_0000_0000n;
/** Any number of so many digits is within 64 bits. */
const SURE_DIGITS = 18;

const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const MINUS = 0x2d;
const LOWER_D = 0x64;
const LOWER_E = 0x65;
const LOWER_I = 0x69;
const LOWER_L = 0x6c;

let scratch: Int32Array | undefined;

/**
 * Parses the value that starts at byte 0, in time linear in the input and without recursion (BENC-2 … BENC-11).
 * `strict` is the canonical profile, except that bytes after the value are left to the caller: the value ends at `tape[2]`.
 */
export function parseTape(bytes: Uint8Array, strict: boolean, maxDepth: number, maxItems: number): Tape {
  const end = bytes.length;
  scratch ??= new Int32Array(FIRST_SLOTS);
  let tape = scratch;
  let size = 0;
  let at = 0;
  let depth = 0;
  let items = 0;
  let open = -1;
  let inDict = false;
  let previous = -1;
  let keyStart = -1;

  if (maxDepth < 1) throw fail('too-deep', 0, 'no value is allowed at all');
  do {
    if (at >= end) throw fail('truncated', end, 'the value is not complete');
    const byte = bytes[at]!;
    const wantsKey = inDict && keyStart < 0;
    let kind: number;
    let start = at;
    let stop: number;

    if (byte >= ZERO && byte <= NINE) {
      let length = byte - ZERO;
      let colon = at + 1;
      while (colon < end) {
        const digit = bytes[colon]! - ZERO;
        if (digit < 0 || digit > 9) break;
        length = length * 10 + digit;
        colon += 1;
      }
      if (colon >= end) throw fail('truncated', end, 'a string length is not complete');
      if (bytes[colon] !== COLON) throw fail('syntax', colon, 'a string length holds something else than digits');
      if (strict && byte === ZERO && colon > at + 1) throw fail('bad-length', at, 'a string length has a leading zero');
      const content = colon + 1;
      if (length > end - content) throw fail('truncated', end, `a string of ${length} bytes is not complete`);
      stop = content + length;
      if (wantsKey) {
        if (strict && previous >= 0) {
          const order = compareSpans(bytes, tape[previous]!, tape[previous + 1]! >> 2, content, stop);
          if (order === 0) throw fail('duplicate-key', content, 'a key stands twice in a dictionary');
          if (order > 0) throw fail('unsorted-keys', content, 'a key sorts before the one in front of it');
        }
        keyStart = content;
        at = stop;
        continue;
      }
      if (!strict) {
        // BENC-5: deployed nodes refuse an empty string as the very last thing of the input.
        if (content === end) throw fail('truncated', end, 'an empty string ends the input');
        // BENC-4: they find the start of a string by counting the digits of its length anew, without leading zeros.
        start = content - 1 - digitsOf(length);
      }
      kind = BYTES;
    } else if (byte === LOWER_E) {
      if (open < 0) throw fail('syntax', at, 'a value is wanted, not an end');
      if (keyStart >= 0) throw fail('syntax', at, 'a key has no value');
      at += 1;
      const outer = tape[open + 3]!;
      tape[open + 2] = at;
      tape[open + 3] = size;
      previous = open;
      open = outer;
      inDict = open >= 0 && (tape[open + 1]! & 3) === DICT;
      depth -= 1;
      continue;
    } else if (wantsKey) {
      throw fail('syntax', at, 'a key is wanted');
    } else if (byte === LOWER_I) {
      const last = strict ? endOfStrictInteger(bytes, at) : endOfInteger(bytes, at);
      at = last < 0 ? ~last : last;
      stop = last;
      kind = INTEGER;
    } else if (byte === LOWER_D || byte === LOWER_L) {
      stop = at + 1;
      kind = byte === LOWER_D ? DICT : LIST;
    } else {
      throw fail('syntax', at, 'a value is wanted');
    }

    items += 1;
    if (items >= maxItems) throw fail('too-many', start, `more values than ${maxItems - 1}`);
    if (size + CONTAINER_SLOTS > tape.length) {
      tape = grown(tape);
      if (tape.length <= KEPT_SLOTS) scratch = tape;
    }
    if (open >= 0) tape[open + 4]! += 1;
    previous = size;
    tape[size] = keyStart >= 0 ? keyStart : start;
    tape[size + 1] = (start << 2) | kind;
    tape[size + 2] = stop;
    keyStart = -1;
    if (kind < LIST) {
      if (kind === BYTES) at = stop;
      size += SCALAR_SLOTS;
    } else {
      depth += 1;
      if (depth > maxDepth)
        throw fail('too-deep', start, `more than ${maxDepth} lists and dictionaries inside each other`);
      tape[size + 3] = open;
      tape[size + 4] = 0;
      open = size;
      inDict = kind === DICT;
      previous = -1;
      size += CONTAINER_SLOTS;
      at = stop;
    }
  } while (open >= 0);
  return kept(tape, size);
}

function kept(tape: Int32Array, size: number): Tape {
  if (size > PLAIN_SLOTS) return tape.slice(0, size);
  const copy = new Array<number>(size);
  for (let slot = 0; slot < size; slot += 1) copy[slot] = tape[slot]!;
  return copy;
}

function grown(tape: Int32Array): Int32Array {
  const larger = new Int32Array(2 * tape.length);
  larger.set(tape);
  return larger;
}

/** Compares two byte ranges as dictionary keys are ordered: byte by byte, unsigned, the shorter first where one begins the other. */
function compareSpans(bytes: Uint8Array, start: number, end: number, otherStart: number, otherEnd: number): number {
  const length = Math.min(end - start, otherEnd - otherStart);
  for (let index = 0; index < length; index += 1) {
    const difference = bytes[start + index]! - bytes[otherStart + index]!;
    if (difference !== 0) return difference;
  }
  return end - start - (otherEnd - otherStart);
}

/** The end of a canonical integer (BENC-6) that starts with the `i` at `at`. */
function endOfStrictInteger(bytes: Uint8Array, at: number): number {
  const end = bytes.length;
  const negative = at + 1 < end && bytes[at + 1] === MINUS;
  const first = negative ? at + 2 : at + 1;
  let cursor = first;
  while (cursor < end && bytes[cursor]! >= ZERO && bytes[cursor]! <= NINE) cursor += 1;
  if (cursor >= end) throw fail('truncated', end, 'an integer is not complete');
  if (bytes[cursor] !== LOWER_E) throw fail('bad-integer', cursor, 'an integer holds something else than digits');
  const digits = cursor - first;
  if (digits === 0) throw fail('bad-integer', cursor, 'an integer has no digit');
  if (bytes[first] === ZERO && (digits > 1 || negative)) throw fail('bad-integer', first, 'an integer is not minimal');
  if (digits > SURE_DIGITS) {
    const most = negative ? INT64_LEAST_MAGNITUDE : INT64_MOST;
    if (digits > SURE_DIGITS + 1 || magnitude(bytes, first, cursor) > most) {
      throw fail('bad-integer', first, 'an integer does not fit 64 bits');
    }
  }
  return cursor + 1;
}

/**
 * The end of whatever deployed nodes take for an integer (BENC-7): all up to the next `e`. The bitwise complement of the end
 * where they read it as 0 because it holds something else than digits or passes 2^63−1 in magnitude.
 */
function endOfInteger(bytes: Uint8Array, at: number): number {
  const found = bytes.indexOf(LOWER_E, at + 1);
  if (found < 0) throw fail('truncated', bytes.length, 'an integer is not complete');
  let first = bytes[at + 1] === MINUS ? at + 2 : at + 1;
  for (let cursor = first; cursor < found; cursor += 1) {
    if (bytes[cursor]! < ZERO || bytes[cursor]! > NINE) return ~(found + 1);
  }
  while (first < found && bytes[first] === ZERO) first += 1;
  const digits = found - first;
  const tooLarge = digits > SURE_DIGITS && (digits > SURE_DIGITS + 1 || magnitude(bytes, first, found) > INT64_MOST);
  return tooLarge ? ~(found + 1) : found + 1;
}

function digitsOf(length: number): number {
  let digits = 1;
  for (let rest = length; rest >= 10; rest = Math.floor(rest / 10)) digits += 1;
  return digits;
}

function fail(code: WireErrorCode, offset: number, detail: string): WireError {
  return new WireError(code, offset, detail);
}

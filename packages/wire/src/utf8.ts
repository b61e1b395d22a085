const CHUNK_UNITS = 4096;

/**
 * Counts the code points of UTF-8 bytes, or returns −1 where they are not UTF-8 (WIRE-5).
 * Refused are bad lead bytes, missing or wrong continuation bytes, overlong forms, surrogates and values above U+10FFFF;
 * noncharacters such as U+FFFE pass and nothing is normalised. Linear, without allocation. Empty input counts 0.
 */
export function countCodePoints(bytes: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < bytes.length; count += 1) {
    const length = sequenceLength(bytes, at);
    if (length === 0) return -1;
    at += length;
  }
  return count;
}

/**
 * Reads UTF-8 bytes as text, or returns `undefined` where {@link countCodePoints} returns −1.
 * A byte order mark is kept as the character it is.
 */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  let text = '';
  let units = new Array<number>(Math.min(bytes.length, CHUNK_UNITS));
  let count = 0;
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at]!;
    if (first < 0x80) {
      units[count++] = first;
      at += 1;
    } else {
      const length = sequenceLength(bytes, at);
      if (length === 0) return undefined;
      const point = codePointAt(bytes, at, length);
      if (point >= 0x10000) units[count++] = 0xd800 + ((point - 0x10000) >> 10);
      units[count++] = point < 0x10000 ? point : 0xdc00 + ((point - 0x10000) & 0x3ff);
      at += length;
    }
    if (count >= CHUNK_UNITS) {
      text += textOfUnits(units, count);
      units = new Array<number>(Math.min(bytes.length - at, CHUNK_UNITS));
      count = 0;
    }
  }
  return text + textOfUnits(units, count);
}

/** Writes text as UTF-8 bytes. Throws `RangeError` for a lone surrogate, which has no UTF-8 form. */
export function encodeUtf8(text: string): Uint8Array {
  const ascii = new Uint8Array(text.length);
  for (let at = 0; ; at += 1) {
    if (at === text.length) return ascii;
    const unit = text.charCodeAt(at);
    if (unit >= 0x80) break;
    ascii[at] = unit;
  }
  const bytes = new Uint8Array(3 * text.length);
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    const point = text.codePointAt(at)!;
    if (point < 0x80) {
      bytes[length++] = point;
      continue;
    }
    if (point >= 0xd800 && point <= 0xdfff) throw new RangeError(`text has a lone surrogate at ${at}`);
    if (point < 0x800) {
      bytes[length++] = 0xc0 | (point >> 6);
    } else {
      if (point < 0x10000) {
        bytes[length++] = 0xe0 | (point >> 12);
      } else {
        at += 1;
        bytes[length++] = 0xf0 | (point >> 18);
        bytes[length++] = 0x80 | ((point >> 12) & 0x3f);
      }
      bytes[length++] = 0x80 | ((point >> 6) & 0x3f);
    }
    bytes[length++] = 0x80 | (point & 0x3f);
  }
  return bytes.slice(0, length);
}

/** Lower-cases A–Z and nothing else, whatever the locale (deployed nodes lower-case tags and mentions so). */
export function asciiLowerCase(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Length of the well-formed sequence at `at`, or 0. The bounds of the second byte exclude overlong forms and surrogates. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const second = bytes[at + 1] ?? 0;
  if (first < 0xe0) return isContinuation(second) ? 2 : 0;
  const least = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const most = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < least || second > most || !isContinuation(bytes[at + 2] ?? 0)) return 0;
  if (first < 0xf0) return 3;
  return isContinuation(bytes[at + 3] ?? 0) ? 4 : 0;
}

function textOfUnits(units: number[], count: number): string {
  if (units.length !== count) units.length = count;
  return String.fromCharCode.apply(undefined, units);
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

function codePointAt(bytes: Uint8Array, at: number, length: number): number {
  let point = bytes[at]! & (0xff >> (length + 1));
  for (let index = 1; index < length; index += 1) point = (point << 6) | (bytes[at + index]! & 0x3f);
  return point;
}

import { utf8ToBytes } from '@noble/hashes/utils.js';

/** The UTF-8 form of a text. Lone surrogates become U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  return utf8ToBytes(text);
}

/** The text of well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates), or undefined. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    if (length === 0) return undefined;
    let point = length === 1 ? bytes[at]! : bytes[at]! & (0xff >> (length + 1));
    for (let index = 1; index < length; index += 1) point = (point << 6) | (bytes[at + index]! & 0x3f);
    text += String.fromCodePoint(point);
    at += length;
  }
  return text;
}

/** Length of the well-formed sequence at `at`, or 0. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const least = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const most = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  const second = bytes[at + 1] ?? 0;
  if (second < least || second > most) return 0;
  for (let index = 2; index < length; index += 1) {
    if (((bytes[at + index] ?? 0) & 0xc0) !== 0x80) return 0;
  }
  return length;
}

import { sha256 } from '@noble/hashes/sha2.js';
import { PEERSTER_LIMITS } from './limits.ts';
import type { Profile } from './profile.ts';
import { serialisedForName } from './public-key.ts';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const NAME_HASH_BYTES = 10;
const QUANTUM = 8;
const NEW_LINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const PADDING = 0x3d;
/** Two-byte UTF-8 letters whose upper-case form is an ASCII letter: ı (U+0131) gives I, ſ (U+017F) gives S. */
const DOTLESS_I: readonly [number, number] = [0xc4, 0xb1];
const LONG_S: readonly [number, number] = [0xc5, 0xbf];

/**
 * The name that a public key certifies itself: base32 in lower case of the first 80 bits of its SHA-256, 16 characters
 * (PEERSTER-8). `key` is the serialised key of 260 bytes, which is not checked; leading zero bytes of the modulus are
 * left out of the hash, as the original leaves them out.
 */
export function deriveName(key: Uint8Array): string {
  const hash = sha256(serialisedForName(key));
  let name = '';
  let bits = 0;
  let held = 0;
  for (let index = 0; index < NAME_HASH_BYTES; index += 1) {
    held = (held << 8) | hash[index]!;
    for (bits += 8; bits >= 5; bits -= 5) name += ALPHABET[(held >>> (bits - 5)) & 31];
    held &= 0xff;
  }
  return name;
}

/** Whether bytes are a name as PEERSTER-9 wants it: 16 characters of `a`–`z` and `2`–`7`. */
export function isName(bytes: Uint8Array): boolean {
  if (bytes.length !== PEERSTER_LIMITS.nameLength) return false;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index]!;
    if (!((byte >= 0x61 && byte <= 0x7a) || (byte >= 0x32 && byte <= 0x37))) return false;
  }
  return true;
}

/**
 * Whether bytes pass for a name (PEERSTER-9). `strict`: {@link isName}. `compat`: 16 bytes which, upper-cased and without
 * line breaks, are padded base32, as the original's library reads it.
 */
export function isAcceptedName(bytes: Uint8Array, profile: Profile): boolean {
  if (profile === 'strict' || isName(bytes)) return isName(bytes);
  return bytes.length === PEERSTER_LIMITS.nameLength && isPaddedBase32(upperCased(bytes));
}

/** The text of a name: one character a byte. Only for bytes that {@link isName} accepted, or as a key of a table. */
export function nameText(bytes: Uint8Array): string {
  let text = '';
  for (let index = 0; index < bytes.length; index += 1) text += String.fromCharCode(bytes[index]!);
  return text;
}

/** The bytes of a name. Throws `TypeError` for characters beyond ASCII: the caller has mistaken a text for a name. */
export function nameBytes(name: string): Uint8Array {
  const bytes = new Uint8Array(name.length);
  for (let index = 0; index < name.length; index += 1) {
    const code = name.charCodeAt(index);
    if (code > 0x7f) throw new TypeError('a name consists of ASCII characters');
    bytes[index] = code;
  }
  return bytes;
}

/** Upper-cases as the original does and leaves line breaks out; a character without ASCII form becomes NUL. */
function upperCased(bytes: Uint8Array): number[] {
  const letters: number[] = [];
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index]!;
    if (byte === NEW_LINE || byte === CARRIAGE_RETURN) continue;
    const next = bytes[index + 1];
    if (byte === LONG_S[0] && next === LONG_S[1]) letters.push(0x53);
    else if (byte === DOTLESS_I[0] && next === DOTLESS_I[1]) letters.push(0x49);
    else {
      letters.push(byte > 0x7f ? 0 : byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte);
      continue;
    }
    index += 1;
  }
  return letters;
}

/** RFC 4648 section 6 in whole quanta of eight; only the last may be padded, to 2, 4, 5 or 7 letters. */
function isPaddedBase32(letters: readonly number[]): boolean {
  if (letters.length % QUANTUM !== 0) return false;
  const padding = letters.indexOf(PADDING);
  const used = padding < 0 ? letters.length : padding;
  if (letters.length - used >= QUANTUM || letters.slice(used).some((letter) => letter !== PADDING)) return false;
  const last = used % QUANTUM;
  if (last === 1 || last === 3 || last === 6) return false;
  return letters
    .slice(0, used)
    .every((letter) => (letter >= 0x41 && letter <= 0x5a) || (letter >= 0x32 && letter <= 0x37));
}

import { base64 } from '@scure/base';
import { WireError } from './errors.ts';
import type { Profile } from './profile.ts';
import { ByteReader } from './reader.ts';
import { ByteWriter } from './writer.ts';

const SCHEME = 'twist:';
const ENCODED_LENGTH = 12;
const SIGNIFICANT_LENGTH = 11;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** What a short URL points to: the post whose `url` field holds the long one (WIRE-36). */
export interface ShortUrl {
  /** uint32: ordinal of the author's registration among all transactions of the active chain, the genesis one being 0. */
  readonly uid: number;
  /** uint32: number of the post. */
  readonly k: number;
}

/** Writes a short URL (WIRE-36): `twist:` and the Base64 of both integers, little-endian. */
export function encodeShortUrl({ uid, k }: ShortUrl): string {
  return SCHEME + base64.encode(new ByteWriter(8).u32le(uid).u32le(k).finish());
}

/**
 * Reads a short URL (WIRE-36). Throws {@link WireError} `bad-url`, the offset counting characters.
 * Canonical: exactly what {@link encodeShortUrl} writes. Deployed: at least 12 characters after the scheme, of which the first 11
 * must be of the Base64 alphabet and the others are not looked at.
 */
export function decodeShortUrl(url: string, profile: Profile = 'canonical'): ShortUrl {
  if (!url.startsWith(SCHEME)) throw badUrl(0, `a short URL starts with ${SCHEME}`);
  const significant = url.slice(SCHEME.length, SCHEME.length + SIGNIFICANT_LENGTH);
  let bits = 0n;
  for (let index = 0; index < significant.length; index += 1) {
    const digit = ALPHABET.indexOf(significant.charAt(index));
    if (digit < 0) throw badUrl(SCHEME.length + index, 'the character is not of the Base64 alphabet');
    bits = (bits << 6n) | BigInt(digit);
  }
  if (url.length < SCHEME.length + ENCODED_LENGTH) {
    throw badUrl(url.length, `${ENCODED_LENGTH} characters follow the scheme`);
  }
  const bytes = Uint8Array.from({ length: 8 }, (_, index) => Number((bits >> BigInt(58 - 8 * index)) & 0xffn));
  const reader = new ByteReader(bytes);
  const value = { uid: reader.u32le(), k: reader.u32le() };
  if (profile === 'canonical' && encodeShortUrl(value) !== url) {
    throw badUrl(SCHEME.length + SIGNIFICANT_LENGTH, 'the Base64 is not the one form of these numbers');
  }
  return value;
}

function badUrl(offset: number, detail: string): WireError {
  return new WireError('bad-url', offset, detail);
}

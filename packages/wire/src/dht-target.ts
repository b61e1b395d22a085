import { sha1 } from '@noble/hashes/legacy.js';
import { encodeBencode } from './bencode/encode.ts';
import { bencodeDict } from './bencode/value.ts';

/**
 * The bytes whose SHA-1 addresses a resource of the DHT (DHT-4): the canonical bencode of `{n, r, t}`.
 * `n` is the name of a user or the word, `r` the resource (`profile`, `post7`, `hashtag` …), `t` is `s` for single and `m` for
 * multi values. Nothing about them is checked.
 */
export function dhtTargetBytes(n: Uint8Array, r: string, t: string): Uint8Array {
  return encodeBencode(bencodeDict({ n, r, t }));
}

/**
 * The 20-byte target of a resource (DHT-4). The target of (user, `tracker`, `m`) is the info-hash of the swarm of that user.
 *
 * @example
 * ```ts
 * const infoHash = dhtTarget(encodeUtf8('mfreitas'), 'tracker', 'm'); // 5cebb4b6378b39ee…
 * ```
 */
export function dhtTarget(n: Uint8Array, r: string, t: string): Uint8Array {
  return sha1(dhtTargetBytes(n, r, t));
}

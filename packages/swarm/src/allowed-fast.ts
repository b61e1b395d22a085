import { sha1 } from '@noble/hashes/legacy.js';

const IP_BYTES = 4;
const HASH_BYTES = 20;

/**
 * The pieces that a peer may have without being unchoked (SWARM-16, BEP 6): `count` different numbers below `pieces`, drawn from
 * SHA-1( address ‖ info-hash ) and its repeated hashes, five from each; all of them, rising, where there are no more than `count`.
 * `ip` is an IPv4 address; anything else counts as 0.0.0.0. As deployed nodes do, the whole address is hashed, not its first three bytes.
 */
export function allowedFastSet(infoHash: Uint8Array, ip: string | undefined, pieces: number, count: number): number[] {
  if (pieces <= count) return Array.from({ length: pieces }, (_, piece) => piece);
  const seed = new Uint8Array(IP_BYTES + HASH_BYTES);
  seed.set((ip ?? '').split('.', IP_BYTES).map(Number));
  seed.set(infoHash, IP_BYTES);
  const chosen = new Set<number>();
  if (count <= 0) return [];
  for (let hash = sha1(seed); ; hash = sha1(hash)) {
    const view = new DataView(hash.buffer, hash.byteOffset, hash.length);
    for (let at = 0; at < HASH_BYTES; at += 4) {
      chosen.add(view.getUint32(at) % pieces);
      if (chosen.size === count) return [...chosen];
    }
  }
}

import { sha1 } from '@noble/hashes/legacy.js';
import { type DhtVerdict, refuse, refuseMissing } from './codes.ts';
import { DHT_LIMITS } from './limits.ts';

const IPV4_MASK: readonly number[] = [0x01, 0x07, 0x1f, 0x7f];
const IPV6_MASK: readonly number[] = [0x00, 0x01, 0x03, 0x07, 0x0f, 0x1f, 0x3f, 0x7f];
const IPV4_BYTES = 4;
const IPV6_BYTES = 16;
/** Bits of the last byte of an id that take part in its prefix. */
const SEED_BITS = 7;

/**
 * Makes a node id for an address (DHT-1): four bytes from the address and `r`, 15 free bytes, `r`.
 * `address` is 4 or 16 octets; `random` is 16 bytes, the free ones and then `r`. Throws `RangeError` for other lengths.
 * The same address can have 8 different prefixes, and masking makes neighbours of many addresses.
 */
export function deriveNodeId(address: Uint8Array, random: Uint8Array): Uint8Array {
  const freeBytes = DHT_LIMITS.idBytes - DHT_LIMITS.idPrefixBytes;
  if (random.length !== freeBytes) throw new RangeError(`random must be ${freeBytes} bytes, got ${random.length}`);
  const id = new Uint8Array(DHT_LIMITS.idBytes);
  id.set(prefixOf(address, random[freeBytes - 1]!));
  id.set(random, DHT_LIMITS.idPrefixBytes);
  return id;
}

/**
 * Decides whether the sender of a request may use this node id (DHT-2).
 * `address` is the source address, 4 or 16 octets (`RangeError` otherwise); addresses of private and local ranges may use any id.
 * Refuses with `missing-key`, `bad-node-id` (not 20 bytes) and `wrong-node-id`; to the last one a node answers with the caller's
 * address, not with an error.
 */
export function checkNodeId(id: Uint8Array | undefined, address: Uint8Array): DhtVerdict {
  if (id === undefined) return refuseMissing('id');
  if (id.length !== DHT_LIMITS.idBytes) return refuse('bad-node-id', `a node id of ${id.length} bytes`);
  if (isExempt(address)) return { ok: true };
  const expected = prefixOf(address, id[DHT_LIMITS.idBytes - 1]!);
  if (expected.every((byte, index) => byte === id[index])) return { ok: true };
  return refuse('wrong-node-id', 'the node id does not belong to the address that it came from');
}

function prefixOf(address: Uint8Array, r: number): Uint8Array {
  const mask = isIpv4(address) ? IPV4_MASK : IPV6_MASK;
  const masked = Uint8Array.from([...mask.map((bits, index) => bits & address[index]!), r & SEED_BITS]);
  return sha1(masked).subarray(0, DHT_LIMITS.idPrefixBytes);
}

/** Private, link-local and loopback addresses, as the reference implementation counts them: of IPv6 only `::1`. */
function isExempt(address: Uint8Array): boolean {
  if (!isIpv4(address)) return address.every((octet, index) => octet === (index === IPV6_BYTES - 1 ? 1 : 0));
  const [first, second] = [address[0]!, address[1]!];
  if (first === 10 || first === 127) return true;
  if (first === 172) return second >= 16 && second < 32;
  return (first === 192 && second === 168) || (first === 169 && second === 254);
}

function isIpv4(address: Uint8Array): boolean {
  if (address.length !== IPV4_BYTES && address.length !== IPV6_BYTES) {
    throw new RangeError(`an address has 4 or 16 octets, got ${address.length}`);
  }
  return address.length === IPV4_BYTES;
}

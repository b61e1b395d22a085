import { parseIpAddress } from './ip-address.ts';

/** An IP address in its text form and a UDP or TCP port. */
export interface Endpoint {
  /** As {@link parseIpAddress} reads it. */
  readonly ip: string;
  /** 0…65,535; nobody is reached at 0. */
  readonly port: number;
}

/**
 * Tells in which group of addresses an endpoint is, for every limit that counts addresses (DHT-33).
 * `bits` is the length of the prefix that makes a group of IPv4 addresses: 32 for one address, 28 and 24 for its neighbourhood.
 * Endpoints are in one group when the answer is the same text.
 */
export type AddressGroup = (endpoint: Endpoint, bits: number) => string;

const OCTET_BITS = 8;
const IPV4_BYTES = 4;
const IPV6_LOOPBACK = '::1';

/** The two texts of an endpoint are the same if and only if it is the same endpoint. */
export function endpointKey({ ip, port }: Endpoint): string {
  return `${ip}:${port}`;
}

/** Whether this is an address of the own machine: 127/8 or `::1`. */
export function isLoopback(ip: string): boolean {
  return ip.startsWith('127.') || ip === IPV6_LOOPBACK;
}

/**
 * The usual {@link AddressGroup}: prefixes of IPv4 addresses, prefixes of twice the length of IPv6 addresses, and on the own machine every
 * address and port for itself.
 */
export function groupByPrefix(endpoint: Endpoint, bits: number): string {
  const { ip } = endpoint;
  if (isLoopback(ip)) return endpointKey(endpoint);
  const octets = parseIpAddress(ip);
  if (octets === undefined) return ip;
  if (octets.length === IPV4_BYTES) return prefixOf(octets, bits);
  return `v6 ${prefixOf(octets, 2 * bits)}`;
}

function prefixOf(octets: Uint8Array, bits: number): string {
  const kept = octets.slice(0, Math.ceil(bits / OCTET_BITS));
  const odd = bits % OCTET_BITS;
  if (odd !== 0) kept[kept.length - 1]! &= 0xff << (OCTET_BITS - odd);
  return kept.join('.');
}

import { isIPv4, SocketAddress } from 'node:net';

const BYTES = 16;
const IPV4_AT = 12;

/** An address as the chain network writes it: 16 bytes, IPv4 after `00…00ffff`. */
export function addressBytes(ip: string): Uint8Array {
  const bytes = new Uint8Array(BYTES);
  if (isIPv4(ip)) {
    bytes.fill(0xff, IPV4_AT - 2, IPV4_AT);
    bytes.set(ip.split('.').map(Number), IPV4_AT);
    return bytes;
  }
  const [head = '', tail] = ip.split('::');
  const groups = (text: string | undefined) => (text ? text.split(':').map((group) => Number.parseInt(group, 16)) : []);
  const [left, right] = [groups(head), groups(tail)];
  const all = [...left, ...new Array<number>(BYTES / 2 - left.length - right.length).fill(0), ...right];
  for (const [at, group] of all.entries()) bytes.set([group >> 8, group & 0xff], 2 * at);
  return bytes;
}

/** The text of such an address. */
export function addressText(bytes: Uint8Array): string {
  const mapped = bytes.every((byte, at) => at >= IPV4_AT || byte === (at >= IPV4_AT - 2 ? 0xff : 0));
  if (mapped) return bytes.subarray(IPV4_AT).join('.');
  const groups = Array.from({ length: BYTES / 2 }, (_, at) =>
    ((bytes[2 * at]! << 8) | bytes[2 * at + 1]!).toString(16),
  );
  return new SocketAddress({ address: groups.join(':'), family: 'ipv6' }).address;
}

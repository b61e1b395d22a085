/** Where an IPv4 address starts in an IPv4-mapped one. */
const IPV4_AT = 12;

/**
 * Whether an address, 16 bytes with IPv4 mapped, can be reached over the open internet: not unspecified, loopback, private
 * (RFC 1918, RFC 4193), link-local (RFC 3927, RFC 4862) or ORCHID (RFC 4843).
 */
export function isRoutable(ip: Uint8Array): boolean {
  if (ip.length !== 16) return false;
  const isMapped = ip.every((byte, at) => at >= IPV4_AT || byte === (at >= 10 ? 0xff : 0));
  if (isMapped) {
    const [first, second] = [ip[IPV4_AT]!, ip[IPV4_AT + 1]!];
    if (first === 0 || first === 10 || first === 127 || first === 255) return false;
    if (first === 172 && second >= 16 && second < 32) return false;
    return !(first === 192 && second === 168) && !(first === 169 && second === 254);
  }
  if (ip.every((byte, at) => byte === (at === 15 ? ip[15] : 0)) && ip[15]! <= 1) return false;
  if ((ip[0]! & 0xfe) === 0xfc) return false;
  if (ip[0] === 0xfe && ip[1] === 0x80) return false;
  return !(ip[0] === 0x20 && ip[1] === 0x01 && ip[2] === 0 && (ip[3]! & 0xf0) === 0x10);
}

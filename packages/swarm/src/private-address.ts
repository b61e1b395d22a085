/**
 * Tells whether an IPv4 address, four decimal numbers with dots between, is of a private range, link-local or loopback (SWARM-17):
 * 10/8, 172.16/12, 192.168/16, 169.254/16, 127/8. False for anything else, text that is no address included.
 */
export function isPrivateAddress(ip: string): boolean {
  const [first, second] = ip.split('.').map(Number);
  if (first === 10 || first === 127) return true;
  if (first === 172) return second !== undefined && second >= 16 && second <= 31;
  return (first === 192 && second === 168) || (first === 169 && second === 254);
}

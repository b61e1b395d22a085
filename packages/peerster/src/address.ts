/**
 * The group of an address that limits count together (PEERSTER-29): the host, without the port. Loopback hosts are told
 * apart by the port as well, so that a whole network runs on one machine.
 */
export function hostGroup(address: string): string {
  const colon = address.lastIndexOf(':');
  const host = colon < 0 ? address : address.slice(0, colon);
  return host.startsWith('127.') || host === 'localhost' || host === '[::1]' ? address : host;
}

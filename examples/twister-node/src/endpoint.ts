import { isIP, isIPv6 } from 'node:net';

/** An address and a port. */
export interface Endpoint {
  /** IPv4 dotted, or IPv6 without brackets. */
  readonly ip: string;
  readonly port: number;
}

const WITH_PORT = /^(?:\[([^\]]+)\]|([^:]+)):([0-9]{1,5})$/;
const MAPPED = /^::ffff:(?=[0-9.]+$)/i;

/** Reads `IP:PORT` or `[IPV6]:PORT`; undefined for anything else. With a default, the port may be left out. */
export function parseEndpoint(text: string, defaultPort?: number): Endpoint | undefined {
  const [, bracketed, plain, digits] = WITH_PORT.exec(text) ?? [];
  const ip = bracketed ?? plain;
  if (ip !== undefined) {
    const port = Number(digits);
    return isIP(ip) !== 0 && port >= 1 && port <= 0xffff ? { ip, port } : undefined;
  }
  return defaultPort !== undefined && isIP(text) !== 0 ? { ip: text, port: defaultPort } : undefined;
}

/** Writes an endpoint as `IP:PORT` or `[IPV6]:PORT`. */
export function formatEndpoint({ ip, port }: Endpoint): string {
  return isIPv6(ip) ? `[${ip}]:${port}` : `${ip}:${port}`;
}

/** An address as sockets that speak both families report it, without the mark of a mapped IPv4 address. */
export function plainIp(ip: string): string {
  return ip.replace(MAPPED, '');
}

/** Whether an address is this machine's own. */
export function isLoopback(ip: string): boolean {
  return ip === '::1' || ip.startsWith('127.');
}

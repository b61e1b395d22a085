import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';

/** Joins host and port as peers are written; IPv6 hosts stand in brackets. */
export function formatAddress(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Splits `host:port`; undefined where it is none. */
export function splitAddress(address: string): { readonly host: string; readonly port: number } | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]+)):(\d{1,5})$/.exec(address);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  return host === undefined || port < 1 || port > 65_535 ? undefined : { host, port };
}

/** Resolves `host:port` once to a numeric address of the family; undefined where that is impossible. */
export async function resolveAddress(address: string, family: 4 | 6): Promise<string | undefined> {
  const parts = splitAddress(address);
  if (parts === undefined) return undefined;
  if (isIP(parts.host) === family) return formatAddress(parts.host, parts.port);
  try {
    const { address: host } = await lookup(parts.host, { family });
    return formatAddress(host, parts.port);
  } catch {
    return undefined;
  }
}

/**
 * A transport address as one integer: IPv4 host × 65,536 + port. Integers compare and hash fast and are plain data;
 * {@link formatAddress}, {@link hostOf} and {@link portOf} give an engine the shape that it wants.
 */
export type Address = number;

/** Number of ports of a host. */
export const PORTS = 65_536;

/** The address of a port (0 … 65,535) on a host (a 32-bit IPv4 address as an unsigned integer). */
export function addressAt(host: number, port: number): Address {
  if (!(Number.isInteger(host) && host >= 0 && host <= 0xffff_ffff)) throw new RangeError(`no IPv4 host: ${host}`);
  if (!(Number.isInteger(port) && port >= 0 && port < PORTS)) throw new RangeError(`no port: ${port}`);
  return host * PORTS + port;
}

/** The host of an address, an unsigned 32-bit integer. */
export function hostOf(address: Address): number {
  return Math.floor(address / PORTS);
}

/** The port of an address, 0 … 65,535. */
export function portOf(address: Address): number {
  return address % PORTS;
}

/** The usual text of an address: `11.0.3.1:4000`. */
export function formatAddress(address: Address): string {
  const host = hostOf(address);
  return `${host >>> 24}.${(host >>> 16) & 255}.${(host >>> 8) & 255}.${host & 255}:${portOf(address)}`;
}

/** Reads what {@link formatAddress} writes, and nothing else; `undefined` for any other text. */
export function parseAddress(text: string): Address | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3}):(\d{1,5})$/.exec(text);
  if (match === null) return undefined;
  const [a, b, c, d, port] = match.slice(1).map(Number) as [number, number, number, number, number];
  const address = (a * 0x100_0000 + b * 0x1_0000 + c * 0x100 + d) * PORTS + port;
  return formatAddress(address) === text ? address : undefined;
}

/** Whether this is an address at all: an integer with a 32-bit host and a port that is not zero. */
export function isAddress(value: unknown): value is Address {
  if (!Number.isInteger(value)) return false;
  const address = value as number;
  return address >= 0 && address < 0x1_0000_0000_0000 && address % PORTS !== 0;
}

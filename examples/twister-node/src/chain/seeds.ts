import { resolve4 } from 'node:dns/promises';
import type { Endpoint } from '../endpoint.ts';
import type { Logger } from '../log.ts';
import type { AddressBook } from './address-book.ts';

/** The DNS seeds of the deployed network. */
const SEEDS: readonly string[] = [
  'seed.twister.net.co',
  'seed2.twister.net.co',
  'seed3.twister.net.co',
  'dnsseed.gombadi.com',
  'twisterseed.tk',
  'cruller.tasty.sexy',
  'twister-seeder.muh.freedu.ms',
  'twisterarmyseed.tk',
];
const DEFAULT_PORT = 28_333;
const POLYNOMIAL = 0x1021;

/** Asks the seeds for addresses, one after the other; one that does not answer is left out. */
export async function seedAddresses(book: AddressBook, log: Logger): Promise<void> {
  for (const host of SEEDS) {
    const plain = await resolve4(host).catch(() => []);
    const paired = await resolve4(`nonstd.${host}`).catch(() => []);
    const found = [...plain.map((ip) => ({ ip, port: DEFAULT_PORT })), ...pairAddresses(paired)];
    for (const endpoint of found) book.addEndpoint(endpoint, Date.now());
    log.info({ host, found: found.length }, 'a seed was asked');
  }
}

/**
 * Reads addresses with ports out of a list in which each node has two: its own, and one whose first two octets are the CRC-16 of the own one and
 * whose last two are the port. Addresses without a partner are left out.
 */
export function pairAddresses(addresses: readonly string[]): Endpoint[] {
  const octets = addresses.map((ip) => ip.split('.').map(Number));
  return addresses.flatMap((ip, at) => {
    const crc = crc16(octets[at]!);
    const partner = octets.find((other, index) => index !== at && (other[0]! << 8) + other[1]! === crc);
    const port = partner === undefined ? 0 : (partner[2]! << 8) + partner[3]!;
    return port === 0 ? [] : [{ ip, port }];
  });
}

function crc16(bytes: readonly number[]): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = ((crc << 1) ^ (crc & 0x8000 ? POLYNOMIAL : 0)) & 0xffff;
  }
  return crc;
}

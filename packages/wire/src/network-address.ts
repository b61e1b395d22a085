import { WIRE_LIMITS } from './limits.ts';
import type { ByteReader } from './reader.ts';
import type { ByteWriter } from './writer.ts';

/** Where a node can be reached and what it offers (WIRE-20). */
export interface NetworkAddress {
  /** uint64 of flags; 1 is a node that has blocks, the only flag of twister. */
  readonly services: bigint;
  /** 16 bytes: IPv6, or IPv4 after `00…00ffff`. */
  readonly ip: Uint8Array;
  /** uint16, the only big-endian integer of the chain side. */
  readonly port: number;
}

/** Bytes of an address without its time. */
export const NETWORK_ADDRESS_BYTES = 26;

/** Reads an address at a reader's cursor: uint64 services, 16 bytes, uint16 port with its high byte first. */
export function readNetworkAddress(reader: ByteReader): NetworkAddress {
  return { services: reader.u64le(), ip: reader.bytes(WIRE_LIMITS.addressBytes), port: reader.u16be() };
}

/** Writes what {@link readNetworkAddress} reads. */
export function writeNetworkAddress(writer: ByteWriter, address: NetworkAddress): void {
  writer.u64le(address.services).fixedBytes(address.ip, WIRE_LIMITS.addressBytes).u16be(address.port);
}

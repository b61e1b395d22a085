import type { Decoded } from './decoded.ts';
import {
  NETWORK_ADDRESS_BYTES,
  type NetworkAddress,
  readNetworkAddress,
  writeNetworkAddress,
} from './network-address.ts';
import { ByteReader } from './reader.ts';
import { ByteWriter } from './writer.ts';

/** An address of `addr`: when somebody was last known to be there (WIRE-22). */
export interface TimedAddress extends NetworkAddress {
  /** uint32, seconds since the Unix epoch. */
  readonly time: number;
}

/** Reads the payload of `addr` (WIRE-22). Throws {@link WireError} `truncated` or `too-long`; does not limit the number. */
export function decodeAddr(bytes: Uint8Array): Decoded<readonly TimedAddress[]> {
  const reader = new ByteReader(bytes);
  const count = reader.count(4 + NETWORK_ADDRESS_BYTES);
  const value: TimedAddress[] = [];
  for (let index = 0; index < count; index += 1) {
    const time = reader.u32le();
    value.push({ time, ...readNetworkAddress(reader) });
  }
  return { value, consumed: reader.offset };
}

/** Writes the payload of `addr` (WIRE-22). */
export function encodeAddr(addresses: readonly TimedAddress[]): Uint8Array {
  const writer = new ByteWriter().compactSize(addresses.length);
  for (const address of addresses) {
    writer.u32le(address.time);
    writeNetworkAddress(writer, address);
  }
  return writer.finish();
}

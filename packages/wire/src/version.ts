import type { Decoded } from './decoded.ts';
import { WIRE_LIMITS } from './limits.ts';
import { type NetworkAddress, readNetworkAddress, writeNetworkAddress } from './network-address.ts';
import { ByteReader } from './reader.ts';
import { ByteWriter } from './writer.ts';

/**
 * The payload of `version`, which opens a connection (WIRE-21). The fields from `addrMe` on may be missing, and then all that
 * follow are missing too; `addrMe` and `nonce` come together.
 */
export interface Version {
  /** int32; 70003 today, peers below 209 are refused. */
  readonly version: number;
  /** uint64 of flags, as in {@link NetworkAddress}. */
  readonly services: bigint;
  /** int64, seconds since the Unix epoch. */
  readonly time: bigint;
  /** The receiver as the sender sees it. */
  readonly addrYou: NetworkAddress;
  /** The sender as it sees itself. */
  readonly addrMe?: NetworkAddress;
  /** 8 bytes drawn anew for a node's connections, so that it recognises itself. */
  readonly nonce?: Uint8Array;
  /** User agent, such as `/twisterd:0.9.40/`: bytes, not always UTF-8. */
  readonly subver?: Uint8Array;
  /** int32, the sender's best height. */
  readonly startHeight?: number;
  /** Whether the sender wants transactions announced; true when missing. */
  readonly relay?: boolean;
}

/** Reads the payload of `version` (WIRE-21). Throws {@link WireError} `truncated` or `too-long`. */
export function decodeVersion(bytes: Uint8Array): Decoded<Version> {
  const reader = new ByteReader(bytes);
  const value: { -readonly [Field in keyof Version]: Version[Field] } = {
    version: reader.i32le(),
    services: reader.u64le(),
    time: reader.i64le(),
    addrYou: readNetworkAddress(reader),
  };
  if (reader.remaining > 0) {
    value.addrMe = readNetworkAddress(reader);
    value.nonce = reader.bytes(WIRE_LIMITS.nonceBytes);
  }
  if (reader.remaining > 0) value.subver = reader.varBytes();
  if (reader.remaining > 0) value.startHeight = reader.i32le();
  if (reader.remaining > 0) value.relay = reader.bool();
  return { value, consumed: reader.offset };
}

/** Writes the payload of `version` (WIRE-21). Throws `RangeError` for a field that is given after one that is not. */
export function encodeVersion(version: Version): Uint8Array {
  const { addrMe, nonce, subver, startHeight, relay } = version;
  const optional = [addrMe, nonce, subver, startHeight, relay];
  const given = optional.filter((field) => field !== undefined).length;
  if (given === 1 || optional.slice(0, given).includes(undefined)) {
    throw new RangeError('a field of version is given although one before it is not');
  }
  const writer = new ByteWriter().i32le(version.version).u64le(version.services).i64le(version.time);
  writeNetworkAddress(writer, version.addrYou);
  if (addrMe !== undefined) writeNetworkAddress(writer, addrMe);
  if (nonce !== undefined) writer.fixedBytes(nonce, WIRE_LIMITS.nonceBytes);
  if (subver !== undefined) writer.varBytes(subver);
  if (startHeight !== undefined) writer.i32le(startHeight);
  if (relay !== undefined) writer.bool(relay);
  return writer.finish();
}

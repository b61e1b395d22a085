import { WireError } from './errors.ts';
import { WIRE_LIMITS } from './limits.ts';
import type { Profile } from './profile.ts';
import { ByteReader } from './reader.ts';
import { ByteWriter } from './writer.ts';

/** An IPv4 endpoint as it stands in bencoded messages. */
export interface CompactPeer {
  /** Four decimal numbers with dots between. */
  readonly ip: string;
  /** 0…65,535; 0 is carried but reaches nobody. */
  readonly port: number;
}

/** A node of the DHT as `nodes` lists it. */
export interface CompactNode extends CompactPeer {
  /** 20 bytes. */
  readonly id: Uint8Array;
}

const OCTET = /^(?:0|[1-9][0-9]{0,2})$/;
const OCTETS = 4;

/**
 * Reads a `nodes` string (KRPC-8): entries of 26 bytes, each 20 bytes of id, 4 of IPv4 address, 2 of port, big-endian.
 * Throws `wrong-length` where bytes are left over; in the deployed profile those are ignored. Ids are views of the input.
 * Not checked: whether an id fits its address.
 */
export function decodeCompactNodes(bytes: Uint8Array, profile: Profile = 'canonical'): CompactNode[] {
  const count = countEntries(bytes, WIRE_LIMITS.compactNodeBytes, profile);
  const reader = new ByteReader(bytes);
  return Array.from({ length: count }, () => ({ id: reader.bytes(WIRE_LIMITS.nodeIdBytes), ...readPeer(reader) }));
}

/** Writes a `nodes` string (KRPC-8). Throws `RangeError` for an id, address or port that is none. */
export function encodeCompactNodes(nodes: readonly CompactNode[]): Uint8Array {
  const writer = new ByteWriter(nodes.length * WIRE_LIMITS.compactNodeBytes);
  for (const node of nodes) writePeer(node, writer.fixedBytes(node.id, WIRE_LIMITS.nodeIdBytes));
  return writer.finish();
}

/**
 * Reads endpoints of 6 bytes each, as peer exchange has them one behind the other and `values` of a tracker reply one a string (KRPC-8,
 * PEER-7): 4 bytes of IPv4 address, 2 of port, big-endian. Left-over bytes as in {@link decodeCompactNodes}.
 */
export function decodeCompactPeers(bytes: Uint8Array, profile: Profile = 'canonical'): CompactPeer[] {
  const count = countEntries(bytes, WIRE_LIMITS.compactPeerBytes, profile);
  const reader = new ByteReader(bytes);
  return Array.from({ length: count }, () => readPeer(reader));
}

/** Writes endpoints of 6 bytes each. Throws `RangeError` for an address or port that is none. */
export function encodeCompactPeers(peers: readonly CompactPeer[]): Uint8Array {
  const writer = new ByteWriter(peers.length * WIRE_LIMITS.compactPeerBytes);
  for (const peer of peers) writePeer(peer, writer);
  return writer.finish();
}

function countEntries(bytes: Uint8Array, entryBytes: number, profile: Profile): number {
  const count = Math.floor(bytes.length / entryBytes);
  if (profile === 'canonical' && count * entryBytes !== bytes.length) {
    throw new WireError('wrong-length', count * entryBytes, `${bytes.length} bytes are no multiple of ${entryBytes}`);
  }
  return count;
}

function readPeer(reader: ByteReader): CompactPeer {
  return { ip: reader.bytes(OCTETS).join('.'), port: reader.u16be() };
}

function writePeer(peer: CompactPeer, writer: ByteWriter): void {
  const octets = peer.ip.split('.');
  if (octets.length !== OCTETS || !octets.every((octet) => OCTET.test(octet))) {
    throw new RangeError(`${peer.ip} is no IPv4 address`);
  }
  for (const octet of octets) writer.u8(Number(octet));
  writer.u16be(peer.port);
}

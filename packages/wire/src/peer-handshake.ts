import { WireError } from './errors.ts';
import { WIRE_LIMITS } from './limits.ts';
import { ByteReader } from './reader.ts';
import { ByteWriter } from './writer.ts';

/** The first 68 bytes that each side of a swarm connection sends. */
export interface PeerHandshake {
  /** 20 bytes: the target of (user, `tracker`, `m`), see `dhtTarget`. */
  readonly infoHash: Uint8Array;
  /** 20 bytes; deployed nodes begin theirs with `-TW1000-`. */
  readonly peerId: Uint8Array;
  /** 8 bytes of flags, see {@link PEER_FEATURES}. */
  readonly reserved: Uint8Array;
}

/** Where the flags of {@link PeerHandshake.reserved} stand: byte and mask (PEER-2). */
export const PEER_FEATURES: Readonly<
  Record<'extensions' | 'dhtPort' | 'fast' | 'peek', { readonly byte: number; readonly mask: number }>
> = Object.freeze({
  extensions: { byte: 5, mask: 0x10 },
  dhtPort: { byte: 7, mask: 0x01 },
  fast: { byte: 7, mask: 0x04 },
  peek: { byte: 7, mask: 0x10 },
});

/** "twister protocollll" with its length in front. */
const PROTOCOL: readonly number[] = [
  19, 0x74, 0x77, 0x69, 0x73, 0x74, 0x65, 0x72, 0x20, 0x70, 0x72, 0x6f, 0x74, 0x6f, 0x63, 0x6f, 0x6c, 0x6c, 0x6c, 0x6c,
];

/**
 * Reads the handshake (PEER-1): byte 19, "twister protocollll", reserved, info-hash, peer id. Exactly 68 bytes.
 * Throws `WireError`: `wrong-length` for another size, `bad-handshake` for another protocol. Not checked: whether the
 * info-hash is known and what the flags ask for. The fields are views of the input.
 */
export function decodePeerHandshake(bytes: Uint8Array): PeerHandshake {
  const differs = PROTOCOL.findIndex((byte, index) => index < bytes.length && bytes[index] !== byte);
  if (differs >= 0) throw new WireError('bad-handshake', differs, 'the protocol is not "twister protocollll"');
  if (bytes.length !== WIRE_LIMITS.handshakeBytes) {
    const at = Math.min(bytes.length, WIRE_LIMITS.handshakeBytes);
    throw new WireError('wrong-length', at, `a handshake has ${WIRE_LIMITS.handshakeBytes} bytes, not ${bytes.length}`);
  }
  const reader = new ByteReader(bytes, PROTOCOL.length);
  const reserved = reader.bytes(WIRE_LIMITS.reservedBytes);
  return { infoHash: reader.bytes(WIRE_LIMITS.nodeIdBytes), peerId: reader.bytes(WIRE_LIMITS.nodeIdBytes), reserved };
}

/** Writes the 68 bytes of a handshake. Throws `RangeError` for a field of another length. */
export function encodePeerHandshake(handshake: PeerHandshake): Uint8Array {
  return new ByteWriter(WIRE_LIMITS.handshakeBytes)
    .bytes(Uint8Array.from(PROTOCOL))
    .fixedBytes(handshake.reserved, WIRE_LIMITS.reservedBytes)
    .fixedBytes(handshake.infoHash, WIRE_LIMITS.nodeIdBytes)
    .fixedBytes(handshake.peerId, WIRE_LIMITS.nodeIdBytes)
    .finish();
}

/** Whether the reserved bytes of a handshake offer a feature (PEER-2). */
export function offersFeature(reserved: Uint8Array, feature: keyof typeof PEER_FEATURES): boolean {
  const { byte, mask } = PEER_FEATURES[feature];
  return ((reserved[byte] ?? 0) & mask) !== 0;
}

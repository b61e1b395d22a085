/** Sizes that the wire formats themselves impose; see {@link WIRE_LIMITS}. */
export interface WireLimits {
  /** Largest CompactSize value, and so the largest string, list or message payload: bytes or elements (WIRE-2). */
  readonly compactSize: number;
  /** Bytes of a block header (WIRE-13). */
  readonly headerBytes: number;
  /** Bytes of a hash: block id, transaction id, Merkle node. */
  readonly hashBytes: number;
  /** Bytes of the fixed part of a message (WIRE-17). */
  readonly messageHeaderBytes: number;
  /** Bytes of the command field of a message, padded with NUL (WIRE-17). */
  readonly commandBytes: number;
  /** Transactions that a partial Merkle tree may speak about: 50,000 bytes of block by 60 bytes each (WIRE-16). */
  readonly partialTreeTransactions: number;
  /** Bytes of an IPv6 or IPv4-mapped address (WIRE-20). */
  readonly addressBytes: number;
  /** Bytes of the nonce of `version`, `ping` and `pong` (WIRE-21). */
  readonly nonceBytes: number;
  /** Lists and dictionaries inside each other in bencode, unless the caller says otherwise (BENC-11). */
  readonly bencodeDepth: number;
  /** One more than the values in one bencoded value, unless the caller says otherwise (BENC-10). */
  readonly bencodeItems: number;
  /** Bytes of bencode to read at once, unless the caller says otherwise: the largest chain message (BENC-1). */
  readonly bencodeBytes: number;
  /** Bytes of the shortest KRPC packet that is read (KRPC-1). */
  readonly krpcLeastBytes: number;
  /** Bytes of the largest datagram that deployed nodes receive whole (KRPC-1). */
  readonly krpcMostBytes: number;
  /** As `bencodeDepth`, for KRPC packets (KRPC-2). */
  readonly krpcDepth: number;
  /** As `bencodeItems`, for KRPC packets (KRPC-2). */
  readonly krpcItems: number;
  /** Bytes of a node id, an info-hash, a target. */
  readonly nodeIdBytes: number;
  /** Bytes of an entry of a `nodes` string: id, IPv4 address, port (KRPC-8). */
  readonly compactNodeBytes: number;
  /** Bytes of a peer endpoint: IPv4 address, port (KRPC-8). */
  readonly compactPeerBytes: number;
  /** Bytes of the peer-wire handshake (PEER-1). */
  readonly handshakeBytes: number;
  /** Bytes of the reserved field of that handshake (PEER-1). */
  readonly reservedBytes: number;
  /** Bytes of a peer-wire frame after its length field (PEER-3). */
  readonly frameBytes: number;
  /** Bytes of a peer exchange payload (PEER-7). */
  readonly peerExchangeBytes: number;
  /** Bytes of a proof-of-work nonce of the peek extension (PEER-4). */
  readonly hashcashNonceBytes: number;
}

/** The sizes of the wire formats. No function of this package uses another number. */
export const WIRE_LIMITS: WireLimits = Object.freeze({
  compactSize: 0x02000000,
  headerBytes: 84,
  hashBytes: 32,
  messageHeaderBytes: 24,
  commandBytes: 12,
  partialTreeTransactions: 833,
  addressBytes: 16,
  nonceBytes: 8,
  bencodeDepth: 1000,
  bencodeItems: 1_000_000,
  bencodeBytes: 0x02000000,
  krpcLeastBytes: 21,
  krpcMostBytes: 10_000,
  krpcDepth: 10,
  krpcItems: 500,
  nodeIdBytes: 20,
  compactNodeBytes: 26,
  compactPeerBytes: 6,
  handshakeBytes: 68,
  reservedBytes: 8,
  frameBytes: 0x00100000,
  peerExchangeBytes: 500 * 1024,
  hashcashNonceBytes: 9,
});

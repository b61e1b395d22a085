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
});

/** Every bound of the swarm rules; see {@link SWARM_LIMITS}. */
export interface SwarmLimits {
  /** Bytes of an info-hash (SWARM-1). */
  readonly infoHashBytes: number;
  /** Greatest index that `have` can carry, a signed 32-bit number (SWARM-3). */
  readonly index: number;
  /** Greatest index of a piece in the canonical profile, 19 bits (SWARM-3, SWARM-4). */
  readonly pieceIndex: number;
  /** What the count of pieces exceeds the greatest known index by (SWARM-3, SWARM-6). */
  readonly extraPieces: number;
  /** What the length of a bitfield, in bits, may exceed the ceiling by in the deployed profile (SWARM-4). */
  readonly bitfieldSlack: number;
  /** Nominal length of a piece, and the length in a request (SWARM-7). */
  readonly blockBytes: number;
  /** Requests of one peer that wait for their answer (SWARM-7). */
  readonly waitingRequests: number;
  /** Most bytes of a nonce (SWARM-11). */
  readonly nonceBytes: number;
  /** Bytes of the nonce that is counted up (SWARM-12). */
  readonly counterBytes: number;
  /** First value at which the counter stops (SWARM-12). */
  readonly counterEnd: number;
  /** Least difficulty, in bits (SWARM-10). */
  readonly leastBits: number;
  /** Greatest difficulty, in bits (SWARM-10). */
  readonly mostBits: number;
  /** Authorised requests a second above which the difficulty rises (SWARM-10). */
  readonly requestsPerSecond: number;
  /** Greatest difficulty that is worked for (SWARM-10, SWARM-12). */
  readonly solvedBits: number;
}

/** The bounds that are in force. Frozen; no rule of this package uses another number. */
export const SWARM_LIMITS: SwarmLimits = Object.freeze({
  infoHashBytes: 20,
  index: 0x7fffffff,
  pieceIndex: 524_287,
  extraPieces: 2,
  bitfieldSlack: 7,
  blockBytes: 16_384,
  waitingRequests: 250,
  nonceBytes: 9,
  counterBytes: 4,
  counterEnd: 0x7fff0000,
  leastBits: 16,
  mostBits: 31,
  requestsPerSecond: 50,
  solvedBits: 24,
});

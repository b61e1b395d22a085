/** The bounds of the engine, which an application may set otherwise; see {@link SWARM_LIMITS} for the values. */
export interface SwarmBounds {
  /** Connections of one swarm (SWARM-15). */
  readonly peers: number;
  /** Requests that wait for the answer of one peer (SWARM-19). */
  readonly openRequests: number;
  /** Requests of one peer that ran out of time and may still be answered (SWARM-19). */
  readonly lateRequests: number;
  /** Answers without data from one peer, after which it has none of the pieces it sends them for (SWARM-9). */
  readonly emptyAnswers: number;
  /** Pieces of one peer that nobody asked for and that are compared with the stored ones all the same (SWARM-21). */
  readonly uninvitedPieces: number;
  /** Pieces of one peer that are asked for again when the tip has risen (SWARM-20). */
  readonly postponedPieces: number;
  /** Peers outside of private ranges that are unchoked at a time (SWARM-17). */
  readonly uploadSlots: number;
  /** Pieces in the allowed-fast set that is sent (SWARM-16). */
  readonly allowedFast: number;
  /** Pieces of one peer's allowed-fast set that are remembered (SWARM-16). */
  readonly rememberedFast: number;
  /** Addresses that are told or taken in one message of peer exchange (SWARM-22). */
  readonly exchangedPeers: number;
  /** Messages of peer exchange that a peer may send within `exchangeMs` (SWARM-22). */
  readonly exchangeMessages: number;
  /** Numbers of which two posts are kept as evidence (SWARM-21). */
  readonly evidence: number;
  /** Addresses that are remembered as banned; the oldest is forgotten (SWARM-20). */
  readonly bans: number;
  /** Time for a handshake, in ms (SWARM-15). */
  readonly handshakeMs: number;
  /** Time in which the other side may end one of two connections, in ms (SWARM-15). */
  readonly twinMs: number;
  /** Silence after which a peer is given up, in ms (SWARM-23). */
  readonly silenceMs: number;
  /** Silence after which a keep-alive is sent, in ms (SWARM-23). */
  readonly keepAliveMs: number;
  /** Time for an answer to a request, in ms (SWARM-19). */
  readonly requestMs: number;
  /** Time for which a peer that was choked may go on asking, in ms (SWARM-7). */
  readonly chokedMs: number;
  /** Time for which a post that hangs on the newest block is not told, in ms (SWARM-18). */
  readonly newestBlockMs: number;
  /** Time between two bitfields to a peer that asks for what is not offered any more, in ms (SWARM-18). */
  readonly tellAgainMs: number;
  /** Time between two changes of who is unchoked, in ms (SWARM-17). */
  readonly rotationMs: number;
  /** Time until the first message of peer exchange, in ms (SWARM-22). */
  readonly firstExchangeMs: number;
  /** Time between two messages of peer exchange, in ms (SWARM-22). */
  readonly exchangeMs: number;
}

/** Every bound of the swarm rules and of the engine; see {@link SWARM_LIMITS}. */
export interface SwarmLimits extends SwarmBounds {
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
  peers: 50,
  openRequests: 50,
  lateRequests: 50,
  emptyAnswers: 3,
  uninvitedPieces: 16,
  postponedPieces: 64,
  uploadSlots: 20,
  allowedFast: 10,
  rememberedFast: 32,
  exchangedPeers: 100,
  exchangeMessages: 6,
  evidence: 100,
  bans: 1000,
  handshakeMs: 10_000,
  twinMs: 5_000,
  silenceMs: 150_000,
  keepAliveMs: 30_000,
  requestMs: 20_000,
  chokedMs: 2_000,
  newestBlockMs: 5_000,
  tellAgainMs: 1_000,
  rotationMs: 15_000,
  firstExchangeMs: 1_000,
  exchangeMs: 60_000,
});

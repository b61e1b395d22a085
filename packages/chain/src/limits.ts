/** The numbers of the chain's rules; see {@link CHAIN_LIMITS}. */
export interface ChainLimits {
  /** Largest serialised block, in bytes (CHAIN-22). */
  readonly blockBytes: number;
  /** Most transactions in a block (CHAIN-22); the size limit is reached first. */
  readonly blockTransactions: number;
  /** Largest serialised transaction, in bytes (CHAIN-20). */
  readonly transactionBytes: number;
  /** Longest promoted text, in code points (CHAIN-14). */
  readonly promotionCodePoints: number;
  /** Longest user name, in bytes (CHAIN-15, CHAIN-19). */
  readonly nameBytes: number;
  /** How far a block's time may lie ahead of the clock, in seconds (CHAIN-24). */
  readonly futureSeconds: number;
  /** How many times the median is taken of (CHAIN-9). */
  readonly medianTimes: number;
  /** Blocks between two retargets (CHAIN-7). */
  readonly retargetBlocks: number;
  /** Seconds that those blocks should take (CHAIN-7). */
  readonly retargetSeconds: number;
  /** Seconds that one block should take (CHAIN-7). */
  readonly spacingSeconds: number;
  /** Largest factor by which one retarget, or one step of the least work, changes the target (CHAIN-7, CHAIN-10). */
  readonly retargetFactor: number;
  /** Least version of a block after genesis (CHAIN-38). */
  readonly blockVersion: number;
  /** Largest version of a transaction that the pool takes (CHAIN-45). */
  readonly poolVersion: number;
  /** Blocks between two soft checkpoints (CHAIN-47). */
  readonly votePeriod: number;
  /** Votes that decide a soft checkpoint (CHAIN-51). */
  readonly votes: number;
  /** Longest Merkle branch: 50,000 bytes hold fewer than 2^12 valid transactions (CHAIN-56). */
  readonly branchHashes: number;
  /** Bytes of the two hashes under a Merkle node (CHAIN-56). */
  readonly nodeBytes: number;
  /** Largest nonce, uint32 (CHAIN-52, CHAIN-55). */
  readonly nonce: number;
  /** Misbehaviour scores that deployed nodes give, by weight; a score of 100 bans. */
  readonly penalty: {
    readonly ban: number;
    readonly work: number;
    readonly field: number;
  };
}

/** The numbers of the chain's rules. They are consensus: another value is another network. */
export const CHAIN_LIMITS: ChainLimits = Object.freeze({
  blockBytes: 50_000,
  blockTransactions: 50_000,
  transactionBytes: 512,
  promotionCodePoints: 140,
  nameBytes: 16,
  futureSeconds: 7200,
  medianTimes: 11,
  retargetBlocks: 2016,
  retargetSeconds: 1_209_600,
  spacingSeconds: 600,
  retargetFactor: 4,
  blockVersion: 2,
  poolVersion: 1,
  votePeriod: 6,
  votes: 3,
  branchHashes: 12,
  nodeBytes: 64,
  nonce: 0xffff_ffff,
  penalty: Object.freeze({ ban: 100, work: 50, field: 10 }),
});

/** What an engine remembers and for how long; see {@link ENGINE_LIMITS}. Counts, unless the name says otherwise. */
export interface EngineLimits {
  /** Blocks that wait for their parent; the one that has waited longest goes first (CHAIN-63). */
  readonly orphans: number;
  /** Blocks beside the active chain; failed ones and those of the lightest branches go first (CHAIN-64). */
  readonly sideBlocks: number;
  /** Newest blocks of the active chain whose bytes are kept although the application has a store. */
  readonly recentBlocks: number;
  /** Registrations that wait for a block; the ones with the largest ids go first (CHAIN-65). */
  readonly poolTransactions: number;
  /** Bytes of new registrations at which the pool takes no more from the network (CHAIN-65). */
  readonly poolRateBytes: number;
  /** Seconds in which that count falls to 1/e (CHAIN-65). */
  readonly poolRateSeconds: number;
  /** Largest block that is produced unless the caller says otherwise, in bytes (CHAIN-55). */
  readonly templateBytes: number;
  /** Bytes of it that are set aside for header and promotion (CHAIN-55). */
  readonly templateReservedBytes: number;
  /** Blocks below the tip that a locator names one by one, before its steps grow (CHAIN-66). */
  readonly locatorRecent: number;
  /** Milliseconds for which a chain that just moved, but is old, counts as still being loaded (CHAIN-67). */
  readonly movingMs: number;
  /** Seconds after which the newest block is old (CHAIN-67). */
  readonly oldTipSeconds: number;
}

/** What an engine remembers and for how long: a node may choose otherwise, and still be of the same network. */
export const ENGINE_LIMITS: EngineLimits = Object.freeze({
  orphans: 256,
  sideBlocks: 4096,
  recentBlocks: 16,
  poolTransactions: 5000,
  poolRateBytes: 150_000,
  poolRateSeconds: 600,
  templateBytes: 12_500,
  templateReservedBytes: 1000,
  locatorRecent: 10,
  movingMs: 10_000,
  oldTipSeconds: 86_400,
});

/** What the sessions with peers are bounded by; see {@link PEER_LIMITS}. Counts, unless the name says otherwise. */
export interface PeerLimits {
  /** Connections (CHAIN-71). */
  readonly peers: number;
  /** Places among them that are kept for connections that the node opens itself (CHAIN-71). */
  readonly outgoingPeers: number;
  /** Version of the protocol that is spoken (CHAIN-72). */
  readonly protocolVersion: number;
  /** Least version that a peer may speak (CHAIN-72). */
  readonly leastVersion: number;
  /** Least version of a peer whose `addr` is read and that is sent any (CHAIN-81). */
  readonly addressVersion: number;
  /** Largest version of a peer whose `ping` has no nonce (CHAIN-83). */
  readonly plainPingVersion: number;
  /** Least version of a peer that votes are passed on to (CHAIN-84). */
  readonly voteVersion: number;
  /** Largest message that is read, in bytes (CHAIN-69). */
  readonly messageBytes: number;
  /** Bytes of one peer that may wait to be read (CHAIN-69). */
  readonly streamBytes: number;
  /** Bytes of all peers that may wait to be read (CHAIN-69). */
  readonly allStreamBytes: number;
  /** Time for which an amount of answers is counted, in milliseconds (CHAIN-70). */
  readonly windowMs: number;
  /** Bytes of answers in that time after which a peer has to wait (CHAIN-70). */
  readonly windowBytes: number;
  /** Score that bans (CHAIN-85). */
  readonly banScore: number;
  /** How long a ban lasts, in milliseconds (CHAIN-85). */
  readonly banMs: number;
  /** Bans that are remembered; the oldest goes first (CHAIN-85). */
  readonly bans: number;
  /** Score of a message that comes too early or of a second `version` (CHAIN-85). */
  readonly penaltyOrder: number;
  /** Score of a list that is too long (CHAIN-85). */
  readonly penaltyList: number;
  /** Score of a filter that is too large or missing (CHAIN-85). */
  readonly penaltyFilter: number;
  /** Milliseconds in which a peer must have sent its `version` (CHAIN-74). */
  readonly handshakeMs: number;
  /** Milliseconds of silence after which a connection is closed (CHAIN-74). */
  readonly silenceMs: number;
  /** Milliseconds without a message to a peer after which it gets a `ping` (CHAIN-83). */
  readonly pingMs: number;
  /** Clocks of peers that are remembered (CHAIN-73). */
  readonly clockSamples: number;
  /** Clocks that there must be for them to count, the node's own among them (CHAIN-73). */
  readonly clockLeastSamples: number;
  /** Seconds from which on the median of the clocks is dropped (CHAIN-73). */
  readonly clockOffsetSeconds: number;
  /** Most inventories in a message (CHAIN-76, CHAIN-79). */
  readonly inventory: number;
  /** Inventories in a message that is sent (CHAIN-76). */
  readonly inventorySent: number;
  /** Inventories that a peer is known to know; the oldest goes first (CHAIN-76). */
  readonly inventoryKnown: number;
  /** Inventories that wait to be asked for, of one peer; more are left (CHAIN-76). */
  readonly asks: number;
  /** Inventories that were asked for of late, of all peers; the oldest goes first (CHAIN-76). */
  readonly asked: number;
  /** Milliseconds after which an inventory is asked for again (CHAIN-76). */
  readonly reaskMs: number;
  /** Blocks in the answer to `getblocks` (CHAIN-77). */
  readonly blocksTold: number;
  /** Headers in the answer to `getheaders` (CHAIN-78). */
  readonly headersTold: number;
  /** Hashes of a locator that are looked at (CHAIN-77). */
  readonly locatorHashes: number;
  /** Requests of one peer that may wait; more are left (CHAIN-79). */
  readonly requests: number;
  /** Largest filter, in bytes (CHAIN-80). */
  readonly filterBytes: number;
  /** Most hash functions of a filter (CHAIN-80). */
  readonly filterHashFuncs: number;
  /** Largest element that is added to a filter, in bytes (CHAIN-80). */
  readonly filterElementBytes: number;
  /** Most addresses in a message (CHAIN-81). */
  readonly addresses: number;
  /** Addresses in the answer to `getaddr` (CHAIN-81). */
  readonly addressesTold: number;
  /** Addresses that a peer is known to know; the oldest goes first (CHAIN-81). */
  readonly addressesKnown: number;
  /** Addresses in a message that is still passed on (CHAIN-81). */
  readonly addressesPassed: number;
  /** Peers that an address is passed on to (CHAIN-81). */
  readonly addressPeers: number;
  /** Seconds for which an address is fresh, and by which its time may lie ahead (CHAIN-81). */
  readonly addressFreshSeconds: number;
  /** Largest time of an address that is no time (CHAIN-81). */
  readonly addressNoTime: number;
  /** Seconds ago that an address with no good time counts as seen (CHAIN-81). */
  readonly addressAgeSeconds: number;
  /** Milliseconds for which a transaction is served after it was passed on (CHAIN-82). */
  readonly relayMs: number;
  /** Transactions that are served for that long; the oldest goes first (CHAIN-82). */
  readonly relayed: number;
  /** Transactions that wait to be told to one peer; more are left (CHAIN-82). */
  readonly trickled: number;
  /** Milliseconds between two turns in which one peer is told what waits (CHAIN-82). */
  readonly trickleMs: number;
  /** Blocks by which a peer may lie behind and still be asked for blocks (CHAIN-75). */
  readonly syncDepth: number;
  /** Milliseconds without a new block after which another peer is asked (CHAIN-75). */
  readonly syncStallMs: number;
  /** Blocks by which a peer may be ahead and still be told of new ones (CHAIN-76). */
  readonly announceDepth: number;
  /** Candidates for a soft checkpoint (CHAIN-84). */
  readonly voteCandidates: number;
  /** Badly signed votes of a peer after which its votes are no longer looked at (CHAIN-84). */
  readonly badVotes: number;
}

/** What the sessions with peers are bounded by: deployed nodes' numbers where they have one, and a node may choose otherwise. */
export const PEER_LIMITS: PeerLimits = Object.freeze({
  peers: 125,
  outgoingPeers: 8,
  protocolVersion: 70_003,
  leastVersion: 209,
  addressVersion: 31_402,
  plainPingVersion: 60_000,
  voteVersion: 70_002,
  messageBytes: 2_097_152,
  streamBytes: 5_000_000,
  allStreamBytes: 33_554_432,
  windowMs: 100,
  windowBytes: 1_000_000,
  banScore: 100,
  banMs: 86_400_000,
  bans: 1000,
  penaltyOrder: 1,
  penaltyList: 20,
  penaltyFilter: 100,
  handshakeMs: 60_000,
  silenceMs: 5_400_000,
  pingMs: 1_800_000,
  clockSamples: 200,
  clockLeastSamples: 5,
  clockOffsetSeconds: 4200,
  inventory: 50_000,
  inventorySent: 1000,
  inventoryKnown: 1000,
  asks: 1000,
  asked: 20_000,
  reaskMs: 120_000,
  blocksTold: 500,
  headersTold: 2000,
  locatorHashes: 2000,
  requests: 2000,
  filterBytes: 36_000,
  filterHashFuncs: 50,
  filterElementBytes: 520,
  addresses: 1000,
  addressesTold: 2500,
  addressesKnown: 1000,
  addressesPassed: 10,
  addressPeers: 2,
  addressFreshSeconds: 600,
  addressNoTime: 100_000_000,
  addressAgeSeconds: 432_000,
  relayMs: 900_000,
  relayed: 5000,
  trickled: 1000,
  trickleMs: 100,
  syncDepth: 144,
  syncStallMs: 60_000,
  announceDepth: 2000,
  voteCandidates: 64,
  badVotes: 20,
});

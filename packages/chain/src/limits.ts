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

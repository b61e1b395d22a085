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

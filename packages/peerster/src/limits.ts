/** Sizes, caps and times of the protocol and of a node; see {@link PEERSTER_LIMITS}. */
export interface PeersterLimits {
  /** Bytes of a modulus, a signature and a ciphertext (PEERSTER-6). */
  readonly modulusBytes: number;
  /** Bytes of a serialised public key (PEERSTER-6). */
  readonly keyBytes: number;
  /** Characters of a name (PEERSTER-8). */
  readonly nameLength: number;
  /** Bytes of a nonce (PEERSTER-12). */
  readonly nonceBytes: number;
  /** Bytes of a message hash (PEERSTER-12). */
  readonly hashBytes: number;
  /** Bytes of the salt of a signature that we make (PEERSTER-13). */
  readonly saltBytes: number;
  /** Bytes of the seed of an encryption (PEERSTER-15). */
  readonly seedBytes: number;
  /** Bytes of a private text at most (PEERSTER-15). */
  readonly privateTextBytes: number;
  /** Bytes of the content of a private message of the usual form (PEERSTER-14). */
  readonly privateContentBytes: number;
  /** Highest target of the proof of work, in bits (PEERSTER-16). */
  readonly maxTarget: number;
  /** Bytes of a datagram that we send or, in the strict profile, accept (PEERSTER-5). */
  readonly datagramBytes: number;
  /** Bytes of a public text at most: refused when written, and in the strict profile when received (PEERSTER-20). */
  readonly publicTextBytes: number;
  /** First message number that the strict profile refuses (PEERSTER-19). */
  readonly messageNumber: number;
  /** Bits that our own messages are mined at, at least (PEERSTER-40). */
  readonly miningTarget: number;
  /** Bytes of a status packet to a peer that understands parts (PEERSTER-39). */
  readonly statusBytes: number;
  /** Parts of the own status that one anti-entropy round sends (PEERSTER-39). */
  readonly statusPartsPerRound: number;
  /** Messages that one status brings at most (PEERSTER-33). */
  readonly pushesPerStatus: number;
  /** Bytes of answers that one peer may draw from us at once (PEERSTER-35). */
  readonly answerBurstBytes: number;
  /** Bytes of answers a second that one peer may draw from us in the long run (PEERSTER-35). */
  readonly answerBytesPerSecond: number;
  /** Time after which the same message goes to the same peer as an answer again, in milliseconds (PEERSTER-35). */
  readonly pushRepeatMs: number;
  /** How often that time doubles at most (PEERSTER-35). */
  readonly pushDoublings: number;
  /** Answers of which that is remembered (PEERSTER-35). */
  readonly pushRecords: number;
  /** A peer that lacked nothing within this time is not believed to lack much, in milliseconds (PEERSTER-35). */
  readonly suspicionMs: number;
  /** Messages that a status brings which is not believed (PEERSTER-35). */
  readonly suspectPushes: number;
  /** Messages that one status brings a learned peer that never brought a new message (PEERSTER-35). */
  readonly unprovenPushes: number;
  /** Share of the allowance for learned peers that never brought a new message: one in so many (PEERSTER-35). */
  readonly unprovenShare: number;
  /** Probes that one status starts at most (PEERSTER-38). */
  readonly probesPerStatus: number;
  /** Peers learned from their datagrams; peers added by hand come on top (PEERSTER-29). */
  readonly learnedPeers: number;
  /** Learned peers of one group of addresses (PEERSTER-29). */
  readonly learnedPerGroup: number;
  /** Peers added by hand (PEERSTER-29). */
  readonly manualPeers: number;
  /** A learned peer heard of within this time gives way to no newcomer, in milliseconds (PEERSTER-29). */
  readonly peerGraceMs: number;
  /** Rumours that may wait for a status at once (PEERSTER-31). */
  readonly waits: number;
  /** How long a rumour waits for a status, in milliseconds (PEERSTER-31). */
  readonly rumourWaitMs: number;
  /** Time between two statuses that nobody asked for, in milliseconds (PEERSTER-34). */
  readonly antiEntropyMs: number;
  /** Time between two repeated rumours, in milliseconds (PEERSTER-36). */
  readonly repeatMs: number;
  /** A sender that is no peer gets one status in this time, in milliseconds (PEERSTER-35). */
  readonly strangerMs: number;
  /** Senders that are no peers and of whom that is remembered (PEERSTER-35). */
  readonly strangers: number;
  /** Replacements of one message that are passed on (PEERSTER-27). */
  readonly replacements: number;
  /** How long replacements are counted, in milliseconds (PEERSTER-27). */
  readonly replacementWindowMs: number;
  /** Messages whose replacements are counted at once (PEERSTER-27). */
  readonly replacementRecords: number;
  /** Origins that a node stores messages of (PEERSTER-28). */
  readonly origins: number;
  /** Messages of one origin that are kept whole (PEERSTER-28). */
  readonly messagesPerOrigin: number;
  /** Messages of an origin that pruning for space leaves, beside the announcement (PEERSTER-28). */
  readonly keptSuffix: number;
  /** Bytes of all stored messages, as datagrams (PEERSTER-28). */
  readonly storeBytes: number;
  /** Identities of one node (PEERSTER-40). */
  readonly identities: number;
  /** Texts of one identity that wait for their proof of work (PEERSTER-40). */
  readonly submissions: number;
  /** Public keys held ready for verification. */
  readonly preparedKeys: number;
  /** Messages that a light client asks for at once (PEERSTER-41). */
  readonly lightRequests: number;
  /** log2 of the cost of the key derivation of a key file, at most (PEERSTER-42). */
  readonly keyFileCost: number;
}

/** The numbers of `spec/peerster.md`. A node takes overrides of the caps and times, never of the sizes of the protocol. */
export const PEERSTER_LIMITS: PeersterLimits = Object.freeze({
  modulusBytes: 256,
  keyBytes: 260,
  nameLength: 16,
  nonceBytes: 16,
  hashBytes: 32,
  saltBytes: 222,
  seedBytes: 32,
  privateTextBytes: 190,
  privateContentBytes: 514,
  maxTarget: 64,
  datagramBytes: 60_000,
  publicTextBytes: 1_024,
  messageNumber: 2 ** 24,
  miningTarget: 18,
  statusBytes: 1_200,
  statusPartsPerRound: 4,
  pushesPerStatus: 256,
  answerBurstBytes: 262_144,
  answerBytesPerSecond: 65_536,
  pushRepeatMs: 900,
  pushDoublings: 6,
  pushRecords: 16_384,
  suspicionMs: 60_000,
  suspectPushes: 4,
  unprovenPushes: 16,
  unprovenShare: 8,
  probesPerStatus: 8,
  learnedPeers: 256,
  learnedPerGroup: 32,
  manualPeers: 1_024,
  peerGraceMs: 10_000,
  waits: 4_096,
  rumourWaitMs: 1_000,
  antiEntropyMs: 1_000,
  repeatMs: 60_000,
  strangerMs: 5_000,
  strangers: 1_024,
  replacements: 4,
  replacementWindowMs: 3_600_000,
  replacementRecords: 10_000,
  origins: 50_000,
  messagesPerOrigin: 10_000,
  keptSuffix: 100,
  storeBytes: 2 ** 30,
  identities: 64,
  submissions: 64,
  preparedKeys: 1_024,
  lightRequests: 64,
  keyFileCost: 20,
});

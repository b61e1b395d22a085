/** Every bound of the DHT rules; see {@link DHT_LIMITS}. */
export interface DhtLimits {
  /** Bytes of a node id and of a target (DHT-1, DHT-4). */
  readonly idBytes: number;
  /** Bytes of a node id that its address decides (DHT-1). */
  readonly idPrefixBytes: number;
  /** Most raw bytes of `p` of a multi value (DHT-7). */
  readonly multiBytes: number;
  /** Most raw bytes of `p` of a single value (DHT-7). */
  readonly singleBytes: number;
  /** Entries of a target dictionary (DHT-8). */
  readonly targetEntries: number;
  /** Most bytes of a resource name (DHT-12). */
  readonly resourceBytes: number;
  /** Greatest sequence number, canonical profile (DHT-13). */
  readonly seq: number;
  /** Blocks that the height of a value may lie above the tip (DHT-14). */
  readonly futureBlocks: number;
  /** Seconds that the time of a value may lie ahead of the clock (DHT-15). */
  readonly futureSeconds: number;
  /** Containers inside each other in a `p` that is put (DHT-5). */
  readonly putDepth: number;
  /** Bencoded values in a `p` that is put, keys not counted (DHT-5). */
  readonly putItems: number;
  /** Containers inside each other in a `p` that is read (DHT-5). */
  readonly replyDepth: number;
  /** Bencoded values in a `p` that is read, keys not counted (DHT-5). */
  readonly replyItems: number;
  /** Multi values of one target (DHT-23). */
  readonly multiEntries: number;
  /** Blocks after which values expire (DHT-29). */
  readonly entryBlocks: number;
  /** Blocks after which posts expire (DHT-29). */
  readonly postBlocks: number;
  /** Greatest number of a `following` page that never expires (DHT-29). */
  readonly followingPages: number;
  /** Nodes that know a target best, the k of Kademlia (DHT-3). */
  readonly bucket: number;
  /** Nodes of the own table that are compared with the own id (DHT-3). */
  readonly neighbours: number;
  /** Seconds for which a value of the own node counts as local (DHT-30). */
  readonly localSeconds: number;
  /** Known posts of one user that are always refreshed (DHT-31). */
  readonly refreshedPosts: number;
  /** How far below the newest known post all posts are always refreshed (DHT-31). */
  readonly refreshedRange: number;
  /** Places of the bucket farthest from the own id; each next one has half as many, down to `bucket` (DHT-32). */
  readonly firstBucket: number;
  /** Timeouts in a row after which a contact goes even where nobody can replace it (DHT-32). */
  readonly contactFailures: number;
  /** Ms without a search in a range of ids after which it is refreshed; the longest time between searches for the own id (DHT-34). */
  readonly bucketRefreshMs: number;
  /** Least ms between two refreshes of ranges (DHT-34). */
  readonly bucketRefreshGapMs: number;
  /** The same for ranges that were never looked at (DHT-34). */
  readonly joinRefreshGapMs: number;
  /** Addresses given for joining that are remembered (DHT-34). */
  readonly bootstrapContacts: number;
  /** Ms between two attempts to join while nobody answers (DHT-34). */
  readonly bootstrapRetryMs: number;
  /** Contacts that were only heard of and are pinged at once (DHT-34). */
  readonly verifyContacts: number;
  /** Ms until the next of them are (DHT-34). */
  readonly verifyGapMs: number;
  /** Ms from joining to the next search for the own id; each further time is twice as long, up to `bucketRefreshMs` (DHT-34). */
  readonly firstSelfSearchMs: number;
  /** Requests under way (DHT-35). */
  readonly transactions: number;
  /** Ms after which a request no longer takes one of the parallel places of its search (DHT-35). */
  readonly softTimeoutMs: number;
  /** Ms after which a request no longer keeps its search from ending (DHT-35). */
  readonly patienceMs: number;
  /** Ms after which a request has failed (DHT-35). */
  readonly hardTimeoutMs: number;
  /** Parallel requests of a search, the alpha of Kademlia (DHT-36). */
  readonly parallel: number;
  /** Contacts that a search begins with (DHT-36). */
  readonly firstCandidates: number;
  /** Nodes that a search keeps (DHT-36). */
  readonly candidates: number;
  /** Answers that a search for the own id wants when a node joins (DHT-36). */
  readonly joinAnswers: number;
  /** Searches under way (DHT-36). */
  readonly searches: number;
  /** Searches that start within a second, with those of `burstSeconds` saved up; 0 for no bound (DHT-36). */
  readonly searchesPerSecond: number;
  /** Searches that wait for a place (DHT-36). */
  readonly waitingSearches: number;
  /** Different values that one search hands out, and different bad ones that it does not judge twice (DHT-37). */
  readonly foundEntries: number;
  /** Bad values of a single target in a reply after which the rest of it is not judged (DHT-37). */
  readonly badEntries: number;
  /** Different peers that one search hands out (DHT-37). */
  readonly foundPeers: number;
  /** Bytes of a token (DHT-39). */
  readonly tokenBytes: number;
  /** Bytes of the longest token of another node that is kept (DHT-36). */
  readonly tokenMostBytes: number;
  /** Ms for which a token secret is the current one; for as long again its tokens are still good (DHT-39). */
  readonly tokenPeriodMs: number;
  /** Bytes of the largest reply: what deployed nodes can receive (DHT-40). */
  readonly replyBytes: number;
  /** Bytes of a reply to an address that has proved nothing (DHT-40). */
  readonly unprovenReplyBytes: number;
  /** Bytes a second of larger replies, with one single value, to such addresses, all together (DHT-40). */
  readonly unprovenBytesPerSecond: number;
  /** Addresses that are remembered as proved (DHT-40). */
  readonly provenAddresses: number;
  /** Ms for which they are (DHT-40). */
  readonly provenMs: number;
  /** Swarms in the tracker table (DHT-41). */
  readonly trackedSwarms: number;
  /** Peers of one swarm in it (DHT-41). */
  readonly swarmPeers: number;
  /** Peers of all swarms in it (DHT-41). */
  readonly trackedPeers: number;
  /** Peers of one swarm at one address (DHT-41). */
  readonly addressPeers: number;
  /** Ms after which a peer is forgotten (DHT-41). */
  readonly peerAgeMs: number;
  /** Ms between two clearings of the tracker table (DHT-41). */
  readonly peerSweepMs: number;
  /** Peers in a reply (DHT-41). */
  readonly replyPeers: number;
  /** Bytes of the name of a swarm that are kept (DHT-41). */
  readonly swarmNameBytes: number;
  /** Values held for everybody (DHT-42). */
  readonly storedValues: number;
  /** Bytes of these values (DHT-42). */
  readonly storedBytes: number;
  /** Ms between two searches for expired values (DHT-42). */
  readonly valueSweepMs: number;
  /** Ms between refreshes of a value (DHT-30). */
  readonly valueRefreshMs: number;
  /** The same for an own value that has not been read back (DHT-30). */
  readonly localRefreshMs: number;
  /** Least ms between the refreshes of two values (DHT-30). */
  readonly valueRefreshGapMs: number;
  /** Sources whose packets are counted (DHT-44). */
  readonly floodSources: number;
  /** Packets of a source within the window from which on it is ignored (DHT-44). */
  readonly floodPackets: number;
  /** Ms of that window (DHT-44). */
  readonly floodWindowMs: number;
  /** Ms of silence after which such a source is heard again (DHT-44). */
  readonly floodQuietMs: number;
  /** Bytes a second for everything but the own searches; 0 for no bound (DHT-44). */
  readonly uploadBytesPerSecond: number;
  /** Seconds for which unused upload, and searches that were not started, are saved (DHT-36, DHT-44). */
  readonly burstSeconds: number;
  /** Users whose swarms wait to be looked into; as many are remembered that were (DHT-46). */
  readonly neighbourUsers: number;
  /** Ms between the beginnings of two such tries (DHT-46). */
  readonly neighbourGapMs: number;
  /** Ms between two tries for the same user (DHT-46). */
  readonly neighbourRetryMs: number;
  /** Nodes whose word on the own address is remembered (DHT-45). */
  readonly addressVoters: number;
  /** Nodes that must agree on it where others have accepted the own id (DHT-45). */
  readonly addressVotes: number;
}

/**
 * The bounds that are in force. Frozen; nothing in this package uses another number. `DhtNode` takes others from the one on that
 * is the places of a bucket (`firstBucket`) downwards, for tests and small machines; what stands before is the protocol's own.
 */
export const DHT_LIMITS: DhtLimits = Object.freeze({
  idBytes: 20,
  idPrefixBytes: 4,
  multiBytes: 768,
  singleBytes: 8192,
  targetEntries: 3,
  resourceBytes: 32,
  seq: 0x7fffffff,
  futureBlocks: 1,
  futureSeconds: 7200,
  putDepth: 8,
  putItems: 489,
  replyDepth: 6,
  replyItems: 487,
  multiEntries: 32,
  entryBlocks: 2016,
  postBlocks: 8640,
  followingPages: 200,
  bucket: 8,
  neighbours: 16,
  localSeconds: 172_800,
  refreshedPosts: 25,
  refreshedRange: 100,
  firstBucket: 128,
  contactFailures: 20,
  bucketRefreshMs: 900_000,
  bucketRefreshGapMs: 45_000,
  joinRefreshGapMs: 1000,
  bootstrapContacts: 64,
  bootstrapRetryMs: 5000,
  firstSelfSearchMs: 5000,
  verifyContacts: 8,
  verifyGapMs: 1000,
  transactions: 2048,
  softTimeoutMs: 1000,
  patienceMs: 3000,
  hardTimeoutMs: 8000,
  parallel: 5,
  firstCandidates: 32,
  candidates: 100,
  joinAnswers: 16,
  searches: 100,
  searchesPerSecond: 50,
  waitingSearches: 1000,
  foundEntries: 256,
  badEntries: 4,
  foundPeers: 1000,
  tokenBytes: 8,
  tokenMostBytes: 64,
  tokenPeriodMs: 300_000,
  replyBytes: 10_000,
  unprovenReplyBytes: 1200,
  unprovenBytesPerSecond: 16_000,
  provenAddresses: 1024,
  provenMs: 600_000,
  trackedSwarms: 2000,
  swarmPeers: 500,
  trackedPeers: 50_000,
  addressPeers: 8,
  peerAgeMs: 2_700_000,
  peerSweepMs: 120_000,
  replyPeers: 100,
  swarmNameBytes: 50,
  storedValues: 10_000,
  storedBytes: 0x01000000,
  valueSweepMs: 600_000,
  valueRefreshMs: 3_600_000,
  localRefreshMs: 60_000,
  valueRefreshGapMs: 500,
  floodSources: 20,
  floodPackets: 1000,
  floodWindowMs: 5000,
  floodQuietMs: 300_000,
  uploadBytesPerSecond: 0,
  burstSeconds: 3,
  neighbourUsers: 1024,
  neighbourGapMs: 1000,
  neighbourRetryMs: 3_600_000,
  addressVoters: 64,
  addressVotes: 2,
});

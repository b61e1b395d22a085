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
}

/** The bounds that are in force. Frozen; no rule of this package uses another number. */
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
});

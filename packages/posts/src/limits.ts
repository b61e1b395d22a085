/** The numbers of the post rules that held from one moment on; see {@link POST_LIMITS}. */
export interface PostLimits {
  /** First `time` of a post, in seconds since the Unix epoch, that these numbers judge (POST-23). */
  readonly since: number;
  /** Largest piece, in bytes (POST-1). */
  readonly pieceBytes: number;
  /** Longest `msg`, in code points (POST-11). */
  readonly msgCodePoints: number;
  /** Longest `msg2`, in code points; 2048 means that only the size of the piece bounds it (POST-11). */
  readonly msg2CodePoints: number;
  /** Numbers that a user gains with every block (POST-7). */
  readonly postsPerBlock: number;
  /** Numbers that a user may use above those (POST-7). */
  readonly postsAtOnce: number;
  /** How far above the tip the height of a post may lie, in blocks (POST-8). */
  readonly futureBlocks: number;
  /** How far ahead of the clock the time of a post may lie, in seconds (POST-12). */
  readonly futureSeconds: number;
}

/** Bounds of parts of a post that no date changes. */
export interface PostSizes {
  /** Longest user name, in bytes (POST-14). */
  readonly nameBytes: number;
  /** Largest number and height of a post: deployed nodes hold no larger ones (POST-7, POST-8). */
  readonly mostInteger: number;
}

/**
 * The dated rule set of posts, oldest first; never empty. The set that judges a post is the last whose `since` is not
 * after the `time` of the post, so that all nodes choose the same one whenever they look (POST-23).
 * One set covers all of the deployed network's life. Frozen.
 */
export const POST_LIMITS: readonly PostLimits[] = Object.freeze([
  Object.freeze({
    since: 0,
    pieceBytes: 2048,
    msgCodePoints: 140,
    msg2CodePoints: 2048,
    postsPerBlock: 2,
    postsAtOnce: 20,
    futureBlocks: 1,
    futureSeconds: 7200,
  }),
]);

/** What deployed nodes apply, whatever the date: the first set of {@link POST_LIMITS}. */
export const DEPLOYED_POST_LIMITS: PostLimits = POST_LIMITS[0]!;

/** The bounds of the parts of a post. */
export const POST_SIZES: PostSizes = Object.freeze({
  nameBytes: 16,
  mostInteger: 0x7fffffff,
});

/**
 * The limits that judge a post of this `time` (seconds since the Unix epoch; POST-23): the last set that had begun, the
 * oldest one for a time before them all. Throws `RangeError` for an empty list or one that is not sorted by rising `since`.
 */
export function limitsAt(time: number, sets: readonly PostLimits[] = POST_LIMITS): PostLimits {
  let chosen = sets[0];
  if (chosen === undefined) throw new RangeError('the list of limits is empty');
  for (let index = 1; index < sets.length; index += 1) {
    const set = sets[index]!;
    if (set.since <= sets[index - 1]!.since) throw new RangeError('the list of limits is not sorted by rising since');
    if (set.since <= time) chosen = set;
  }
  return chosen;
}

/** Stable codes of the verdicts of the swarm rules; each is described in `spec/errors.md`. */
export type SwarmCode =
  | 'bad-block'
  | 'bad-index'
  | 'bad-nonce'
  | 'choked'
  | 'no-such-piece'
  | 'no-solution'
  | 'not-interested'
  | 'oversized-piece'
  | 'queue-full'
  | 'too-little-work'
  | 'too-many-pieces'
  | 'too-much-work'
  | 'unexpected-piece'
  | 'unknown-user';

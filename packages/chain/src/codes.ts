/** Every reason for which a rule of the chain refuses something; each is described in `spec/errors.md`. */
export type ChainCode =
  | 'ambiguous-proof'
  | 'bad-merkle-proof'
  | 'bad-promotion-author'
  | 'bad-promotion-signature'
  | 'bad-replacement-signature'
  | 'bad-user-name'
  | 'bad-user-name-script'
  | 'bad-utf8'
  | 'bad-vote-signature'
  | 'block-size'
  | 'checkpoint-mismatch'
  | 'conflicting-vote'
  | 'duplicate'
  | 'duplicate-transaction'
  | 'duplicate-user-name'
  | 'duplicate-vote'
  | 'empty-promotion'
  | 'extra-promotion'
  | 'insufficient-registration-work'
  | 'insufficient-work'
  | 'invalid-ancestor'
  | 'loose-promotion'
  | 'missing-promotion'
  | 'missing-promotion-signature'
  | 'missing-public-key'
  | 'missing-replacement-signature'
  | 'missing-user-name'
  | 'name-taken'
  | 'negative-target'
  | 'nonstandard-version'
  | 'old-version'
  | 'pool-full'
  | 'promotion-too-long'
  | 'rate-limited'
  | 'side-branch-full'
  | 'target-above-limit'
  | 'time-before-checkpoint'
  | 'time-too-new'
  | 'time-too-old'
  | 'transaction-too-large'
  | 'unknown-parent'
  | 'unknown-promotion-author'
  | 'unknown-voter'
  | 'vote-below-checkpoint'
  | 'vote-below-soft-checkpoint'
  | 'vote-off-period'
  | 'vote-too-early'
  | 'work-below-minimum'
  | 'wrong-bits'
  | 'wrong-height'
  | 'wrong-merkle-root'
  | 'wrong-user-name'
  | 'zero-target';

/** What the advisory functions say; advice never decides about a block (CHAIN-57 to CHAIN-60). */
export type AdviceCode = 'bad-display-name' | 'key-not-on-curve' | 'malformed-key' | 'mined-again';

/** One piece of advice: a stable code and a sentence for people. */
export interface Advice {
  readonly code: AdviceCode;
  readonly detail: string;
}

/** Why a session with a peer ends, or what a peer is scored for beside blocks and transactions. */
export type PeerCode =
  | 'banned'
  | 'handshake-timeout'
  | 'missing-filter'
  | 'obsolete-version'
  | 'oversized-addr'
  | 'oversized-filter'
  | 'oversized-inventory'
  | 'oversized-message'
  | 'repeated-version'
  | 'self-connection'
  | 'silent'
  | 'stream-full'
  | 'too-many-peers'
  | 'unreadable-stream'
  | 'version-expected';

import type { PeersterLimits } from './limits.ts';
import type { Profile } from './profile.ts';
import type { RsaPrivateKey, RsaProvider } from './provider.ts';
import type { PrunePolicy } from './quota.ts';
import type { RandomSource } from './random.ts';
import type { MessageStore } from './store.ts';

/** How a node is set up. */
export interface PeersterOptions {
  /** Milliseconds since the Unix epoch; periodic work is counted from here. */
  readonly now: number;
  /** Peers, coins, salts and seeds come from here. */
  readonly random: RandomSource;
  /** Default `strict`. */
  readonly profile?: Profile;
  /** Zero bits that a message must have to be stored here, 0 … 64; default 18 (PEERSTER-21). */
  readonly target?: number;
  /** Zero bits of our own messages; default the greater of `target` and 18 (PEERSTER-40). */
  readonly miningTarget?: number;
  /** Default {@link createRsaProvider}. */
  readonly rsa?: RsaProvider;
  /** Default a new {@link MemoryStore}. */
  readonly store?: MessageStore;
  /** Identities to begin with; none makes a relay. */
  readonly identities?: readonly RsaPrivateKey[];
  /** Our own address, which never becomes a peer. */
  readonly address?: string;
  /** Digests, probes and parts (PEERSTER-37 … PEERSTER-39); default in `strict` only. */
  readonly extensions?: boolean;
  /** Repeated rumours and answers to higher hashes (PEERSTER-36); default true. */
  readonly repair?: boolean;
  /** Which addresses count as one for limits; default {@link hostGroup}. */
  readonly groupOf?: (address: string) => string;
  /** Who gives way when the store is full; default {@link pruneLongestSilent}. */
  readonly prune?: PrunePolicy;
  readonly limits?: Partial<PeersterLimits>;
}

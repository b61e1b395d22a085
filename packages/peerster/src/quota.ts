import type { PeersterLimits } from './limits.ts';
import { rumorDatagramBytes } from './rumor.ts';
import type { MessageStore, StoredMessage } from './store.ts';

/** An origin that could give way, as a {@link PrunePolicy} sees it. */
export interface PruneCandidate {
  readonly origin: string;
  /** Messages that are stored whole, beside the announcement. */
  readonly kept: number;
  /** Highest message number plus one. */
  readonly nextId: number;
}

/**
 * Chooses the origin whose oldest messages are dropped when the store is full (PEERSTER-28), or none. Candidates come in
 * the order in which their last message arrived, longest ago first; all of them have more than the suffix that stays.
 */
export type PrunePolicy = (candidates: Iterable<PruneCandidate>) => string | undefined;

/** Messages that were dropped: `from` included, `to` not. */
export interface PrunedRange {
  readonly origin: string;
  readonly from: number;
  readonly to: number;
}

interface Account {
  /** Lowest number from 1 on that is stored whole. */
  first: number;
}

/** The default policy: the origin that has been silent longest. */
export const pruneLongestSilent: PrunePolicy = (candidates) => {
  for (const { origin } of candidates) return origin;
  return undefined;
};

/**
 * The bounds of a store (PEERSTER-28): origins, messages of one origin, bytes of all. Pruning keeps the announcement and the
 * newest messages of an origin, and the hashes of what it drops.
 */
export class Quota {
  private readonly store: MessageStore;
  private readonly limits: PeersterLimits;
  private readonly policy: PrunePolicy;
  private readonly isOwn: (origin: string) => boolean;
  /** In the order of last arrival. */
  private readonly accounts = new Map<string, Account>();
  private bytes = 0;

  constructor(
    store: MessageStore,
    limits: PeersterLimits,
    isOwn: (origin: string) => boolean,
    policy: PrunePolicy = pruneLongestSilent,
  ) {
    this.store = store;
    this.limits = limits;
    this.policy = policy;
    this.isOwn = isOwn;
    const arrivals: { origin: string; first: number; arrival: number }[] = [];
    for (const origin of store.origins()) {
      const nextId = store.nextId(origin);
      let first = nextId;
      for (let id = nextId - 1; id >= 0; id -= 1) {
        const message = store.get(origin, id);
        if (message === undefined) continue;
        this.bytes += rumorDatagramBytes(message.rumor);
        if (id > 0) first = id;
      }
      arrivals.push({ origin, first, arrival: store.get(origin, nextId - 1)?.arrival ?? 0 });
    }
    arrivals.sort((a, b) => a.arrival - b.arrival);
    for (const { origin, first } of arrivals) this.accounts.set(origin, { first });
  }

  /** Bytes of all stored messages, as datagrams. */
  get storedBytes(): number {
    return this.bytes;
  }

  /** Whether there is room for a message of an origin, after pruning if need be. */
  hasRoom(origin: string): boolean {
    if (!this.accounts.has(origin) && this.accounts.size >= this.limits.origins) return false;
    return this.bytes < this.limits.storeBytes || this.isOwn(origin);
  }

  /** Accounts for a message that was put in the store, and drops what has become too much. */
  added(message: StoredMessage, previous: StoredMessage | undefined): PrunedRange[] {
    const { origin } = message;
    this.bytes += rumorDatagramBytes(message.rumor) - (previous === undefined ? 0 : rumorDatagramBytes(previous.rumor));
    const account = this.accounts.get(origin) ?? { first: 1 };
    this.accounts.delete(origin);
    this.accounts.set(origin, account);
    const pruned: PrunedRange[] = [];
    const nextId = this.store.nextId(origin);
    if (message.rumor.id > 0 && message.rumor.id < account.first)
      this.drop(origin, message.rumor.id, message.rumor.id + 1);
    const excess = nextId - account.first - this.limits.messagesPerOrigin;
    if (excess > 0) pruned.push(this.prune(origin, account, account.first + excess));
    while (this.bytes >= this.limits.storeBytes) {
      const chosen = this.policy(this.candidates());
      const victim = chosen === undefined ? undefined : this.accounts.get(chosen);
      if (chosen === undefined || victim === undefined) break;
      const end = this.store.nextId(chosen) - this.limits.keptSuffix;
      if (end <= victim.first) break;
      pruned.push(this.prune(chosen, victim, end));
    }
    return pruned;
  }

  private *candidates(): Iterable<PruneCandidate> {
    for (const [origin, { first }] of this.accounts) {
      const nextId = this.store.nextId(origin);
      const kept = nextId - first;
      if (kept > this.limits.keptSuffix && !this.isOwn(origin)) yield { origin, kept, nextId };
    }
  }

  private prune(origin: string, account: Account, to: number): PrunedRange {
    const from = account.first;
    this.drop(origin, from, to);
    account.first = to;
    return { origin, from, to };
  }

  private drop(origin: string, from: number, to: number): void {
    for (let id = from; id < to; id += 1) {
      const message = this.store.get(origin, id);
      if (message !== undefined) this.bytes -= rumorDatagramBytes(message.rumor);
      this.store.prune(origin, id);
    }
  }
}

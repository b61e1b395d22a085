import type { DhtLimits } from './limits.ts';

/**
 * Counts what other nodes say the own address is (DHT-45): each voter (a group of addresses) has one vote, its latest.
 * Remembers `addressVoters` voters; the oldest goes first.
 */
export class AddressVotes {
  readonly #limits: DhtLimits;
  readonly #votes = new Map<string, string>();

  /** Counts with these limits. */
  constructor(limits: DhtLimits) {
    this.#limits = limits;
  }

  /** Takes the vote of a voter for an address and returns how many voters are for it now. */
  cast(voter: string, ip: string): number {
    this.#votes.delete(voter);
    if (this.#votes.size >= this.#limits.addressVoters) {
      const [oldest] = this.#votes.keys();
      if (oldest !== undefined) this.#votes.delete(oldest);
    }
    this.#votes.set(voter, ip);
    let count = 0;
    for (const vote of this.#votes.values()) if (vote === ip) count += 1;
    return count;
  }

  /** Forgets all votes: the address has changed. */
  clear(): void {
    this.#votes.clear();
  }
}

import { equalBytes } from './bytes.ts';
import type { AddressGroup, Endpoint } from './endpoint.ts';
import type { DhtLimits } from './limits.ts';
import { compareDistance } from './neighbour.ts';
import type { Lateness } from './transactions.ts';

/** How far a search has got with a node. */
export type CandidateState = 'known' | 'asked' | 'alive' | 'failed';

/** A node that a search knows of. */
export interface Candidate {
  /** 20 bytes. */
  readonly id: Uint8Array;
  readonly endpoint: Endpoint;
  /** Whether it has lately not answered: the end of the search does not wait for it. */
  readonly doubtful: boolean;
  state: CandidateState;
  /** How late the answer is. */
  lateness: Lateness | undefined;
  /** The token that it gave. */
  token: Uint8Array | undefined;
}

/** Prefix of IPv4 addresses of which a search takes one node (DHT-33). */
const SEARCH_BITS = 28;

/**
 * One iterative search for the nodes nearest to a target, without sending or receiving anything (DHT-36).
 * Knows at most `candidates` nodes, and one of each neighbourhood of addresses; the farthest go first.
 */
export class Lookup {
  readonly target: Uint8Array;
  readonly #wanted: number;
  readonly #limits: DhtLimits;
  readonly #group: AddressGroup;
  readonly #candidates: Candidate[] = [];
  readonly #groups = new Set<string>();

  /** Searches until the `wanted` nearest nodes that are known and not dead have answered. */
  constructor(target: Uint8Array, wanted: number, limits: DhtLimits, group: AddressGroup) {
    this.target = target;
    this.#wanted = wanted;
    this.#limits = limits;
    this.#group = group;
  }

  /** Adds a node that nobody has spoken of yet. */
  add(id: Uint8Array, endpoint: Endpoint, doubtful = false): void {
    const at = this.#placeOf(id);
    const there = this.#candidates[at];
    if (there !== undefined && equalBytes(there.id, id)) return;
    if (at >= this.#limits.candidates) return;
    const group = this.#group(endpoint, SEARCH_BITS);
    if (this.#groups.has(group)) return;
    this.#groups.add(group);
    this.#candidates.splice(at, 0, { id, endpoint, doubtful, state: 'known', lateness: undefined, token: undefined });
    const dropped = this.#candidates.splice(this.#limits.candidates);
    for (const { endpoint: far } of dropped) this.#groups.delete(this.#group(far, SEARCH_BITS));
  }

  /** The nodes to ask now, marked as asked: so many that `parallel` of the nearest ones are being asked. */
  next(): Candidate[] {
    const asked: Candidate[] = [];
    let busy = 0;
    for (const candidate of this.#window()) {
      if (candidate.state === 'known') {
        if (busy >= this.#limits.parallel) break;
        candidate.state = 'asked';
        asked.push(candidate);
      } else if (candidate.state !== 'asked') continue;
      if (candidate.lateness === undefined) busy += 1;
    }
    return asked;
  }

  /**
   * Whether the search is over: nobody near enough is left to ask or worth waiting for. As long as nobody has answered, everybody is
   * worth waiting for.
   */
  get isOver(): boolean {
    const anyone = this.#candidates.some(({ state }) => state === 'alive');
    for (const { state, doubtful, lateness } of this.#window()) {
      if (state === 'known') return false;
      if (state === 'asked' && (!anyone || (!doubtful && lateness !== 'late'))) return false;
    }
    return true;
  }

  /** Nodes that were not asked because enough nearer ones answered. */
  unasked(): Candidate[] {
    return this.#candidates.filter(({ state }) => state === 'known');
  }

  /** The nearest nodes that answered and gave a token, at most `count`, nearest first. */
  writable(count: number): (Candidate & { readonly token: Uint8Array })[] {
    const found = this.#candidates.filter(({ state, token }) => state === 'alive' && token !== undefined);
    return found.slice(0, count) as (Candidate & { readonly token: Uint8Array })[];
  }

  /** The candidates up to the last of the wanted answers, without those that failed. */
  *#window(): Generator<Candidate, void, undefined> {
    let wanted = this.#wanted;
    for (const candidate of this.#candidates) {
      if (wanted === 0) return;
      if (candidate.state === 'alive') wanted -= 1;
      if (candidate.state !== 'failed') yield candidate;
    }
  }

  #placeOf(id: Uint8Array): number {
    let low = 0;
    let high = this.#candidates.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareDistance(this.#candidates[middle]!.id, id, this.target) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

import type { BencodeInput } from '@rookery/wire';
import type { Contact } from './contact.ts';
import { type Endpoint, endpointKey } from './endpoint.ts';
import type { FoundValues } from './found-values.ts';
import type { DhtLimits } from './limits.ts';
import type { Candidate, Lookup } from './lookup.ts';
import type { StepContext } from './step.ts';
import type { StoredItem } from './value-store.ts';

type Fields = Readonly<Record<string, BencodeInput | undefined>>;

/** What is sent to the nearest nodes when a search has found them, beside their token. */
export interface Write {
  readonly query: 'putData' | 'announcePeer';
  readonly args: Fields;
}

/** A search under way: a lookup and what it is for (DHT-36, DHT-37, DHT-43). */
export interface Search {
  /** What the application knows it by; undefined for those that the node does for itself. */
  readonly handle: number | undefined;
  readonly lookup: Lookup;
  readonly query: 'findNode' | 'getData';
  readonly args: Fields;
  /** Whether nodes that were not needed are pinged at the end: the node is joining. */
  readonly joining: boolean;
  readonly values: FoundValues | undefined;
  readonly peers: FoundPeers | undefined;
  readonly write: Write | undefined;
  /** What else is to be done when it is over. */
  readonly whenOver: ((step: StepContext) => void) | undefined;
  /** The held value that is put again. */
  readonly refreshed: StoredItem | undefined;
  state: 'waiting' | 'looking' | 'writing' | 'over';
  /** Writes that may still be acknowledged in time. */
  pending: number;
  acknowledged: number;
}

/** What a request was for. */
export type Purpose =
  | { readonly type: 'ping'; readonly contact: Pick<Contact, 'id' | 'endpoint'> | undefined }
  | { readonly type: 'ask'; readonly search: Search; readonly candidate: Candidate }
  | { readonly type: 'write'; readonly search: Search; readonly candidate: Candidate; counted: boolean };

/** Starts a search from what differs. */
export function searchOf(
  lookup: Lookup,
  fields: Pick<Search, 'query' | 'args'> &
    Partial<Pick<Search, 'handle' | 'joining' | 'values' | 'peers' | 'write' | 'whenOver' | 'refreshed'>>,
): Search {
  return {
    handle: undefined,
    joining: false,
    values: undefined,
    peers: undefined,
    write: undefined,
    whenOver: undefined,
    refreshed: undefined,
    ...fields,
    lookup,
    state: 'waiting',
    pending: 0,
    acknowledged: 0,
  };
}

/** The peers that one search has found, at most `foundPeers` (DHT-37). */
export class FoundPeers {
  readonly #limits: DhtLimits;
  readonly #known = new Set<string>();
  #followers = 0;

  /** Nothing found so far. */
  constructor(limits: DhtLimits) {
    this.#limits = limits;
  }

  /** Whether anything was found. */
  get any(): boolean {
    return this.#known.size > 0;
  }

  /** The most followers that anybody has counted. */
  get followers(): number {
    return this.#followers;
  }

  /** Takes the peers of a reply and returns those that are new. */
  add(peers: readonly Endpoint[], followers: number): Endpoint[] {
    this.#followers = Math.max(this.#followers, followers);
    const fresh: Endpoint[] = [];
    for (const peer of peers) {
      if (this.#known.size >= this.#limits.foundPeers || this.#known.has(endpointKey(peer))) continue;
      this.#known.add(endpointKey(peer));
      fresh.push(peer);
    }
    return fresh;
  }
}

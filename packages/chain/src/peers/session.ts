import type { InventoryItem, Network, TimedAddress, Version } from '@rookery/wire';
import type { PeerLimits } from '../limits.ts';
import type { BloomFilter } from './bloom-filter.ts';
import { MessageStream } from './message-stream.ts';
import { RecentSet } from './recent-set.ts';

/** How a connection came about. */
export interface PeerConnection {
  /** Whether this node opened it; the other side is then to be told first. */
  readonly outgoing: boolean;
  /** The other end, in the application's own spelling; what {@link ChainPeersOptions.groupOf} groups. */
  readonly address: string;
}

/** Something to be asked for, and when. */
export interface Ask {
  readonly item: InventoryItem;
  /** Milliseconds since the Unix epoch. */
  readonly due: number;
  /** Whether a block waits for it, and the peer did not tell of it. */
  readonly isMissing: boolean;
}

/** All that is remembered of one connection. */
export interface PeerSession {
  readonly peer: string;
  readonly outgoing: boolean;
  readonly group: string;
  readonly connectedAt: number;
  /** 8 bytes, drawn for this connection. */
  readonly nonce: Uint8Array;
  readonly stream: MessageStream;
  /** What the peer said of itself; undefined until it did. */
  version: Version | undefined;
  /** The height that the peer is believed to have had when it connected. */
  startHeight: number;
  score: number;
  receivedAt: number;
  sentAt: number;
  windowAt: number;
  windowBytes: number;
  /** Inventories that the peer knows, as keys. */
  readonly known: RecentSet;
  /** Addresses that the peer knows, as keys. */
  readonly knownAddresses: RecentSet;
  /** Inventories to ask the peer for, by key. */
  readonly asks: Map<string, Ask>;
  /** When the first of them is due; infinite while there is none. */
  asksDueAt: number;
  /** Inventories to tell the peer of now, by key. */
  readonly announcements: Map<string, InventoryItem>;
  /** Transactions to tell the peer of in its turn, by key. */
  readonly trickle: Map<string, InventoryItem>;
  /** Addresses to tell the peer of in its turn, by key. */
  readonly addresses: Map<string, TimedAddress>;
  /** What the peer has asked for and not got yet. */
  requests: InventoryItem[];
  /** Key of the block that the application was asked for. */
  awaited: string | undefined;
  /** Key of the block after which the peer is told the tip, so that it asks on. */
  continueAt: string | undefined;
  /** Id of the last block that the peer has brought and that was stored. */
  lastBlock: Uint8Array | undefined;
  /** The last `getblocks` to the peer, which is not sent twice. */
  lastGetBlocks: string | undefined;
  filter: BloomFilter | undefined;
  /** Whether the peer wants to hear of transactions. */
  relay: boolean;
  /** Whether an answer to `getaddr` is on its way. */
  awaitsAddresses: boolean;
  /** Whether the peer was told that there is no DHT proxy here. */
  refusedProxy: boolean;
  /** Whether what was sent to the peer piles up. */
  isFull: boolean;
  /** Votes of the peer whose signature was bad. */
  badVotes: number;
}

/** The session of a new connection. */
export function newSession(
  peer: string,
  { outgoing, group, nonce }: { readonly outgoing: boolean; readonly group: string; readonly nonce: Uint8Array },
  network: Network,
  limits: PeerLimits,
  now: number,
): PeerSession {
  return {
    peer,
    outgoing,
    group,
    connectedAt: now,
    nonce,
    stream: new MessageStream(network, limits.messageBytes),
    version: undefined,
    startHeight: -1,
    score: 0,
    receivedAt: now,
    sentAt: now,
    windowAt: now,
    windowBytes: 0,
    known: new RecentSet(limits.inventoryKnown),
    knownAddresses: new RecentSet(limits.addressesKnown),
    asks: new Map(),
    asksDueAt: Number.POSITIVE_INFINITY,
    announcements: new Map(),
    trickle: new Map(),
    addresses: new Map(),
    requests: [],
    awaited: undefined,
    continueAt: undefined,
    lastBlock: undefined,
    lastGetBlocks: undefined,
    filter: undefined,
    relay: true,
    awaitsAddresses: false,
    refusedProxy: false,
    isFull: false,
    badVotes: 0,
  };
}

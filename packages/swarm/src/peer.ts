import type { CompactPeer } from '@rookery/wire';
import { PieceSet } from './piece-set.ts';
import { isPrivateAddress } from './private-address.ts';
import type { PieceRequest } from './request.ts';
import { StreamBuffer } from './stream-buffer.ts';

/** How an application describes a connection; see {@link Swarm.connect}. */
export interface ConnectOptions {
  /** Whether the own side opened it. */
  readonly outgoing: boolean;
  /** IPv4 address of the other side, four decimal numbers with dots between. Without it, or with another, the peer is told to nobody. */
  readonly ip?: string | undefined;
  /** TCP port that was connected to; of outgoing connections only. */
  readonly port?: number | undefined;
}

/** All that is known about one connection. */
export interface Peer {
  readonly name: string;
  readonly outgoing: boolean;
  readonly ip: string | undefined;
  /** Of a private range: always unchoked, and told only to such peers. */
  readonly isPrivate: boolean;
  readonly stream: StreamBuffer;
  /** What is read next: the first 48 bytes, the 20 after them, messages. */
  stage: 'info-hash' | 'peer-id' | 'messages';
  /** True once the engine has forgotten it. */
  closed: boolean;
  peerId: Uint8Array;
  /** When it is decided which of two connections to this peer ends, if both are still there. */
  twinUntil: number;
  /** TCP port on which it listens. */
  port: number | undefined;
  features: Readonly<Record<'extensions' | 'dhtPort' | 'fast' | 'peek', boolean>>;

  /** Pieces that it says it has. */
  readonly known: PieceSet;
  /** It has said `have_all`. */
  saidAll: boolean;
  /** Pieces whose post from this peer was refused for good. */
  readonly refused: PieceSet;
  /** Pieces whose post from this peer was refused at this tip. */
  readonly postponed: Set<number>;
  /** No piece below is wanted from this peer. */
  firstWanted: number;
  /** Others are asked for all that is wanted from this peer; nobody looks again before something has changed. */
  exhausted: boolean;

  amInterested: boolean;
  peerChoking: boolean;
  /** Open requests: when they were sent, by piece; oldest first. */
  readonly requests: Map<number, number>;
  /** Requests that ran out of time or were cancelled. */
  readonly late: Set<number>;
  /** It let a request run out of time and has sent no piece since: asked for one piece at a time. */
  snubbed: boolean;
  /** Requests that it is willing to keep waiting. */
  requestQueue: number;
  readonly allowedByPeer: Set<number>;
  emptyAnswers: number;
  uninvited: number;

  peerInterested: boolean;
  amChoking: boolean;
  /** When it was last choked or unchoked; before that long ago. */
  chokedAt: number;
  unchokedAt: number;
  /** When it became interested. */
  interestedAt: number;
  allowedByUs: ReadonlySet<number>;
  /** When it was last told of all pieces at once. */
  toldAt: number;
  nbits: number;
  nonce: Uint8Array | undefined;
  /** The application cannot write more: requests wait. */
  paused: boolean;
  readonly waiting: PieceRequest[];

  readonly connectedAt: number;
  lastReceived: number;
  lastSent: number;

  /** Under which id it wants peer exchange; 0 for not at all. */
  exchangeId: number;
  nextExchange: number;
  /** What it was told, by address and port. */
  told: ReadonlyMap<string, CompactPeer>;
  /** When its last messages of peer exchange came. */
  readonly exchanges: number[];
}

const MOST_PORT = 0xffff;
const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = new RegExp(`^(?:${OCTET}\\.){3}${OCTET}$`);

/** Whether a number is a port that somebody can listen on. */
export function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port <= MOST_PORT;
}

const NO_FEATURES = Object.freeze({ extensions: false, dhtPort: false, fast: false, peek: false });

/** A connection that was just opened. */
export function newPeer(name: string, options: ConnectOptions, requestQueue: number, now: number): Peer {
  const { outgoing, port } = options;
  const ip = options.ip !== undefined && IPV4.test(options.ip) ? options.ip : undefined;
  return {
    name,
    outgoing,
    ip,
    isPrivate: ip !== undefined && isPrivateAddress(ip),
    stream: new StreamBuffer(),
    stage: 'info-hash',
    closed: false,
    peerId: new Uint8Array(0),
    twinUntil: Number.POSITIVE_INFINITY,
    port: outgoing && port !== undefined && isPort(port) ? port : undefined,
    features: NO_FEATURES,
    known: new PieceSet(),
    saidAll: false,
    refused: new PieceSet(),
    postponed: new Set(),
    firstWanted: 0,
    exhausted: false,
    amInterested: false,
    peerChoking: true,
    requests: new Map(),
    late: new Set(),
    snubbed: false,
    requestQueue,
    allowedByPeer: new Set(),
    emptyAnswers: 0,
    uninvited: 0,
    peerInterested: false,
    amChoking: true,
    chokedAt: Number.NEGATIVE_INFINITY,
    unchokedAt: Number.NEGATIVE_INFINITY,
    interestedAt: now,
    allowedByUs: new Set(),
    toldAt: now,
    nbits: 0,
    nonce: undefined,
    paused: false,
    waiting: [],
    connectedAt: now,
    lastReceived: now,
    lastSent: now,
    exchangeId: 0,
    nextExchange: Number.POSITIVE_INFINITY,
    told: new Map(),
    exchanges: [],
  };
}

/** Adds to a set of at most `most` members; the oldest is dropped. */
export function addBounded<T>(set: Set<T>, member: T, most: number): void {
  set.delete(member);
  set.add(member);
  if (set.size > most) for (const oldest of set) return void set.delete(oldest);
}

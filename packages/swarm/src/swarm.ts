import type { CurveBackend, UserDirectory } from '@rookery/keys';
import { decodePeerMessages, type PeerMessage, type Profile, WIRE_LIMITS } from '@rookery/wire';
import { expireRequests, fillAll, reconsider } from './downloading.ts';
import type { SwarmEffect } from './effects.ts';
import { sendExchange } from './exchange.ts';
import { infoHashOf } from './info-hash.ts';
import { publishPiece } from './judging.ts';
import { SWARM_LIMITS, type SwarmBounds } from './limits.ts';
import { takeMessage } from './messages.ts';
import { readHandshake, sendHandshake, settleTwins, wireCode } from './opening.ts';
import { PeekWork } from './peek-work.ts';
import { type ConnectOptions, isPort, newPeer, type Peer } from './peer.ts';
import { PieceSet } from './piece-set.ts';
import { memoryPieces, type PieceStore } from './piece-store.ts';
import { ceilingOf, close, forget, growWith, isOffered, openPeers, type SwarmState, send } from './state.ts';
import { answerWaiting, fillSlots, rotateSlots } from './uploading.ts';

/** A member of a swarm that is connected. */
export interface SwarmMember {
  /** The name of the connection. */
  readonly peer: string;
  /** Whether the own side connected. */
  readonly outgoing: boolean;
  /** IPv4 address, if the application told it. */
  readonly ip: string | undefined;
  /** TCP port on which it listens; undefined of one that has not told. */
  readonly port: number | undefined;
}

const PEER_ID_BYTES = 20;
const LENGTH_BYTES = 4;
const CHANCES = 0x10000;

/** What a {@link Swarm} is made of. */
export interface SwarmOptions {
  /** Name of the user whose posts these are. */
  readonly user: string;
  /** 20 bytes that tell this node from all others; deployed nodes begin theirs with `-TW1000-` and draw a new one at every start. */
  readonly peerId: Uint8Array;
  /** Who is registered in the active chain; asked at every use, so it may change under the engine. */
  readonly users: UserDirectory;
  /** Height of the active chain's last block. */
  readonly tip: number;
  /** Draws so many random bytes. Used for the difficulty of the peek extension only. */
  readonly random: (length: number) => Uint8Array;
  /** Who does the curve work; the default backend of `@rookery/keys` if left out. */
  readonly backend?: CurveBackend | undefined;
  /** Where the pieces are kept; in memory if left out. */
  readonly pieces?: PieceStore | undefined;
  /** Bounds that differ from those of {@link SWARM_LIMITS}. */
  readonly limits?: Partial<SwarmBounds> | undefined;
  /** `canonical` if left out. `deployed` takes what deployed nodes take, and bans whoever sends anything else. */
  readonly profile?: Profile | undefined;
  /** Whether posts from the future are refused (POST-12); true if left out. */
  readonly checkTime?: boolean | undefined;
  /** UDP port of the own node of the DHT, told to peers; without it the DHT is not offered. */
  readonly dhtPort?: number | undefined;
  /** TCP port on which the application listens, told to peers that are connected to. */
  readonly port?: number | undefined;
  /** Name and version of the program, told to peers. */
  readonly clientName?: string | undefined;
  /** What bans of a peer hold for: by its name, which the application chose. The name itself if left out. */
  readonly groupOf?: ((peer: string) => string) | undefined;
}

/**
 * The swarm of one user: all sessions with other members, without sockets, clock or disk (SWARM-14 to SWARM-23).
 *
 * The application names each connection with a string of its choice, usually address and port. It hands in what comes, in any cuts, and
 * carries out the effects that every method returns, in order. A connection that an effect has closed is forgotten: what still comes
 * from it is ignored. `now` is in ms since the Unix epoch and never decreases; `tick` is due at `nextDeadline`, earlier is harmless.
 * The same calls in the same order give the same effects.
 *
 * Nothing that a peer sends throws. Kept for strangers, at most: `peers` connections, each with one incomplete frame (1 MiB), three sets of one
 * bit a piece (64 KiB each), 250 requests while it is paused and some fixed lists; `bans` names; `evidence` pairs of posts, of which further
 * ones are not reported any more. The pieces themselves are signed by the user and bounded by the user's ceiling of post numbers.
 *
 * @example
 * ```ts
 * declare const options: SwarmOptions;
 * const swarm = new Swarm(options);
 * for (const effect of swarm.connect('192.0.2.1:29333', { outgoing: true, ip: '192.0.2.1', port: 29333 }, 0)) {
 *   if (effect.type === 'send') effect.bytes; // the handshake
 * }
 * ```
 */
export class Swarm {
  readonly #state: SwarmState;

  /** Throws `RangeError` for a peer id that has not 20 bytes, a port that is none, and a tip or a limit that is no integer ≥ 0 (times: ≥ 1). */
  constructor(options: SwarmOptions) {
    const { user, peerId, users, tip, random, pieces = memoryPieces(), limits = {} } = options;
    if (peerId.length !== PEER_ID_BYTES) throw new RangeError(`a peer id has 20 bytes, not ${peerId.length}`);
    const bounds: SwarmBounds = { ...SWARM_LIMITS, ...limits };
    for (const [name, value] of Object.entries(limits)) requireCount(name, value, name.endsWith('Ms') ? 1 : 0);
    requireCount('tip', tip);
    for (const port of [options.dhtPort, options.port]) {
      if (port !== undefined && !isPort(port)) throw new RangeError(`port of ${port}`);
    }
    const chance = (): number => {
      const [high = 0, low = 0] = random(2);
      return (256 * high + low) / CHANCES;
    };
    this.#state = {
      user,
      infoHash: infoHashOf(user),
      peerId: peerId.slice(),
      users,
      profile: options.profile ?? 'canonical',
      backend: options.backend,
      checkTime: options.checkTime ?? true,
      bounds,
      dhtPort: options.dhtPort,
      port: options.port,
      clientName: options.clientName,
      groupOf: options.groupOf ?? ((peer) => peer),
      store: pieces,
      work: new PeekWork(SWARM_LIMITS.leastBits, chance),
      tip,
      ceiling: -1,
      pieces: 1,
      owned: new PieceSet(),
      firstMissing: 0,
      judged: new PieceSet(),
      withheld: new Map(),
      nextRelease: Number.POSITIVE_INFINITY,
      asked: new PieceSet(),
      evidence: new Map(),
      bans: new Set(),
      peers: new Map(),
      nextRotation: Number.POSITIVE_INFINITY,
      released: false,
      effects: [],
    };
    this.#state.ceiling = ceilingOf(this.#state);
    for (const k of pieces.numbers()) {
      requireCount('piece', k);
      if (k > SWARM_LIMITS.pieceIndex) throw new RangeError(`piece ${k} is above ${SWARM_LIMITS.pieceIndex}`);
      this.#state.owned.add(k);
      growWith(this.#state, k);
    }
  }

  /**
   * A connection is open (SWARM-15). Gives the own handshake if it is outgoing, or `close` with `banned` or `too-many-peers`.
   * A name that is still in use stands for a new connection from now on.
   */
  connect(peer: string, options: ConnectOptions, now: number): readonly SwarmEffect[] {
    return this.#act(now, (state) => {
      const before = state.peers.get(peer);
      if (before !== undefined) forget(state, before);
      const session = newPeer(peer, options, SWARM_LIMITS.waitingRequests, now);
      if (state.bans.has(state.groupOf(peer))) {
        close(state, session, 'banned');
        return;
      }
      if (state.peers.size >= state.bounds.peers) {
        close(state, session, 'too-many-peers');
        return;
      }
      state.peers.set(peer, session);
      if (options.outgoing) sendHandshake(state, session, now);
    });
  }

  /** Bytes have come in, in any cuts, from the first byte of the connection on. `bytes` is not kept and not changed. */
  receive(peer: string, bytes: Uint8Array, now: number): readonly SwarmEffect[] {
    const session = this.#state.peers.get(peer);
    if (session === undefined || bytes.length === 0) return [];
    return this.#act(now, (state) => {
      session.lastReceived = now;
      session.stream.push(bytes);
      if (session.stage !== 'messages') readHandshake(state, session, now);
      if (session.stage === 'messages') readMessages(state, session, now);
    });
  }

  /** A connection has ended without the engine's doing. */
  disconnect(peer: string, now: number): readonly SwarmEffect[] {
    const session = this.#state.peers.get(peer);
    if (session === undefined) return [];
    return this.#act(now, (state) => {
      forget(state, session);
    });
  }

  /** More cannot be written to a connection for now: requests of this peer wait, up to 250, until {@link Swarm.resume}. */
  pause(peer: string): void {
    const session = this.#state.peers.get(peer);
    if (session !== undefined) session.paused = true;
  }

  /** Writing goes on: gives the answers that have waited. */
  resume(peer: string, now: number): readonly SwarmEffect[] {
    const session = this.#state.peers.get(peer);
    if (session === undefined) return [];
    return this.#act(now, (state) => {
      session.paused = false;
      answerWaiting(state, session, now);
    });
  }

  /** Time has passed: keep-alives, requests and peers that ran out of time, unchoking, peer exchange. */
  tick(now: number): readonly SwarmEffect[] {
    return this.#act(now, (state) => {
      for (const peer of [...state.peers.values()]) if (!peer.closed) tickPeer(state, peer, now);
      if (state.nextRelease <= now) tellInTime(state, now);
      rotateSlots(state, now);
    });
  }

  /** When {@link Swarm.tick} is due, in ms since the Unix epoch; undefined while there is nobody. */
  nextDeadline(): number | undefined {
    const { peers, nextRelease, nextRotation } = this.#state;
    let next = Math.min(nextRelease, nextRotation);
    for (const peer of peers.values()) next = Math.min(next, deadlineOf(this.#state, peer));
    return next === Number.POSITIVE_INFINITY ? undefined : next;
  }

  /**
   * Adds an own post (SWARM-6): gives its `piece` and tells all peers. Gives `refused` for a post that does not pass the rules, `equivocation`
   * where another post has its number, nothing where it is there already. Throws `RangeError` for a number that no piece can have.
   */
  publish(k: number, bytes: Uint8Array, now: number): readonly SwarmEffect[] {
    requireCount('piece', k);
    if (k > SWARM_LIMITS.pieceIndex) throw new RangeError(`piece ${k} is above ${SWARM_LIMITS.pieceIndex}`);
    return this.#act(now, (state) => publishPiece(state, k, bytes, now));
  }

  /**
   * The active chain has changed: to be called with the height of its last block after every change, a reorganisation to the same height included
   * (SWARM-18). Pieces above the new ceiling are kept but neither told nor served until the ceiling has risen again, and so are posts that a peer
   * one block behind would have to refuse.
   */
  setTip(height: number, now: number): readonly SwarmEffect[] {
    requireCount('tip', height);
    return this.#act(now, (state) => {
      const before = state.ceiling;
      state.tip = height;
      state.ceiling = ceilingOf(state);
      state.judged.clear();
      for (const peer of openPeers(state)) {
        peer.postponed.clear();
        reconsider(peer, 0);
      }
      const released = releaseWithheld(state, now).filter((piece) => piece <= before);
      tellAll(state, [...released, ...state.owned.values(before + 1, state.ceiling)], now);
      state.released = true;
    });
  }

  /** Numbers of the pieces that are stored and not above the ceiling, rising; those too that are not told yet. */
  have(): number[] {
    return [...this.#state.owned.values(0, this.#state.ceiling)];
  }

  /** The greatest number of {@link Swarm.have}, or −1. */
  highest(): number {
    return this.#state.owned.greatest(this.#state.ceiling);
  }

  /** The bytes of a stored piece, even of one above the ceiling. */
  piece(k: number): Uint8Array | undefined {
    return this.#state.owned.has(k) ? this.#state.store.get(k) : undefined;
  }

  /** The members that are connected and whose handshake is through. */
  members(): SwarmMember[] {
    return openPeers(this.#state).map(({ ip, name, outgoing, port }) => ({ peer: name, outgoing, ip, port }));
  }

  /** Both posts of each number of which the user signed two, as far as they are kept. */
  evidence(): { readonly k: number; readonly bytes: Uint8Array; readonly other: Uint8Array }[] {
    return [...this.#state.evidence].map(([k, pair]) => ({ k, ...pair }));
  }

  /** The info-hash of this swarm, 20 bytes. */
  get infoHash(): Uint8Array {
    return this.#state.infoHash;
  }

  #act(now: number, act: (state: SwarmState) => void): readonly SwarmEffect[] {
    const state = this.#state;
    act(state);
    if (state.released) {
      state.released = false;
      fillSlots(state, now);
      fillAll(state, now);
    }
    const { effects } = state;
    state.effects = [];
    return effects;
  }
}

/** Takes the frames that are whole, one after the other, so that what stands before a broken one still counts. */
function readMessages(state: SwarmState, peer: Peer, now: number): void {
  let answered = 0;
  while (!peer.closed) {
    const message = nextMessage(state, peer);
    if (message === undefined) return;
    takeMessage(state, peer, message, answered, now);
    if (message.name === 'request') answered += 1;
  }
}

function nextMessage(state: SwarmState, peer: Peer): PeerMessage | undefined {
  const waiting = peer.stream.bytes;
  if (waiting.length < LENGTH_BYTES) return undefined;
  const length = new DataView(waiting.buffer, waiting.byteOffset).getUint32(0);
  const frame = length > WIRE_LIMITS.frameBytes ? waiting : waiting.subarray(0, LENGTH_BYTES + length);
  try {
    const { value, consumed } = decodePeerMessages(frame);
    peer.stream.skip(consumed);
    return value[0];
  } catch (error) {
    close(state, peer, wireCode(error));
    return undefined;
  }
}

/** Ends what is withheld no longer at this tip and time, and gives those pieces. */
function releaseWithheld(state: SwarmState, now: number): number[] {
  const due: number[] = [];
  state.nextRelease = Number.POSITIVE_INFINITY;
  for (const [piece, { at, tip }] of state.withheld) {
    if (tip > state.tip && at > now) state.nextRelease = Math.min(state.nextRelease, at);
    else due.push(piece);
  }
  for (const piece of due) state.withheld.delete(piece);
  return due;
}

/** Tells what has waited long enough. It was judged at this tip, and its time does not begin anew. */
function tellInTime(state: SwarmState, now: number): void {
  const released = releaseWithheld(state, now);
  for (const piece of released) state.judged.add(piece);
  tellAll(state, released, now);
}

/** Tells all peers of those pieces that are offered. */
function tellAll(state: SwarmState, pieces: readonly number[], now: number): void {
  for (const peer of openPeers(state)) {
    for (const piece of pieces) if (isOffered(state, piece)) send(state, peer, { id: 4, name: 'have', piece }, now);
  }
}

function tickPeer(state: SwarmState, peer: Peer, now: number): void {
  const { handshakeMs, silenceMs, keepAliveMs } = state.bounds;
  if (peer.stage !== 'messages') {
    if (peer.connectedAt + handshakeMs <= now) close(state, peer, 'timed-out');
    return;
  }
  if (peer.lastReceived + silenceMs <= now) {
    close(state, peer, 'timed-out');
    return;
  }
  if (peer.twinUntil <= now) settleTwins(state, peer);
  if (peer.closed) return;
  expireRequests(state, peer, now);
  if (peer.exchangeId !== 0 && peer.nextExchange <= now) sendExchange(state, peer, now);
  if (peer.lastSent + keepAliveMs <= now) send(state, peer, { id: null, name: 'keepalive' }, now);
}

function deadlineOf(state: SwarmState, peer: Peer): number {
  const { handshakeMs, silenceMs, keepAliveMs, requestMs } = state.bounds;
  if (peer.stage !== 'messages') return peer.connectedAt + handshakeMs;
  const [oldest = Number.POSITIVE_INFINITY] = peer.requests.values();
  const exchange = peer.exchangeId === 0 ? Number.POSITIVE_INFINITY : peer.nextExchange;
  return Math.min(
    peer.lastReceived + silenceMs,
    peer.lastSent + keepAliveMs,
    oldest + requestMs,
    exchange,
    peer.twinUntil,
  );
}

function requireCount(name: string, value: number | undefined, least: number = 0): void {
  if (value === undefined || !Number.isSafeInteger(value) || value < least) throw new RangeError(`${name} of ${value}`);
}

import { bytesToHex } from '@noble/hashes/utils.js';
import type { CurveBackend } from '@rookery/keys';
import { decodeUtf8, encodeMessage, encodePing, encodeUtf8, type NetworkAddress, sha256d } from '@rookery/wire';
import type { Chain } from '../chain.ts';
import { PEER_LIMITS, type PeerLimits } from '../limits.ts';
import { AddressGossip, type AddressOptions } from './address-gossip.ts';
import type { Fault, PeerContext } from './context.ts';
import { Fetcher } from './fetcher.ts';
import { Handshake, type HandshakeOptions } from './handshake.ts';
import { Inbox } from './inbox.ts';
import { NetworkClock } from './network-clock.ts';
import type { CloseCode, PeerEffect } from './peer-effect.ts';
import { RecentMap } from './recent-map.ts';
import { Relay } from './relay.ts';
import { Server } from './server.ts';
import { newSession, type PeerConnection, type PeerSession } from './session.ts';
import { VoteBox } from './vote-box.ts';

/** How {@link ChainPeers} is set up. */
export interface ChainPeersOptions extends AddressOptions, HandshakeOptions {
  readonly chain: Chain;
  /** Random bytes of a length; the only source of chance here. */
  readonly random: (length: number) => Uint8Array;
  /** The group of addresses that an address belongs to: bans and clocks count by it. Default the address itself. */
  readonly groupOf?: ((address: string) => string) | undefined;
  readonly backend?: CurveBackend | undefined;
  readonly limits?: Partial<PeerLimits> | undefined;
}

/** What is known of a connected peer. */
export interface PeerInfo {
  readonly peer: string;
  readonly outgoing: boolean;
  /** Undefined until the peer has told. */
  readonly version: number | undefined;
  readonly userAgent: string | undefined;
  readonly startHeight: number;
  readonly score: number;
  /** Milliseconds since the Unix epoch. */
  readonly connectedAt: number;
}

/** How much is remembered of peers. */
export interface PeerSizes {
  readonly sessions: number;
  /** Bytes that wait to be read, of all peers. */
  readonly streamBytes: number;
  /** Entries of all tables. */
  readonly entries: number;
}

const MS = 1000;
const NONCE_BYTES = 8;
const SLICE_BYTES = 65_536;
const NO_PAYLOAD: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/**
 * The sessions of a node with its peers of the chain network (CHAIN-69 to CHAIN-85): handshake, sync by inventories, relay of blocks and
 * transactions, answers, addresses, votes, scores and bans. It holds no socket: connections, and their bytes as they come in,
 * are told to it, and {@link PeerEffect}s come out. What peers do to the {@link Chain} is passed through.
 *
 * Nothing that a peer sends makes it throw. All that it remembers is bounded by {@link PeerLimits}, which say what goes
 * first. `now` is milliseconds since the Unix epoch and never falls. Call `tick` at {@link ChainPeers.nextDeadline}.
 */
export class ChainPeers {
  readonly limits: PeerLimits;
  readonly #chain: Chain;
  readonly #random: (length: number) => Uint8Array;
  readonly #groupOf: (address: string) => string;
  readonly #sessions = new Map<string, PeerSession>();
  readonly #bans: RecentMap<number>;
  readonly #clock: NetworkClock;
  readonly #fetcher: Fetcher;
  readonly #relay: Relay;
  readonly #server: Server;
  readonly #gossip: AddressGossip;
  readonly #handshake: Handshake;
  readonly #inbox: Inbox;
  #heldBytes = 0;
  #now = 0;
  #out: PeerEffect[] = [];

  constructor(options: ChainPeersOptions) {
    const { backend, chain, limits, random } = options;
    this.limits = { ...PEER_LIMITS, ...limits };
    this.#chain = chain;
    this.#random = random;
    this.#groupOf = options.groupOf ?? ((address) => address);
    this.#bans = new RecentMap(this.limits.bans);
    this.#clock = new NetworkClock(this.limits);
    const context = this.#context(random(NONCE_BYTES));
    this.#fetcher = new Fetcher(context);
    this.#relay = new Relay(context);
    this.#server = new Server(context, this.#relay);
    this.#gossip = new AddressGossip(context, options);
    const votes = new VoteBox(chain.network, this.limits.voteCandidates, backend);
    this.#handshake = new Handshake(context, { clock: this.#clock, gossip: this.#gossip, votes }, options);
    this.#inbox = new Inbox(context, {
      fetcher: this.#fetcher,
      gossip: this.#gossip,
      handshake: this.#handshake,
      relay: this.#relay,
      server: this.#server,
      votes,
    });
  }

  /**
   * A connection was made. Effects: the greeting, where this node opened it; `close` with `banned` or `too-many-peers`.
   * Throws `RangeError` for a name that is in use.
   */
  connect(peer: string, { outgoing, address }: PeerConnection, now: number): readonly PeerEffect[] {
    if (this.#sessions.has(peer)) throw new RangeError(`the peer ${peer} is connected already`);
    return this.#act(now, () => {
      const group = this.#groupOf(address);
      const isBanned = (this.#bans.get(group) ?? 0) > now;
      if (isBanned || !this.#hasPlace(outgoing)) {
        this.#out.push({ type: 'close', peer, code: isBanned ? 'banned' : 'too-many-peers' });
        return;
      }
      const nonce = this.#random(NONCE_BYTES);
      const session = newSession(peer, { outgoing, group, nonce }, this.#chain.network, this.limits, now);
      this.#sessions.set(peer, session);
      if (outgoing) this.#handshake.greet(session);
    });
  }

  /** Bytes came in, cut anywhere. What comes of a peer that is not connected is ignored. */
  receive(peer: string, bytes: Uint8Array, now: number): readonly PeerEffect[] {
    return this.#act(now, () => {
      const session = this.#sessions.get(peer);
      if (session === undefined) return;
      session.receivedAt = now;
      const { streamBytes, allStreamBytes } = this.limits;
      for (let at = 0; at < bytes.length && this.#sessions.has(peer); at += SLICE_BYTES) {
        const before = session.stream.heldBytes;
        session.stream.push(bytes.subarray(at, at + SLICE_BYTES));
        this.#heldBytes += session.stream.heldBytes - before;
        this.#read(session);
        if (session.stream.heldBytes > streamBytes || this.#heldBytes > allStreamBytes)
          this.#close(session, 'stream-full');
      }
    });
  }

  /** A connection has ended; what was asked of the peer is asked of others. */
  disconnect(peer: string, now: number): readonly PeerEffect[] {
    return this.#act(now, () => {
      const session = this.#sessions.get(peer);
      if (session !== undefined) this.#forget(session);
    });
  }

  /** Answers `need-block`; `bytes` is undefined where the application lacks the block too. */
  deliverBlock(peer: string, id: Uint8Array, bytes: Uint8Array | undefined, now: number): readonly PeerEffect[] {
    return this.#act(now, () => {
      const session = this.#sessions.get(peer);
      if (session === undefined) return;
      this.#server.deliver(session, id, bytes);
      this.#read(session);
    });
  }

  /**
   * Tells whether what was sent to a peer piles up, for its socket takes no more: until that is over the peer gets no answers
   * and its messages wait. An application that never says so has to close such connections itself.
   */
  setFull(peer: string, isFull: boolean, now: number): readonly PeerEffect[] {
    return this.#act(now, () => {
      const session = this.#sessions.get(peer);
      if (session === undefined) return;
      session.isFull = isFull;
      this.#read(session);
    });
  }

  /** Tells peers of a block of the active chain that the application has added itself. */
  announceBlock(id: Uint8Array, now: number): readonly PeerEffect[] {
    return this.#act(now, () => {
      this.#fetcher.noteProgress();
      this.#relay.announceBlock(id);
    });
  }

  /**
   * Adds a transaction of the application to the pool and tells peers of it; one that waits already is told again to those
   * who may not know it, without any other effect. Effects also: `pooled` or `rejected`.
   */
  submitTransaction(bytes: Uint8Array, now: number): readonly PeerEffect[] {
    return this.#act(now, () => {
      for (const effect of this.#chain.addTransaction(bytes, this.#now, { local: true })) {
        const { id } = effect;
        const waiting = id === null ? undefined : this.#chain.pooled(id);
        if (effect.type === 'pooled' || waiting === undefined) this.#out.push(effect);
        if (id !== null && waiting !== undefined) this.#relay.announceTransaction(id, waiting);
      }
    });
  }

  /** Takes another address where this node can be reached, undefined for none, and tells the peers that there are of it (CHAIN-81). */
  setPublicAddress(address: NetworkAddress | undefined, now: number): readonly PeerEffect[] {
    return this.#act(now, () => this.#gossip.setPublicAddress(address));
  }

  /** Does what is due. */
  tick(now: number): readonly PeerEffect[] {
    return this.#act(now, () => {
      for (const session of [...this.#sessions.values()]) {
        if (now >= this.#silentAt(session)) {
          this.#close(session, session.version === undefined ? 'handshake-timeout' : 'silent');
          continue;
        }
        if (now >= this.#pingAt(session)) this.#sendPing(session);
        this.#read(session);
      }
      this.#fetcher.checkProgress();
      this.#relay.takeTurn();
    });
  }

  /** When to call `tick` next, in milliseconds since the Unix epoch; undefined while nothing is to come. */
  nextDeadline(): number | undefined {
    let next = Math.min(this.#relay.deadline, this.#fetcher.deadline);
    for (const session of this.#sessions.values()) {
      next = Math.min(next, this.#silentAt(session), this.#pingAt(session));
      next = Math.min(next, session.asksDueAt);
      if (!session.isFull && this.#isPaused(session)) next = Math.min(next, session.windowAt + this.limits.windowMs);
    }
    return next === Number.POSITIVE_INFINITY ? undefined : next;
  }

  /** Seconds since the Unix epoch by the network's clock (CHAIN-73). */
  adjustedTime(now: number): number {
    return Math.floor(now / MS) + this.#clock.offset;
  }

  /** The connected peers. */
  peers(): PeerInfo[] {
    return [...this.#sessions.values()].map(({ peer, outgoing, version, startHeight, score, connectedAt }) => {
      const userAgent = version?.subver === undefined ? undefined : decodeUtf8(version.subver);
      return { peer, outgoing, version: version?.version, userAgent, startHeight, score, connectedAt };
    });
  }

  /** How much is remembered of peers: what the limits bound. */
  sizes(): PeerSizes {
    let entries = this.#bans.size + this.#fetcher.size + this.#relay.size;
    for (const session of this.#sessions.values()) {
      const { known, knownAddresses, asks, announcements, trickle, addresses } = session;
      for (const { size } of [known, knownAddresses, asks, announcements, trickle, addresses]) entries += size;
      entries += session.requests.length;
    }
    return { sessions: this.#sessions.size, streamBytes: this.#heldBytes, entries };
  }

  /** Strangers do not take the places of connections that this node opens itself. */
  #hasPlace(outgoing: boolean): boolean {
    const { outgoingPeers, peers } = this.limits;
    if (this.#sessions.size >= peers) return false;
    if (outgoing) return true;
    let incoming = 0;
    for (const session of this.#sessions.values()) if (!session.outgoing) incoming += 1;
    return incoming < peers - outgoingPeers;
  }

  #context(salt: Uint8Array): PeerContext {
    const time = {
      now: () => this.#now,
      networkNow: () => this.#networkNow(),
      seconds: () => this.adjustedTime(this.#now),
    };
    return {
      chain: this.#chain,
      limits: this.limits,
      sessions: this.#sessions,
      random: this.#random,
      get now() {
        return time.now();
      },
      get networkNow() {
        return time.networkNow();
      },
      get seconds() {
        return time.seconds();
      },
      tell: (effect) => {
        this.#out.push(effect);
      },
      send: (session, command, payload) => this.#send(session, command, payload),
      punish: (session, fault) => this.#punish(session, fault),
      isPaused: (session) => this.#isPaused(session),
      digest: (text) => saltedDigest(salt, text),
    };
  }

  /** Runs what a call is for, then sends what it leaves to be said. */
  #act(now: number, action: () => void): readonly PeerEffect[] {
    this.#now = Math.max(now, this.#now);
    this.#out = [];
    action();
    this.#fetcher.chooseSyncPeer();
    for (const session of this.#sessions.values()) {
      this.#relay.flush(session);
      this.#fetcher.flush(session);
    }
    this.#relay.startTurns();
    const effects = this.#out;
    this.#out = [];
    return effects;
  }

  #send(session: PeerSession, command: string, payload: Uint8Array = NO_PAYLOAD): void {
    const bytes = encodeMessage(this.#chain.network, command, payload);
    session.sentAt = this.#now;
    if (this.#now >= session.windowAt + this.limits.windowMs) {
      session.windowAt = this.#now;
      session.windowBytes = 0;
    }
    session.windowBytes += bytes.length;
    this.#out.push({ type: 'send', peer: session.peer, bytes });
  }

  #close(session: PeerSession, code: CloseCode): void {
    if (!this.#sessions.has(session.peer)) return;
    this.#forget(session);
    this.#out.push({ type: 'close', peer: session.peer, code });
  }

  #forget(session: PeerSession): void {
    this.#sessions.delete(session.peer);
    this.#heldBytes -= session.stream.heldBytes;
    this.#fetcher.forget(session);
  }

  /** Raises a peer's score, and bans it where that is too much; a fault without a penalty ends the session (CHAIN-85). */
  #punish(session: PeerSession, { code, penalty }: Fault): void {
    if (!this.#sessions.has(session.peer)) return;
    if (penalty === undefined) this.#close(session, code);
    else session.score += penalty;
    if (session.score < this.limits.banScore) return;
    const untilMs = this.#now + this.limits.banMs;
    this.#bans.set(session.group, untilMs);
    this.#out.push({ type: 'ban', peer: session.peer, code, untilMs });
    this.#close(session, code);
  }

  #isPaused(session: PeerSession): boolean {
    const { windowBytes, windowMs } = this.limits;
    if (session.isFull) return true;
    return this.#now < session.windowAt + windowMs && session.windowBytes >= windowBytes;
  }

  /** Answers what was asked, then reads on, until nothing is left or the peer has to wait. */
  #read(session: PeerSession): void {
    this.#server.serve(session);
    while (this.#sessions.has(session.peer) && !this.#isPaused(session)) {
      const before = session.stream.heldBytes;
      const item = session.stream.next();
      this.#heldBytes += session.stream.heldBytes - before;
      if (item === undefined) return;
      const fault = item.type === 'message' ? this.#inbox.receive(session, item.message) : this.#faultOf(item.type);
      if (fault !== undefined) this.#punish(session, fault);
    }
  }

  #faultOf(type: 'oversized' | 'unreadable'): Fault {
    if (type === 'unreadable') return { code: 'unreadable-stream', penalty: undefined };
    return { code: 'oversized-message', penalty: this.limits.penaltyList };
  }

  #sendPing(session: PeerSession): void {
    const hasNonce = (session.version?.version ?? 0) > this.limits.plainPingVersion;
    this.#send(session, 'ping', hasNonce ? encodePing(new Uint8Array(NONCE_BYTES)) : NO_PAYLOAD);
  }

  #pingAt(session: PeerSession): number {
    return session.version === undefined ? Number.POSITIVE_INFINITY : session.sentAt + this.limits.pingMs;
  }

  #silentAt(session: PeerSession): number {
    return session.version === undefined
      ? session.connectedAt + this.limits.handshakeMs
      : session.receivedAt + this.limits.silenceMs;
  }

  #networkNow(): number {
    return this.#now + this.#clock.offset * MS;
  }
}

function saltedDigest(salt: Uint8Array, text: string): string {
  const bytes = encodeUtf8(text);
  const salted = new Uint8Array(salt.length + bytes.length);
  salted.set(salt);
  salted.set(bytes, salt.length);
  return bytesToHex(sha256d(salted));
}

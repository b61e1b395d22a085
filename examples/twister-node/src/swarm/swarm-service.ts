import { randomBytes } from 'node:crypto';
import type { Server, Socket } from 'node:net';
import type { CurveBackend, UserDirectory } from '@rookery/keys';
import type { PostFlag } from '@rookery/posts';
import { infoHashOf, readInfoHash, Swarm } from '@rookery/swarm';
import { plainBytes } from '../bytes.ts';
import type { DhtService } from '../dht/dht-service.ts';
import { type Endpoint, isLoopback, plainIp } from '../endpoint.ts';
import type { Logger } from '../log.ts';
import { newTraffic, type Traffic } from '../meter.ts';
import { Membership } from './membership.ts';
import type { PieceFiles } from './piece-files.ts';

/** What a swarm service is made of. */
export interface SwarmServiceOptions {
  readonly users: UserDirectory;
  readonly tip: number;
  readonly backend: CurveBackend;
  readonly files: PieceFiles;
  readonly log: Logger;
  readonly server: Server;
  /** Where this node listens for swarms, and for the DHT. */
  readonly port: number;
  /** Whether swarms may be active: elsewhere than on dev they wait for a fresh chain. */
  readonly isActive: () => boolean;
  /** A new post has come in, or was written here. */
  readonly onPiece: (user: string, k: number, bytes: Uint8Array, flags: readonly PostFlag[]) => void;
}

interface Joined {
  readonly membership: Membership;
  nextAnnounce: number;
  /** When the own part of the DHT is told next who takes part. */
  nextTracking: number;
  delayMs: number;
  isAnnouncing: boolean;
}

const PEER_ID_PREFIX = '-TW1000-';
const PEER_ID_BYTES = 20;
const ROUND_MS = 250;
const HANDSHAKE_MS = 10_000;
const MOST_CONNECTIONS = 800;
/** Announcements: soon again while nobody is found, then four an hour. */
const ALONE_MS = 2000;
const ANNOUNCE_MS = 900_000;
/** Between two looks at who takes part in a swarm, for those who ask this node's part of the DHT; and how many of them it tells at a time. */
const TRACKING_MS = 10_000;
const TRACKED_PEERS = 10;
const CLIENT_NAME = 'rookery 0.0.0';

/** The swarms: one engine a user, and their TCP connections. */
export class SwarmService {
  readonly traffic: Traffic = newTraffic();
  readonly #given: SwarmServiceOptions;
  readonly #joined = new Map<string, Joined>();
  readonly #byInfoHash = new Map<string, string>();
  readonly #peerId: Uint8Array;
  readonly #timer: NodeJS.Timeout;
  readonly #waiting = new Set<Socket>();
  #dht: DhtService | undefined;
  #tip: number;
  #hadContacts = false;

  constructor(given: SwarmServiceOptions) {
    this.#given = given;
    this.#tip = given.tip;
    const free = randomBytes(PEER_ID_BYTES - PEER_ID_PREFIX.length);
    this.#peerId = new Uint8Array([...Buffer.from(PEER_ID_PREFIX, 'ascii'), ...free]);
    given.server.on('connection', (socket) => this.#admit(socket));
    this.#timer = setInterval(() => this.#round(), ROUND_MS);
  }

  /** Gives the DHT through which members are found. */
  use(dht: DhtService): void {
    this.#dht = dht;
  }

  /** Joins the swarm of a registered user. False where the user is not registered. */
  join(user: string): boolean {
    if (this.#joined.has(user)) return true;
    const { backend, files, log, port, users } = this.#given;
    if (users.registeredAt(user) === undefined) return false;
    const swarm = new Swarm({
      user,
      peerId: this.#peerId,
      users,
      tip: this.#tip,
      random: (length) => new Uint8Array(randomBytes(length)),
      backend,
      pieces: files.storeOf(user),
      dhtPort: port,
      port,
      clientName: CLIENT_NAME,
      groupOf: (peer) => (isLoopback(peer) ? peer : peer.slice(0, peer.lastIndexOf(':'))),
    });
    const membership = new Membership(
      user,
      swarm,
      {
        piece: ({ bytes, flags, k }) => this.#given.onPiece(user, k, bytes, flags),
        contact: (endpoint) => this.#dht?.addContact(endpoint),
      },
      this.traffic,
      log,
    );
    this.#joined.set(user, { membership, nextAnnounce: 0, nextTracking: 0, delayMs: ALONE_MS, isAnnouncing: false });
    this.#byInfoHash.set(hexOf(infoHashOf(user)), user);
    this.#round();
    return true;
  }

  /** Leaves a swarm, and gives up its posts. */
  leave(user: string): void {
    const joined = this.#joined.get(user);
    if (joined === undefined) return;
    this.#given.files.forget(user, joined.membership.swarm.have());
    joined.membership.stop();
    this.#joined.delete(user);
    this.#byInfoHash.delete(hexOf(joined.membership.swarm.infoHash));
    this.#dht?.trackPeers(user, [], 0);
  }

  /** The swarm of a user that this node has joined. */
  swarm(user: string): Swarm | undefined {
    return this.#joined.get(user)?.membership.swarm;
  }

  /** Users whose swarms were joined. */
  users(): string[] {
    return [...this.#joined.keys()];
  }

  /** How many connections there are, in all swarms. */
  get connections(): number {
    let count = 0;
    for (const { membership } of this.#joined.values()) count += membership.size;
    return count;
  }

  /** How many addresses of members are known, in all swarms. */
  get candidates(): number {
    let count = 0;
    for (const { membership } of this.#joined.values()) count += membership.candidates.size;
    return count;
  }

  /** Publishes an own post that is on disk; why not, where the engine refuses it. */
  publish(user: string, k: number, bytes: Uint8Array): string | undefined {
    const membership = this.#joined.get(user)?.membership;
    if (membership === undefined) return 'unknown-user';
    const effects = membership.swarm.publish(k, bytes, Date.now());
    membership.apply(effects);
    for (const effect of effects) {
      if (effect.type === 'refused' && effect.peer === undefined) return effect.code;
      if (effect.type === 'equivocation') return 'duplicate-number';
    }
    return undefined;
  }

  setTip(height: number): void {
    this.#tip = height;
    for (const { membership } of this.#joined.values()) membership.apply(membership.swarm.setTip(height, Date.now()));
  }

  stop(): void {
    clearInterval(this.#timer);
    for (const { membership } of this.#joined.values()) membership.stop();
    for (const socket of this.#waiting) socket.destroy();
  }

  /** Reads of a new connection for which swarm it is. */
  #admit(socket: Socket): void {
    const { remoteAddress, remotePort } = socket;
    if (remoteAddress === undefined || remotePort === undefined || !this.#given.isActive())
      return void socket.destroy();
    if (this.connections + this.#waiting.size >= MOST_CONNECTIONS) return void socket.destroy();
    this.#waiting.add(socket);
    let head = new Uint8Array();
    const timer = setTimeout(() => socket.destroy(), HANDSHAKE_MS);
    const done = () => {
      clearTimeout(timer);
      this.#waiting.delete(socket);
    };
    const read = (chunk: Uint8Array) => {
      head = Uint8Array.from([...head, ...plainBytes(chunk)]);
      const infoHash = readInfoHash(head);
      if (infoHash === undefined) return;
      const user = infoHash === 'invalid' ? undefined : this.#byInfoHash.get(hexOf(infoHash));
      const joined = user === undefined ? undefined : this.#joined.get(user);
      socket.off('data', read);
      socket.off('close', done);
      socket.off('error', done);
      done();
      if (joined === undefined) return void socket.destroy();
      joined.membership.accept(socket, { ip: plainIp(remoteAddress), port: remotePort }, head);
    };
    socket.on('data', read);
    socket.on('close', done);
    socket.on('error', done);
  }

  #round(): void {
    const isActive = this.#given.isActive();
    const now = Date.now();
    const hasContacts = (this.#dht?.counts.contacts ?? 0) > 0;
    const isFirst = hasContacts && !this.#hadContacts;
    this.#hadContacts = hasContacts;
    for (const [user, joined] of this.#joined) {
      // What was announced to nobody is announced now.
      if (isFirst) joined.nextAnnounce = now;
      if (!isActive) {
        joined.membership.closeAll();
        continue;
      }
      joined.membership.dialNext();
      if (now >= joined.nextTracking) {
        joined.nextTracking = now + TRACKING_MS;
        const { known } = joined.membership;
        this.#dht?.trackPeers(user, joined.membership.reachable().slice(0, TRACKED_PEERS), known);
      }
      if (now >= joined.nextAnnounce && !joined.isAnnouncing) this.#announce(user, joined);
    }
  }

  #announce(user: string, joined: Joined): void {
    if (this.#dht === undefined) return;
    joined.isAnnouncing = true;
    const { membership } = joined;
    this.#dht.announce(user, this.#given.port, {
      peers: (endpoints: readonly Endpoint[]) => {
        for (const endpoint of endpoints) membership.candidates.add(endpoint);
        membership.dialNext();
      },
      done: (acknowledged) => {
        joined.isAnnouncing = false;
        const isAlone = acknowledged === 0 || (membership.size === 0 && membership.candidates.size === 0);
        joined.delayMs = isAlone ? Math.min(2 * joined.delayMs, ANNOUNCE_MS) : ANNOUNCE_MS;
        joined.nextAnnounce = Date.now() + (acknowledged === 0 ? Math.min(joined.delayMs, 60_000) : joined.delayMs);
        if (!isAlone) joined.delayMs = ALONE_MS;
      },
    });
  }
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

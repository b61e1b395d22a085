import { bytesToHex } from '@noble/hashes/utils.js';
import { type AddressGroup, type Endpoint, endpointKey } from './endpoint.ts';
import type { DhtLimits } from './limits.ts';
import { type RandomBytes, randomSample } from './random.ts';

interface Swarm {
  name: Uint8Array;
  /** Peers that the own node counts in it; 0 if it takes no part. */
  followers: number;
  /** By endpoint, in the order of their latest announcement. */
  readonly peers: Map<string, { readonly endpoint: Endpoint; readonly addedAt: number }>;
}

/** What a node answers about a swarm. */
export interface TrackedSwarm {
  /** The name as announced, may be empty. */
  readonly name: Uint8Array;
  /** Peers that the own node counts; 0 where it takes no part in the swarm. */
  readonly followers: number;
  readonly peers: readonly Endpoint[];
}

/** The resource that is answered from the table. */
export const TRACKER = 'tracker';

const ADDRESS_BITS = 32;

/**
 * Who takes part in which swarm, as announced (DHT-41).
 * At most `trackedSwarms` swarms; a further one takes the place of the one with the fewest peers. At most `swarmPeers` of a swarm and
 * `addressPeers` of one address in it, the ones announced longest ago go first; at most `trackedPeers` in all, at the cost of the largest
 * swarm. Peers are forgotten after `peerAgeMs`.
 */
export class TrackerTable {
  readonly #limits: DhtLimits;
  readonly #group: AddressGroup;
  readonly #swarms = new Map<string, Swarm>();
  #peers = 0;
  #sweptAt: number | undefined;

  /** An empty table, counting addresses by `group`. */
  constructor(limits: DhtLimits, group: AddressGroup) {
    this.#limits = limits;
    this.#group = group;
  }

  /** How many peers are known, in all swarms. */
  get size(): number {
    return this.#peers;
  }

  /** When {@link sweep} has something to do next, ms. */
  nextDeadline(): number | undefined {
    return this.#sweptAt === undefined || this.#swarms.size === 0
      ? undefined
      : this.#sweptAt + this.#limits.peerSweepMs;
  }

  /** Notes that a peer takes part in the swarm with this info-hash. */
  add(infoHash: Uint8Array, endpoint: Endpoint, name: Uint8Array | undefined, now: number): void {
    this.#sweptAt ??= now;
    const swarm = this.#swarmOf(infoHash);
    if (swarm.name.length === 0 && name !== undefined) swarm.name = name.slice(0, this.#limits.swarmNameBytes);
    this.#remove(swarm, endpointKey(endpoint));
    swarm.peers.set(endpointKey(endpoint), { endpoint, addedAt: now });
    this.#peers += 1;
    this.#trim(swarm, endpoint);
  }

  /** Notes how many peers the own node counts in a swarm that it takes part in; 0 once it does so no longer. Until then it is not forgotten. */
  setFollowers(infoHash: Uint8Array, name: Uint8Array, followers: number, now: number): void {
    if (followers === 0 && !this.#swarms.has(bytesToHex(infoHash))) return;
    this.#sweptAt ??= now;
    const swarm = this.#swarmOf(infoHash);
    swarm.name = name.slice(0, this.#limits.swarmNameBytes);
    swarm.followers = followers;
  }

  /** What is known of a swarm: at most `replyPeers` peers, drawn at random; undefined where nothing is. */
  get(infoHash: Uint8Array, now: number, random: RandomBytes): TrackedSwarm | undefined {
    const key = bytesToHex(infoHash);
    const swarm = this.#swarms.get(key);
    if (swarm === undefined) return undefined;
    this.#expire(key, swarm, now);
    if (!this.#swarms.has(key)) return undefined;
    const peers = [...swarm.peers.values()].map(({ endpoint }) => endpoint);
    return {
      name: swarm.name,
      followers: swarm.followers,
      peers: randomSample(peers, this.#limits.replyPeers, random),
    };
  }

  /** Forgets peers that are too old. */
  sweep(now: number): void {
    if (now < (this.nextDeadline() ?? Number.POSITIVE_INFINITY)) return;
    this.#sweptAt = now;
    for (const [key, swarm] of [...this.#swarms]) this.#expire(key, swarm, now);
  }

  #expire(key: string, swarm: Swarm, now: number): void {
    for (const [endpoint, { addedAt }] of swarm.peers) {
      if (now <= addedAt + this.#limits.peerAgeMs) break;
      this.#remove(swarm, endpoint);
    }
    if (swarm.peers.size === 0 && swarm.followers === 0) this.#swarms.delete(key);
  }

  #swarmOf(infoHash: Uint8Array): Swarm {
    const key = bytesToHex(infoHash);
    const known = this.#swarms.get(key);
    if (known !== undefined) return known;
    if (this.#swarms.size >= this.#limits.trackedSwarms) {
      this.#discard(this.#swarmWith((peers, found) => peers < found, Number.POSITIVE_INFINITY));
    }
    const swarm: Swarm = { name: new Uint8Array(0), followers: 0, peers: new Map() };
    this.#swarms.set(key, swarm);
    return swarm;
  }

  #trim(swarm: Swarm, { ip, port }: Endpoint): void {
    const group = this.#group({ ip, port }, ADDRESS_BITS);
    const neighbours = [...swarm.peers].filter(([, { endpoint }]) => this.#group(endpoint, ADDRESS_BITS) === group);
    if (neighbours.length > this.#limits.addressPeers) this.#remove(swarm, neighbours[0]![0]);
    if (swarm.peers.size > this.#limits.swarmPeers) this.#removeOldest(swarm);
    if (this.#peers <= this.#limits.trackedPeers) return;
    const largest = this.#swarms.get(this.#swarmWith((peers, found) => peers > found, -1) ?? '');
    if (largest !== undefined) this.#removeOldest(largest);
  }

  #swarmWith(isBetter: (peers: number, found: number) => boolean, start: number): string | undefined {
    let found: string | undefined;
    let best = start;
    for (const [key, { peers }] of this.#swarms) if (isBetter(peers.size, best)) [found, best] = [key, peers.size];
    return found;
  }

  #discard(key: string | undefined): void {
    if (key === undefined) return;
    this.#peers -= this.#swarms.get(key)?.peers.size ?? 0;
    this.#swarms.delete(key);
  }

  #removeOldest(swarm: Swarm): void {
    const [oldest] = swarm.peers.keys();
    if (oldest !== undefined) this.#remove(swarm, oldest);
  }

  #remove(swarm: Swarm, key: string): void {
    if (swarm.peers.delete(key)) this.#peers -= 1;
  }
}

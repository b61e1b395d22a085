import { PEERSTER_LIMITS, type PeersterLimits } from './limits.ts';
import { type RandomSource, randomBelow } from './random.ts';

/** How a peer came into the table (PEERSTER-29): added by the operator, or learned from its datagrams. */
export type PeerClass = 'manual' | 'learned';

/** One peer, as shown to others. */
export interface Peer {
  /** What the application sends to, `host:port`. */
  readonly address: string;
  readonly class: PeerClass;
  /** When it was last heard of, in milliseconds; undefined for a peer that never spoke. */
  readonly lastSeen: number | undefined;
  /** Whether it has shown that it knows digests, probes and parts (PEERSTER-37 … PEERSTER-39). */
  readonly extended: boolean;
}

interface Entry {
  address: string;
  class: PeerClass;
  lastSeen: number | undefined;
  extended: boolean;
  /** Has brought a message that nobody else had brought: costs work, so it is worth keeping. */
  useful: boolean;
  /** When a status of it last lacked nothing. */
  completeAt: number;
  allowance: number;
  refilledAt: number;
}

/**
 * The peers of a node (PEERSTER-29). Caps: `manualPeers` added by hand, which are never dropped; `learnedPeers` learned,
 * of which `learnedPerGroup` in one group of addresses. A newcomer takes the place of the learned peer that has been
 * silent longest, of those that never brought a new message if there are any, and only if that one has been silent for
 * `peerGraceMs`; otherwise the newcomer is not learned.
 */
export class PeerTable {
  private readonly entries = new Map<string, Entry>();
  private readonly addresses: string[] = [];
  private readonly groups = new Map<string, number>();
  private readonly limits: PeersterLimits;
  private readonly groupOf: (address: string) => string;
  private learned = 0;

  constructor(groupOf: (address: string) => string, limits: PeersterLimits = PEERSTER_LIMITS) {
    this.groupOf = groupOf;
    this.limits = limits;
  }

  get size(): number {
    return this.addresses.length;
  }

  has(address: string): boolean {
    return this.entries.has(address);
  }

  /** The peers in no particular order. */
  list(): Peer[] {
    return [...this.entries.values()].map(({ address, class: kind, lastSeen, extended }) => ({
      address,
      class: kind,
      lastSeen,
      extended,
    }));
  }

  /** Adds a peer by hand; a learned one becomes manual. False when the cap is reached. */
  add(address: string): boolean {
    const entry = this.entries.get(address);
    if (entry?.class === 'manual') return true;
    if (this.entries.size - this.learned >= this.limits.manualPeers) return false;
    if (entry === undefined) this.insert(address, 'manual', undefined);
    else {
      this.count(address, -1);
      entry.class = 'manual';
    }
    return true;
  }

  /** Removes a peer of either class; false when there was none. */
  remove(address: string): boolean {
    const entry = this.entries.get(address);
    if (entry === undefined) return false;
    if (entry.class === 'learned') this.count(address, -1);
    this.entries.delete(address);
    const at = this.addresses.indexOf(address);
    const last = this.addresses.pop()!;
    if (last !== address) this.addresses[at] = last;
    return true;
  }

  /** Notes that a known peer spoke. */
  heard(address: string, now: number): void {
    const entry = this.entries.get(address);
    if (entry !== undefined) entry.lastSeen = now;
  }

  /** Learns a sender (PEERSTER-29). Gives the address that made room, the empty string for none, undefined if refused. */
  learn(address: string, now: number): string | undefined {
    const { learnedPeers, learnedPerGroup } = this.limits;
    let evicted = '';
    const groupFull = (this.groups.get(this.groupOf(address)) ?? 0) >= learnedPerGroup;
    if (this.learned >= learnedPeers || groupFull) {
      const silent = this.longestSilent(groupFull ? this.groupOf(address) : undefined);
      if (silent === undefined || now - (silent.lastSeen ?? 0) < this.limits.peerGraceMs) return undefined;
      evicted = silent.address;
      this.remove(evicted);
    }
    this.insert(address, 'learned', now);
    return evicted;
  }

  /** Notes that a peer brought a new message. */
  markUseful(address: string): void {
    const entry = this.entries.get(address);
    if (entry !== undefined) entry.useful = true;
  }

  /** Notes that a peer knows the extensions. */
  markExtended(address: string): void {
    const entry = this.entries.get(address);
    if (entry !== undefined) entry.extended = true;
  }

  isExtended(address: string): boolean {
    return this.entries.get(address)?.extended ?? false;
  }

  /** One peer at random, not `excluded`; undefined where there is none (PEERSTER-31, PEERSTER-34). */
  pick(random: RandomSource, excluded?: string): string | undefined {
    const { addresses } = this;
    const isPeer = excluded !== undefined && this.entries.has(excluded);
    const choices = addresses.length - (isPeer ? 1 : 0);
    if (choices === 0) return undefined;
    const choice = addresses[randomBelow(choices, random)]!;
    // The last one stands in for the excluded one, so that every other peer keeps its one chance.
    return choice === excluded ? addresses[addresses.length - 1] : choice;
  }

  /** How many messages a status may bring (PEERSTER-35): few where the peer lacked nothing a moment ago. */
  pushesFor(address: string, now: number): number {
    const entry = this.entries.get(address);
    if (entry === undefined) return 0;
    const { suspicionMs, suspectPushes, unprovenPushes, pushesPerStatus } = this.limits;
    if (now - entry.completeAt < suspicionMs) return suspectPushes;
    return isProven(entry) ? pushesPerStatus : unprovenPushes;
  }

  /** Notes that a status of a peer lacked nothing. */
  markComplete(address: string, now: number): void {
    const entry = this.entries.get(address);
    if (entry !== undefined) entry.completeAt = now;
  }

  /** Takes an answer of so many bytes from a peer's allowance (PEERSTER-35); false when that is used up or it is no peer. */
  draw(address: string, bytes: number, now: number): boolean {
    const entry = this.entries.get(address);
    if (entry === undefined) return false;
    const { answerBurstBytes, answerBytesPerSecond, unprovenShare } = this.limits;
    const share = isProven(entry) ? 1 : unprovenShare;
    const earned = (Math.max(0, now - entry.refilledAt) * answerBytesPerSecond) / (1_000 * share);
    entry.allowance = Math.min(answerBurstBytes / share, entry.allowance + earned);
    entry.refilledAt = now;
    if (entry.allowance < bytes) return false;
    entry.allowance -= bytes;
    return true;
  }

  private insert(address: string, kind: PeerClass, now: number | undefined): void {
    this.entries.set(address, {
      address,
      class: kind,
      lastSeen: now,
      extended: false,
      useful: false,
      completeAt: Number.NEGATIVE_INFINITY,
      allowance: this.limits.answerBurstBytes,
      refilledAt: now ?? 0,
    });
    this.addresses.push(address);
    if (kind === 'learned') this.count(address, 1);
  }

  private count(address: string, change: 1 | -1): void {
    const group = this.groupOf(address);
    const counted = (this.groups.get(group) ?? 0) + change;
    if (counted === 0) this.groups.delete(group);
    else this.groups.set(group, counted);
    this.learned += change;
  }

  private longestSilent(group: string | undefined): Entry | undefined {
    let found: Entry | undefined;
    for (const entry of this.entries.values()) {
      if (entry.class !== 'learned' || (group !== undefined && this.groupOf(entry.address) !== group)) continue;
      if (found === undefined || Number(entry.useful) < Number(found.useful)) found = entry;
      else if (entry.useful === found.useful && (entry.lastSeen ?? 0) < (found.lastSeen ?? 0)) found = entry;
    }
    return found;
  }
}

/** Added by hand, or has brought a message that had cost work. */
function isProven(entry: Entry): boolean {
  return entry.class === 'manual' || entry.useful;
}

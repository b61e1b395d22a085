import { sha1 } from '@noble/hashes/legacy.js';
import type { CurveBackend, UserDirectory } from '@rookery/keys';
import { decodeBencode, dhtTarget, encodeUtf8, type Profile } from '@rookery/wire';
import { AddressVotes } from './address-votes.ts';
import { Allowance } from './allowance.ts';
import { Answers, droppedEffect, effectsOf } from './answers.ts';
import type { DhtEffect } from './effects.ts';
import { type AddressGroup, type Endpoint, groupByPrefix, isLoopback } from './endpoint.ts';
import { FloodGuard } from './flood-guard.ts';
import { FoundValues } from './found-values.ts';
import { parseIpAddress } from './ip-address.ts';
import { DHT_LIMITS, type DhtLimits } from './limits.ts';
import { Lookup } from './lookup.ts';
import { Membership } from './membership.ts';
import { addressGroup, fitsAddress, type NodeContext, valueContext } from './node-context.ts';
import { deriveNodeId } from './node-id.ts';
import { errorPacket, readPacket } from './packets.ts';
import { checkPut } from './put.ts';
import { type RandomBytes, randomFraction } from './random.ts';
import { RecentAddresses } from './recent-addresses.ts';
import { isRefreshed, refreshProbability } from './refresh.ts';
import { RefreshClock } from './refresh-clock.ts';
import { RoutingTable } from './routing-table.ts';
import { FoundPeers, type Search, searchOf, type Write } from './search.ts';
import { Searches } from './searches.ts';
import { checkValueSignature } from './signed.ts';
import type { StepContext } from './step.ts';
import { SwarmNeighbours } from './swarm-neighbours.ts';
import { TRACKER, TrackerTable } from './tracker-table.ts';
import { decodeP, parseValue, type SignedValue } from './value.ts';
import { type DhtStore, type StoredItem, ValueStore } from './value-store.ts';

/** What a {@link DhtNode} is made of. */
export interface DhtNodeOptions {
  /** The own address as others see it; an unknown one is `0.0.0.0`. */
  readonly address: Endpoint;
  /** The own id, 20 bytes; left out, it is derived from the address (DHT-1), or drawn where the address decides nothing. */
  readonly id?: Uint8Array | undefined;
  /** The registered users, as of the tip. */
  readonly users: UserDirectory;
  /** Height of the active chain's last block; 0 if left out. {@link DhtNode.setTip} changes it. */
  readonly tip?: number | undefined;
  /** Random bytes that nobody can guess. */
  readonly random: RandomBytes;
  /** `canonical` if left out. */
  readonly profile?: Profile | undefined;
  /** Who does the curve work; noble if left out. */
  readonly backend?: CurveBackend | undefined;
  /** Where held values survive; in memory alone if left out. */
  readonly store?: DhtStore | undefined;
  /** Other bounds than those of `DHT_LIMITS`. */
  readonly limits?: Partial<DhtLimits> | undefined;
  /** Whether ids must fit addresses (DHT-2); true if left out. Loopback and private addresses are exempt anyway. */
  readonly verifyNodeIds?: boolean | undefined;
  /**
   * Whether the application takes part in the swarm of this user already; false if left out. Asked before the node looks for the user, and
   * again before it tells `join-swarm` (DHT-46). Must not throw, whatever the name.
   */
  readonly isInSwarm?: ((user: string) => boolean) | undefined;
  /** How addresses are grouped where they are counted (DHT-33); `groupByPrefix` if left out. */
  readonly group?: AddressGroup | undefined;
}

/** A search that was started, and what is to be done for it now. */
export interface StartedSearch {
  /** Names it in the effects `value`, `peers` and `done`. */
  readonly handle: number;
  readonly effects: readonly DhtEffect[];
}

/** How full the tables of a node are. */
export interface DhtNodeCounts {
  readonly contacts: number;
  readonly requests: number;
  readonly searches: number;
  readonly values: number;
  readonly valueBytes: number;
  readonly peers: number;
}

const ID_RANDOM_BYTES = 16;
const SECOND_MS = 1000;
const UNKNOWN_ADDRESS = '0.0.0.0';
/** Can be written into a packet, but nothing can be sent there. */
const NO_PORT = 0;

/**
 * A node of the DHT: answers the queries of others, holds their values, and searches, puts and announces for its application
 * (DHT-32 to DHT-46). It has no hands: datagrams and the time come in, effects go out; `nextDeadline` says when to call `tick` next.
 *
 * Everything that strangers cause is bounded by `limits`: contacts (good ones stay, others go), requests and searches (further ones are
 * over at once), held values (the largest writer's farthest value goes), peers (the oldest go), counted sources (the quietest go).
 * Nothing that comes in a datagram throws. Times are ms since the Unix epoch and never decrease; an earlier one is taken for the latest.
 * The same inputs give the same outputs, byte for byte.
 */
export class DhtNode {
  readonly #context: NodeContext;
  readonly #store: ValueStore;
  readonly #tracker: TrackerTable;
  readonly #answers: Answers;
  readonly #searches: Searches;
  readonly #clock: RefreshClock;
  readonly #flood: FloodGuard;
  readonly #upload: Allowance;
  readonly #votes: AddressVotes;
  readonly #membership: Membership;
  readonly #neighbours: SwarmNeighbours;
  #address: Endpoint;
  #handle = 0;
  #now = 0;
  #sweepAt: number | undefined;

  /** Throws `RangeError` for an id that is not 20 bytes and an address that is none. */
  constructor(options: DhtNodeOptions) {
    const { address, users, random, profile = 'canonical', backend, group = groupByPrefix } = options;
    const limits = { ...DHT_LIMITS, ...options.limits };
    const { tip = 0, verifyNodeIds = true } = options;
    const id = options.id ?? idFor(address, { random, verifyNodeIds });
    if (id.length !== limits.idBytes) throw new RangeError(`a node id has ${limits.idBytes} bytes, got ${id.length}`);
    const table = new RoutingTable(id, limits, group);
    this.#context = { id, table, tip, users, profile, backend, limits, group, random, verifyNodeIds };
    this.#address = address;
    const isSigned = (value: SignedValue) => checkValueSignature(value, valueContext(this.#context, this.#now)).ok;
    this.#store = new ValueStore(() => this.#context.id, limits, profile, options.store, isSigned);
    this.#tracker = new TrackerTable(limits, group);
    const proven = new RecentAddresses(limits.provenAddresses, limits.provenMs);
    this.#answers = new Answers(this.#context, this.#store, this.#tracker, proven);
    this.#clock = new RefreshClock(limits, random);
    this.#searches = new Searches(this.#context, proven, (item, at) => this.#clock.schedule(item, at));
    this.#membership = new Membership(this.#context, this.#searches);
    const { isInSwarm = () => false } = options;
    this.#neighbours = new SwarmNeighbours(this.#context, this.#searches, {
      isInSwarm,
      held: (target) => this.held(target),
    });
    if (this.#store.size > 0) this.#clock.loaded();
    this.#flood = new FloodGuard(limits);
    this.#upload = new Allowance(limits.uploadBytesPerSecond, limits.burstSeconds);
    this.#votes = new AddressVotes(limits);
  }

  /** The own id, 20 bytes. */
  get id(): Uint8Array {
    return this.#context.id;
  }

  /** How full the tables are. */
  get counts(): DhtNodeCounts {
    return {
      contacts: this.#context.table.size,
      requests: this.#searches.requests,
      searches: this.#searches.size,
      values: this.#store.size,
      valueBytes: this.#store.bytes,
      peers: this.#tracker.size,
    };
  }

  /** Endpoints of the nodes that answer or may answer, nearest first: what to write down for the next start. */
  contacts(): Endpoint[] {
    return this.#context.table.contacts().map(({ endpoint }) => endpoint);
  }

  /** The values that this node holds for a target. */
  held(target: Uint8Array): SignedValue[] {
    return this.#store.get(target).map(({ value }) => value);
  }

  /** Takes a datagram that came from `from` and tells what is to be done. Never throws for what is in it. */
  receive(datagram: Uint8Array, from: Endpoint, now: number): readonly DhtEffect[] {
    const step = this.#step(now);
    if (parseIpAddress(from.ip) === undefined || from.port === NO_PORT) {
      return [{ type: 'ignored', from, code: 'bad-address' }];
    }
    const source = addressGroup(this.#context, from);
    if (!this.#flood.admits(source, step.now)) {
      return [{ type: 'ignored', from, code: 'flood' }];
    }
    const packet = readPacket(datagram);
    if (packet.type === 'none') step.effects.push({ type: 'ignored', from, code: 'no-packet' });
    else if (packet.type === 'faulty-query') {
      this.#sendTo(step, from, errorPacket(packet.transaction, packet.krpcError), false);
    } else if (packet.message.kind === 'query') {
      const answer = this.#answers.answer(packet.message, from, step.now);
      step.effects.push(...answer.effects);
      if (answer.stored !== undefined) this.#clock.schedule(answer.stored, step.now);
      this.#sendTo(step, from, answer.packet, false);
      if (answer.challenge === true) this.#membership.challenge(from, step);
      if (answer.heard === true) this.#membership.heard(step.now);
      if (answer.neighbourOf !== undefined) this.#neighbours.asked(answer.neighbourOf, step.now);
    } else if (packet.message.kind === 'reply') {
      const { matched, ip } = this.#searches.reply(packet.message, from, step);
      if (matched) this.#flood.discount(source);
      if (!matched) step.effects.push({ type: 'ignored', from, code: 'unmatched' });
      else if (ip !== undefined) this.#vote(ip, from, step);
      else this.#membership.answered(step);
    } else if (!this.#searches.error(packet.message, from, step)) {
      step.effects.push({ type: 'ignored', from, code: 'unmatched' });
    }
    return step.effects;
  }

  /** Does what is due: timeouts, refreshes, expiry. May be called at any time. */
  tick(now: number): readonly DhtEffect[] {
    const step = this.#step(now);
    this.#searches.tick(step);
    this.#membership.tick(step);
    this.#refreshValues(step);
    this.#neighbours.tick(step);
    this.#sweep(step);
    this.#tracker.sweep(step.now);
    return step.effects;
  }

  /** When to call {@link tick} next, ms; undefined for never. */
  nextDeadline(): number | undefined {
    const deadlines = [
      this.#searches.nextDeadline(),
      this.#membership.nextDeadline(),
      this.#clock.next,
      this.#neighbours.nextDeadline(),
      this.#sweepAt,
      this.#tracker.nextDeadline(),
    ].filter((deadline) => deadline !== undefined);
    return deadlines.length === 0 ? undefined : Math.max(this.#now, Math.min(...deadlines));
  }

  /** Makes a node known by its address, to join the network through it: it is asked at once, and again while nobody answers. */
  addContact(address: Endpoint, now: number): readonly DhtEffect[] {
    const step = this.#step(now);
    this.#membership.addContact(address, step);
    return step.effects;
  }

  /**
   * Searches the values of a target, or the peers of the swarm of user `n` for resource `tracker` (DHT-37). What the node holds itself is
   * found first. Effects: `value` or `peers`, as often as there is something new, `dropped` for bad values, then `done`.
   */
  get(n: Uint8Array, r: string, t: 's' | 'm', now: number): StartedSearch {
    const step = this.#step(now);
    const { limits } = this.#context;
    const target = dhtTarget(n, r, t);
    const isTracker = r === TRACKER;
    const search = this.#newSearch(target, {
      query: 'getData',
      args: { target: { n, r, t } },
      values: isTracker ? undefined : new FoundValues(target, t === 'm', limits),
      peers: isTracker ? new FoundPeers(limits) : undefined,
    });
    if (isTracker) this.#searches.offerPeers(search, this.#tracker.get(target, step.now, this.#context.random), step);
    else this.#searches.offer(search, this.held(target), step);
    return this.#start(search, step);
  }

  /**
   * Holds an own value and puts it to the nearest nodes (DHT-43); it is refreshed until it expires. `done.acknowledged` tells how many took
   * it or said so: only reading it back proves it. A value that this node itself would not take from others is sent but
   * not held, with an effect `dropped`; one that no deployed node would take is not sent either. Throws `TypeError` for a `p` without a
   * readable target.
   */
  put(entry: SignedValue, now: number): StartedSearch {
    const step = this.#step(now);
    const decoded = decodeP(entry.p, 'put', 'deployed');
    const parsed = decoded.ok ? parseValue(decoded.root) : decoded;
    if (!decoded.ok || !parsed.ok) throw new TypeError('p is no value with a target');
    const { n, r, multi, target: dict } = parsed.value;
    const target = sha1(dict.raw);
    const context = valueContext(this.#context, step.now);
    const accepted = checkPut(entry, context);
    if (accepted.ok) {
      const outcome = this.#store.put(accepted.value, entry, target, step.now);
      step.effects.push(...effectsOf(outcome, target));
      if (outcome.stored !== undefined) this.#clock.schedule(outcome.stored, step.now);
    } else step.effects.push({ type: 'dropped', target, code: accepted.code });
    const sendable = accepted.ok || checkPut(entry, { ...context, profile: 'deployed' }).ok;
    if (!sendable) {
      this.#handle += 1;
      step.effects.push({ type: 'done', handle: this.#handle, target, found: false, acknowledged: 0 });
      return { handle: this.#handle, effects: step.effects };
    }
    const search = this.#newSearch(target, {
      query: 'getData',
      args: { justtoken: 1, target: { n, r, t: multi ? 'm' : 's' } },
      write: writeOf(entry),
    });
    return this.#start(search, step);
  }

  /**
   * Announces that the own address takes part in the swarm of a user, at this TCP port, to the nearest nodes (DHT-43), and finds other
   * peers on the way, those that have announced themselves here first. Effects: `peers`, then `done`.
   */
  announce(user: string, port: number, now: number): StartedSearch {
    const step = this.#step(now);
    const n = encodeUtf8(user);
    const infoHash = dhtTarget(n, TRACKER, 'm');
    const held = this.#tracker.get(infoHash, step.now, this.#context.random);
    const { ip } = this.#address;
    if (ip !== UNKNOWN_ADDRESS) this.#tracker.add(infoHash, { ip, port }, n, step.now);
    const search = this.#newSearch(infoHash, {
      query: 'getData',
      args: { infoHash, target: { n, r: TRACKER, t: 'm' } },
      peers: new FoundPeers(this.#context.limits),
      write: { query: 'announcePeer', args: { infoHash, port, seed: 0 } },
    });
    this.#searches.offerPeers(search, held, step);
    return this.#start(search, step);
  }

  /**
   * Puts peers of a swarm that the application takes part in into the own tracker table, and how many it knows there in all, those included that
   * nobody can connect to; 0 once it has left (DHT-41). Deployed nodes hand in up to 10: connected, or connected within 4 hours without
   * failure. Throws `RangeError` for a number that counts nothing.
   */
  trackPeers(user: string, peers: readonly Endpoint[], followers: number, now: number): void {
    if (!Number.isSafeInteger(followers) || followers < 0) throw new RangeError(`${followers} followers`);
    const step = this.#step(now);
    const n = encodeUtf8(user);
    const infoHash = dhtTarget(n, TRACKER, 'm');
    for (const peer of peers) this.#tracker.add(infoHash, peer, n, step.now);
    this.#tracker.setFollowers(infoHash, n, followers, step.now);
  }

  /** Tells the height of the active chain's last block: what a value may state, and when it expires. */
  setTip(height: number, now: number): readonly DhtEffect[] {
    const step = this.#step(now);
    if (height !== this.#context.tip && this.#store.size > 0) {
      this.#sweepAt ??= step.now + this.#context.limits.valueSweepMs;
    }
    this.#context.tip = height;
    return step.effects;
  }

  /** Takes another own address, and an id that fits it; the contacts are kept (DHT-45). */
  setAddress(address: Endpoint, now: number): readonly DhtEffect[] {
    const step = this.#step(now);
    const { limits, group, table } = this.#context;
    this.#address = address;
    this.#votes.clear();
    if (fitsAddress(this.#context, this.#context.id, address.ip)) return step.effects;
    this.#context.id = idFor(address, this.#context);
    this.#context.table = new RoutingTable(this.#context.id, limits, group);
    for (const { id, endpoint, confirmed } of table.contacts()) {
      if (confirmed) this.#context.table.seen(id, endpoint);
      else this.#context.table.heard(id, endpoint);
    }
    this.#membership.moved(step);
    return step.effects;
  }

  #step(now: number): StepContext {
    this.#now = Math.max(this.#now, now);
    const effects: DhtEffect[] = [];
    const step: StepContext = {
      now: this.#now,
      effects,
      send: (to, bytes, own) => this.#sendTo(step, to, bytes, own),
    };
    return step;
  }

  #sendTo(step: StepContext, to: Endpoint, bytes: Uint8Array, own: boolean): boolean {
    const isSent = own || this.#upload.take(bytes.length, step.now);
    step.effects.push(isSent ? { type: 'send', to, bytes } : { type: 'ignored', from: to, code: 'upload-limit' });
    return isSent;
  }

  #newSearch(target: Uint8Array, fields: Parameters<typeof searchOf>[1]): Search {
    const { limits, group } = this.#context;
    this.#handle += 1;
    return searchOf(new Lookup(target, limits.bucket, limits, group), { ...fields, handle: this.#handle });
  }

  #start(search: Search, step: StepContext): StartedSearch {
    this.#searches.start(search, step);
    return { handle: search.handle!, effects: step.effects };
  }

  #vote(octets: Uint8Array, from: Endpoint, step: StepContext): void {
    const ip = formatIpAddress(octets);
    if (ip === undefined || ip === this.#address.ip || fitsAddress(this.#context, this.#context.id, ip)) return;
    const votes = this.#votes.cast(addressGroup(this.#context, from), ip);
    if (votes < this.#context.limits.addressVotes && this.#context.table.hasGood) return;
    step.effects.push({ type: 'external-address', ip });
  }

  #refreshValues(step: StepContext): void {
    if (step.now < (this.#clock.next ?? Number.POSITIVE_INFINITY)) return;
    for (const item of this.#clock.takeDue(this.#store.items(), step.now)) this.#refreshValue(item, step);
  }

  /** Puts a held value again (DHT-30, DHT-31); an own one that has not been read back is read back on the way. */
  #refreshValue(item: StoredItem, step: StepContext): void {
    const { limits, group, tip, random } = this.#context;
    const { value, n, r, resource, multi, target } = item;
    const localAge = value.localSince === undefined ? undefined : (step.now - value.localSince) / SECOND_MS;
    if (localAge !== undefined && localAge > limits.localSeconds) item.confirmed = true;
    if (!isRefreshed({ resource, multi, height: Number(item.entry.height), localAge }, tip)) return;
    if (!multi) {
      const { known, newest } = this.#store.postsOf(n);
      const probability = refreshProbability(resource, newest, known);
      if (probability < 1 && randomFraction(random) >= probability) return;
    }
    // Nobody takes it any more once its signer has another key.
    if (!checkValueSignature(value, valueContext(this.#context, step.now)).ok) return;
    const justtoken = item.confirmed ? 1 : undefined;
    const search = searchOf(new Lookup(target, limits.bucket, limits, group), {
      query: 'getData',
      args: { justtoken, target: { n, r, t: multi ? 'm' : 's' } },
      write: writeOf(value),
      refreshed: item,
    });
    this.#searches.start(search, step);
  }

  #sweep(step: StepContext): void {
    if (step.now < (this.#sweepAt ?? Number.POSITIVE_INFINITY)) return;
    this.#sweepAt = undefined;
    if (this.#context.profile === 'deployed') return;
    for (const item of this.#store.removeExpired(this.#context.tip)) {
      step.effects.push(droppedEffect({ item, code: 'expired' }));
    }
  }
}

function writeOf({ p, sigP, sigUser }: SignedValue): Write {
  const decoded = decodeBencode(p, { profile: 'deployed' }).value.toValue();
  return { query: 'putData', args: { p: decoded, sig_p: sigP, sig_user: sigUser } };
}

/** An id for an address. Where the address decides nothing, ids of all nodes there would lie together if it did. */
function idFor({ ip }: Endpoint, { random, verifyNodeIds }: Pick<NodeContext, 'random' | 'verifyNodeIds'>): Uint8Array {
  const octets = parseIpAddress(ip);
  if (octets === undefined) throw new RangeError(`${ip} is no IP address`);
  if (!verifyNodeIds || isLoopback(ip) || ip === UNKNOWN_ADDRESS) return random(DHT_LIMITS.idBytes);
  return deriveNodeId(octets, random(ID_RANDOM_BYTES));
}

function formatIpAddress(octets: Uint8Array): string | undefined {
  return octets.length === 4 ? octets.join('.') : undefined;
}

import { decodeUtf8, type KrpcMessage, type KrpcReply, parseKrpcReply, WireError } from '@rookery/wire';
import { Allowance } from './allowance.ts';
import { equalBytes } from './bytes.ts';
import type { Contact } from './contact.ts';
import type { Endpoint } from './endpoint.ts';
import type { Candidate } from './lookup.ts';
import { addressGroup, fitsAddress, type NodeContext, valueContext } from './node-context.ts';
import { queryPacket } from './packets.ts';
import type { RecentAddresses } from './recent-addresses.ts';
import type { Purpose, Search } from './search.ts';
import type { StepContext } from './step.ts';
import type { TrackedSwarm } from './tracker-table.ts';
import { type Lateness, Transactions } from './transactions.ts';
import type { SignedValue } from './value.ts';
import type { StoredItem } from './value-store.ts';

/** What came of a reply, for the node itself. */
export interface ReplyOutcome {
  /** Whether it answered a request. */
  readonly matched: boolean;
  /** The own address as the other sees it, because the own id does not fit it. */
  readonly ip?: Uint8Array | undefined;
}

/**
 * The asking side of a node: requests, searches and what they find (DHT-35 to DHT-37, DHT-43).
 * At most `searches` run, `searchesPerSecond` start, and `waitingSearches` wait; more are over at once.
 */
export class Searches {
  readonly #context: NodeContext;
  readonly #proven: RecentAddresses;
  readonly #readBack: (item: StoredItem, now: number) => void;
  readonly #transactions: Transactions<Purpose>;
  readonly #running = new Set<Search>();
  readonly #waiting = new Set<Search>();
  readonly #starts: Allowance;
  #filling = false;

  /** Searches from the table of this node; `proven` learns which addresses answer, `readBack` is told of own values that others hold. */
  constructor(context: NodeContext, proven: RecentAddresses, readBack: (item: StoredItem, now: number) => void) {
    this.#context = context;
    this.#readBack = readBack;
    this.#proven = proven;
    const { limits, group, random } = context;
    this.#transactions = new Transactions(limits, group, random);
    this.#starts = new Allowance(limits.searchesPerSecond, limits.burstSeconds);
  }

  /** Searches that run or wait. */
  get size(): number {
    return this.#running.size + this.#waiting.size;
  }

  /** Requests under way. */
  get requests(): number {
    return this.#transactions.size;
  }

  /** When {@link tick} has something to do next, ms. */
  nextDeadline(): number | undefined {
    const lateAt = this.#transactions.nextDeadline();
    if (this.#waiting.size === 0 || this.#running.size >= this.#context.limits.searches) return lateAt;
    return Math.min(lateAt ?? Number.POSITIVE_INFINITY, this.#starts.timeOf(1));
  }

  /** Asks an endpoint whether it is a node; a contact that is given goes if it is none. */
  ping(to: Endpoint, step: StepContext, contact?: Contact): void {
    this.#request(to, { type: 'ping', contact }, step);
  }

  /** Starts a search, or lets it wait for its turn. */
  start(search: Search, step: StepContext): void {
    const { waitingSearches } = this.#context.limits;
    if (this.#waiting.size === 0 && this.#mayStart(step)) this.#run(search, step);
    else if (this.#waiting.size < waitingSearches) this.#waiting.add(search);
    else {
      const { target } = search.lookup;
      if (search.handle !== undefined) step.effects.push({ type: 'dropped', target, code: 'too-many-searches' });
      this.#finish(search, step);
    }
  }

  /** Takes a reply. Never throws, whatever is in it. */
  reply(message: KrpcMessage, from: Endpoint, step: StepContext): ReplyOutcome {
    const transaction = this.#transactions.take(message.transaction, from);
    if (transaction === undefined) return { matched: false };
    const { purpose } = transaction;
    const reply = readReply(message);
    const isRefusal = reply?.ip?.length === 4 || reply?.ip?.length === 16;
    if (reply === undefined || isRefusal) {
      this.#fail(purpose, step);
      return { matched: true, ip: reply?.ip };
    }
    this.#proven.add(addressGroup(this.#context, from), step.now);
    // Deployed nodes take any id of a node that answers (W44).
    const fits = this.#context.profile === 'deployed' || fitsAddress(this.#context, reply.id, from.ip);
    if (fits) this.#context.table.seen(reply.id, from);
    if (purpose.type === 'write') this.#acknowledge(purpose, step);
    if (purpose.type === 'ask') this.#learn(purpose.search, purpose.candidate, reply, fits, step);
    return { matched: true };
  }

  /** Takes an error: the request has failed, though its node is alive. */
  error(message: KrpcMessage, from: Endpoint, step: StepContext): boolean {
    const transaction = this.#transactions.take(message.transaction, from);
    if (transaction === undefined) return false;
    const { purpose } = transaction;
    if (purpose.type === 'write' && purpose.search.handle !== undefined && purpose.search.state === 'writing') {
      step.effects.push({ type: 'dropped', target: purpose.search.lookup.target, code: 'refused' });
    }
    this.#fail(purpose, step);
    return true;
  }

  /** Looks which requests have waited too long. */
  tick(step: StepContext): void {
    for (const { id, transaction, lateness } of this.#transactions.takeLate(step.now)) {
      const { purpose, to } = transaction;
      if (lateness === 'slow') this.#send(id, to, purpose, step);
      if (lateness !== 'lost') this.#delay(purpose, lateness, step);
      else {
        const asked = purpose.type === 'ping' ? purpose.contact : purpose.candidate;
        if (asked !== undefined) this.#context.table.failed(asked.id, asked.endpoint);
        this.#fail(purpose, step);
      }
    }
    this.#fill(step);
  }

  #mayStart({ now }: StepContext): boolean {
    return this.#running.size < this.#context.limits.searches && this.#starts.take(1, now);
  }

  #run(search: Search, step: StepContext): void {
    const { table, limits } = this.#context;
    const { lookup } = search;
    this.#running.add(search);
    search.state = 'looking';
    table.touch(lookup.target, step.now);
    for (const { id, endpoint, failures } of table.closest(lookup.target, limits.firstCandidates, true)) {
      lookup.add(id, endpoint, failures > 0);
    }
    this.#advance(search, step);
  }

  #advance(search: Search, step: StepContext): void {
    if (search.state !== 'looking') return;
    const { lookup } = search;
    for (let asked = lookup.next(); asked.length > 0; asked = lookup.next()) {
      for (const candidate of asked) {
        const sent = this.#request(candidate.endpoint, { type: 'ask', search, candidate }, step);
        if (!sent) candidate.state = 'failed';
      }
    }
    if (lookup.isOver) this.#write(search, step);
  }

  /** The nearest nodes are known: writes to them, if there is anything to write. */
  #write(search: Search, step: StepContext): void {
    const { lookup, write } = search;
    search.state = 'writing';
    for (const candidate of write === undefined ? [] : lookup.writable(this.#context.limits.bucket)) {
      const sent = this.#request(candidate.endpoint, { type: 'write', search, candidate, counted: true }, step);
      if (sent) search.pending += 1;
    }
    if (search.joining) for (const { endpoint } of lookup.unasked()) this.ping(endpoint, step);
    if (search.pending === 0) this.#finish(search, step);
  }

  #finish(search: Search, step: StepContext): void {
    const { handle, lookup, values, peers, acknowledged } = search;
    search.state = 'over';
    this.#running.delete(search);
    if (handle !== undefined) {
      const found = values?.any === true || peers?.any === true || acknowledged > 0;
      step.effects.push({ type: 'done', handle, target: lookup.target, found, acknowledged });
    }
    search.whenOver?.(step);
    this.#fill(step);
  }

  /** Lets waiting searches run; one that is over at once makes room for the next without another turn through here. */
  #fill(step: StepContext): void {
    if (this.#filling) return;
    this.#filling = true;
    for (const search of this.#waiting) {
      if (!this.#mayStart(step)) break;
      this.#waiting.delete(search);
      this.#run(search, step);
    }
    this.#filling = false;
  }

  #learn(search: Search, candidate: Candidate, reply: KrpcReply, fits: boolean, step: StepContext): void {
    if (search.state !== 'looking') return;
    const { limits, profile } = this.#context;
    // A place near the target belongs to the id that stands there, not to whoever answers for it (W44).
    const isItself = profile === 'deployed' || (fits && equalBytes(reply.id, candidate.id));
    candidate.state = isItself ? 'alive' : 'failed';
    if (reply.token !== undefined && reply.token.length <= limits.tokenMostBytes) candidate.token = reply.token.slice();
    this.#take(search, reply, step);
    // Nobody has more to say than a bucket, and many names would push out those that others gave.
    for (const { id, ip, port } of reply.nodes.slice(0, limits.bucket)) {
      if (port === 0 || equalBytes(id, this.#context.id)) continue;
      if (profile === 'deployed' || fitsAddress(this.#context, id, ip)) search.lookup.add(id.slice(), { ip, port });
    }
    this.#advance(search, step);
  }

  #take(search: Search, reply: KrpcReply, step: StepContext): void {
    const { values, refreshed } = search;
    if (reply.data !== undefined) {
      const entries = reply.data.map(({ p, sigP, sigUser }) => ({
        p: p.raw,
        sigP,
        sigUser: decodeUtf8(sigUser) ?? '',
      }));
      if (values !== undefined) this.offer(search, entries, step);
      const isBack = entries.some(({ sigP }) => refreshed !== undefined && equalBytes(sigP, refreshed.value.sigP));
      if (refreshed !== undefined && isBack && !refreshed.confirmed) {
        refreshed.confirmed = true;
        this.#readBack(refreshed, step.now);
      }
    }
    this.offerPeers(search, { peers: reply.values ?? [], followers: reply.followers ?? 0 }, step);
  }

  /** Hands out the peers that the search has not found before. */
  offerPeers(search: Search, found: Pick<TrackedSwarm, 'peers' | 'followers'> | undefined, step: StepContext): void {
    const { handle, peers, lookup } = search;
    if (handle === undefined || peers === undefined || found === undefined) return;
    const known = peers.followers;
    const reachable = found.peers.filter(({ port }) => port !== 0);
    const fresh = peers.add(reachable, found.followers);
    if (fresh.length === 0 && peers.followers <= known) return;
    step.effects.push({ type: 'peers', handle, target: lookup.target, peers: fresh, followers: peers.followers });
  }

  /** Judges values and hands out those that the search has not found before, if the application wants them. */
  offer(search: Search, entries: readonly SignedValue[], step: StepContext): void {
    const { handle, values, lookup } = search;
    if (values === undefined) return;
    const { target } = lookup;
    const { fresh, refused } = values.add(entries, valueContext(this.#context, step.now));
    if (handle === undefined) return;
    for (const { code } of refused) step.effects.push({ type: 'dropped', target, code });
    if (fresh.length > 0) step.effects.push({ type: 'value', handle, target, entries: fresh });
  }

  #acknowledge(purpose: Extract<Purpose, { readonly type: 'write' }>, step: StepContext): void {
    if (purpose.search.state !== 'writing') return;
    purpose.search.acknowledged += 1;
    this.#settle(purpose, step);
  }

  #fail(purpose: Purpose, step: StepContext): void {
    if (purpose.type === 'write') this.#settle(purpose, step);
    if (purpose.type !== 'ask') return;
    purpose.candidate.state = 'failed';
    this.#advance(purpose.search, step);
  }

  #delay(purpose: Purpose, lateness: Lateness, step: StepContext): void {
    if (purpose.type === 'write' && lateness === 'late') this.#settle(purpose, step);
    if (purpose.type !== 'ask') return;
    purpose.candidate.lateness = lateness;
    this.#advance(purpose.search, step);
  }

  /** One write less to wait for. */
  #settle(purpose: Extract<Purpose, { readonly type: 'write' }>, step: StepContext): void {
    const { search } = purpose;
    if (!purpose.counted || search.state !== 'writing') return;
    purpose.counted = false;
    search.pending -= 1;
    if (search.pending === 0) this.#finish(search, step);
  }

  /** Sends a request and waits for its answer; false where too many are under way or it may not be sent. */
  #request(to: Endpoint, purpose: Purpose, step: StepContext): boolean {
    const id = this.#transactions.open(to, purpose, step.now);
    if (id === undefined) return false;
    const isSent = this.#send(id, to, purpose, step);
    if (!isSent) this.#transactions.cancel(id);
    return isSent;
  }

  /** Sends the packet of a request, a second time if it is slow: every kind of request may come twice. */
  #send(id: Uint8Array, to: Endpoint, purpose: Purpose, { send }: StepContext): boolean {
    const { query, args } = contentOf(purpose);
    const own = purpose.type !== 'ping' && purpose.search.handle !== undefined;
    return send(to, queryPacket(id, query, this.#context.id, args), own);
  }
}

function contentOf(purpose: Purpose): { readonly query: string; readonly args: Search['args'] } {
  if (purpose.type === 'ping') return { query: 'ping', args: {} };
  if (purpose.type === 'ask') return purpose.search;
  const { write } = purpose.search;
  if (write === undefined) throw new TypeError('a search without anything to write does not write');
  return { query: write.query, args: { ...write.args, token: purpose.candidate.token } };
}

function readReply(message: KrpcMessage): KrpcReply | undefined {
  try {
    return parseKrpcReply(message, 'deployed');
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

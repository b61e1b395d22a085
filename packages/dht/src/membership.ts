import { type Endpoint, endpointKey } from './endpoint.ts';
import { Lookup } from './lookup.ts';
import { addressGroup, type NodeContext } from './node-context.ts';
import { RecentAddresses } from './recent-addresses.ts';
import { searchOf } from './search.ts';
import type { Searches } from './searches.ts';
import type { StepContext } from './step.ts';

const NEVER = Number.POSITIVE_INFINITY;

/**
 * How a node joins the network and goes on knowing its way in it (DHT-34).
 * Remembers `bootstrapContacts` endpoints to join through, the oldest goes first, and `provenAddresses` that it has lately asked for a
 * sign of life.
 */
export class Membership {
  readonly #context: NodeContext;
  readonly #searches: Searches;
  readonly #bootstrap = new Map<string, Endpoint>();
  readonly #challenged: RecentAddresses;
  #joinTriedAt: number | undefined;
  #selfSearchAt: number | undefined;
  #selfSearchMs = 0;
  #verifyAt: number | undefined;

  /** Works on the table of this node, by its searches. */
  constructor(context: NodeContext, searches: Searches) {
    this.#context = context;
    this.#searches = searches;
    this.#challenged = new RecentAddresses(context.limits.provenAddresses, context.limits.hardTimeoutMs);
  }

  /** When {@link tick} has something to do next, ms; undefined for never. */
  nextDeadline(): number | undefined {
    const table = this.#context.table.nextRefreshAt();
    const next = Math.min(this.#rejoinAt, this.#selfSearchAt ?? NEVER, table ?? NEVER, this.#verifyAt ?? NEVER);
    return next === NEVER ? undefined : next;
  }

  /** Takes note of an endpoint to join through, and asks it at once. */
  addContact(address: Endpoint, step: StepContext): void {
    const key = endpointKey(address);
    this.#bootstrap.delete(key);
    if (this.#bootstrap.size >= this.#context.limits.bootstrapContacts) {
      const [oldest] = this.#bootstrap.keys();
      if (oldest !== undefined) this.#bootstrap.delete(oldest);
    }
    this.#bootstrap.set(key, address);
    this.#joinTriedAt ??= step.now;
    this.#searches.ping(address, step);
  }

  /** There is a new contact that has not answered yet. */
  heard(now: number): void {
    this.#verifyAt ??= now + this.#context.limits.verifyGapMs;
  }

  /** Somebody has answered: searches the own id as soon as anybody does, which makes the node known to its neighbours. */
  answered(step: StepContext): void {
    if (this.#selfSearchAt !== undefined || !this.#context.table.hasGood) return;
    this.#selfSearchMs = this.#context.limits.firstSelfSearchMs / 2;
    this.#searchSelf(step, this.#context.limits.joinAnswers, true);
  }

  /** The own id is another one now. */
  moved(step: StepContext): void {
    this.#selfSearchAt = undefined;
    this.answered(step);
  }

  /** Asks an address for a sign of life: one that got less than there is (DHT-40), or a contact that was silent and now speaks. */
  challenge(from: Endpoint, step: StepContext): void {
    const group = addressGroup(this.#context, from);
    if (this.#challenged.has(group, step.now)) return;
    this.#challenged.add(group, step.now);
    this.#searches.ping(from, step);
  }

  /** Does what is due. */
  tick(step: StepContext): void {
    this.#rejoin(step);
    this.#verifyHeard(step);
    if (step.now >= (this.#selfSearchAt ?? NEVER)) this.#searchSelf(step, this.#context.limits.bucket, false);
    const target = this.#context.table.takeRefresh(step.now, this.#context.random);
    if (target !== undefined) this.#find(target, this.#context.limits.bucket, false, step);
  }

  get #rejoinAt(): number {
    if (this.#bootstrap.size === 0 || this.#joinTriedAt === undefined || this.#context.table.hasGood) return NEVER;
    return this.#joinTriedAt + this.#context.limits.bootstrapRetryMs;
  }

  #rejoin(step: StepContext): void {
    if (step.now < this.#rejoinAt) return;
    this.#joinTriedAt = step.now;
    this.#selfSearchAt = undefined;
    for (const address of this.#bootstrap.values()) this.#searches.ping(address, step);
  }

  /** Asks contacts that were only heard of whether they are there: those with a false address go, the others can be named to others. */
  #verifyHeard(step: StepContext): void {
    if (step.now < (this.#verifyAt ?? NEVER)) return;
    const { table, limits } = this.#context;
    const heard = table.contacts().filter(({ confirmed }) => !confirmed);
    this.#verifyAt = heard.length === 0 ? undefined : step.now + limits.verifyGapMs;
    let left = limits.verifyContacts;
    for (const contact of heard) {
      const group = addressGroup(this.#context, contact.endpoint);
      if (left === 0 || this.#challenged.has(group, step.now)) continue;
      left -= 1;
      this.#challenged.add(group, step.now);
      this.#searches.ping(contact.endpoint, step, contact);
    }
  }

  #searchSelf(step: StepContext, wanted: number, joining: boolean): void {
    const { id, limits } = this.#context;
    this.#selfSearchMs = Math.min(2 * this.#selfSearchMs, limits.bucketRefreshMs);
    this.#selfSearchAt = step.now + this.#selfSearchMs;
    this.#find(id, wanted, joining, step);
  }

  #find(target: Uint8Array, wanted: number, joining: boolean, step: StepContext): void {
    const { limits, group } = this.#context;
    const lookup = new Lookup(target, wanted, limits, group);
    this.#searches.start(searchOf(lookup, { query: 'findNode', args: { target }, joining }), step);
  }
}

import { dhtTarget, encodeUtf8 } from '@rookery/wire';
import { FoundValues } from './found-values.ts';
import type { DhtLimits } from './limits.ts';
import { Lookup } from './lookup.ts';
import { checkNeighbour } from './neighbour.ts';
import type { NodeContext } from './node-context.ts';
import { searchOf } from './search.ts';
import type { Searches } from './searches.ts';
import type { StepContext } from './step.ts';
import { TRACKER } from './tracker-table.ts';
import type { SignedValue } from './value.ts';

const STATUS = 'status';

/** What {@link SwarmNeighbours} asks the rest of the node. */
export interface SwarmNeighboursPorts {
  /** Whether the application takes part in the swarm of this user already. */
  readonly isInSwarm: (user: string) => boolean;
  /** The values that the node holds for a target. */
  readonly held: (target: Uint8Array) => readonly SignedValue[];
}

/**
 * Finds out for whose swarms the node is a neighbour, so that their posts are kept near their targets (DHT-46).
 * A user that somebody asked about waits for a try: a search of the swarm's target that tells whether the own id is near, then one of the
 * user's `status`. Tries begin `neighbourGapMs` apart, those of one user `neighbourRetryMs`. Remembers `neighbourUsers` that wait, whoever
 * comes then is left out, and as many that were tried; those tried longest ago are forgotten first.
 */
export class SwarmNeighbours {
  readonly #context: NodeContext;
  readonly #searches: Searches;
  readonly #ports: SwarmNeighboursPorts;
  readonly #waiting = new Set<string>();
  /** When each user was tried last, in this order. */
  readonly #triedAt = new Map<string, number>();
  #dueAt: number | undefined;

  /** Works on the table of this node, by its searches. */
  constructor(context: NodeContext, searches: Searches, ports: SwarmNeighboursPorts) {
    this.#context = context;
    this.#searches = searches;
    this.#ports = ports;
  }

  /** When {@link tick} has something to do next, ms; undefined for never. */
  nextDeadline(): number | undefined {
    return this.#dueAt;
  }

  /** Somebody asked for the swarm of a registered user, and the own id may be near its target. */
  asked(user: string, now: number): void {
    const { neighbourUsers, neighbourGapMs, neighbourRetryMs } = this.#limits;
    const triedAt = this.#triedAt.get(user);
    if (triedAt !== undefined && now < triedAt + neighbourRetryMs) return;
    if (this.#waiting.size >= neighbourUsers || this.#ports.isInSwarm(user)) return;
    this.#waiting.add(user);
    this.#dueAt ??= now + neighbourGapMs;
  }

  /** Tries the user who waits longest, if it is time. */
  tick(step: StepContext): void {
    if (this.#dueAt === undefined || step.now < this.#dueAt) return;
    const [user] = this.#waiting;
    if (user === undefined) {
      this.#dueAt = undefined;
      return;
    }
    this.#dueAt = step.now + this.#limits.neighbourGapMs;
    this.#waiting.delete(user);
    this.#note(user, step.now);
    if (!this.#ports.isInSwarm(user)) this.#findNeighbours(user, step);
  }

  get #limits(): DhtLimits {
    return this.#context.limits;
  }

  #note(user: string, now: number): void {
    this.#triedAt.delete(user);
    if (this.#triedAt.size >= this.#limits.neighbourUsers) {
      const [oldest] = this.#triedAt.keys();
      if (oldest !== undefined) this.#triedAt.delete(oldest);
    }
    this.#triedAt.set(user, now);
  }

  #findNeighbours(user: string, step: StepContext): void {
    const n = encodeUtf8(user);
    const lookup = this.#lookupOf(dhtTarget(n, TRACKER, 'm'));
    const whenOver = (later: StepContext): void => {
      const nearest = lookup.writable(this.#limits.bucket).map(({ id }) => id);
      if (checkNeighbour(this.#context.id, lookup.target, nearest).ok) this.#findStatus(user, later);
    };
    const args = { target: { n, r: TRACKER, t: 'm' } };
    this.#searches.start(searchOf(lookup, { query: 'getData', args, whenOver }), step);
  }

  #findStatus(user: string, step: StepContext): void {
    const n = encodeUtf8(user);
    const lookup = this.#lookupOf(dhtTarget(n, STATUS, 's'));
    const values = new FoundValues(lookup.target, false, this.#limits);
    const whenOver = ({ effects }: StepContext): void => {
      if (values.any && !this.#ports.isInSwarm(user)) effects.push({ type: 'join-swarm', user });
    };
    const args = { target: { n, r: STATUS, t: 's' } };
    const search = searchOf(lookup, { query: 'getData', args, values, whenOver });
    this.#searches.offer(search, this.#ports.held(lookup.target), step);
    this.#searches.start(search, step);
  }

  #lookupOf(target: Uint8Array): Lookup {
    return new Lookup(target, this.#limits.bucket, this.#limits, this.#context.group);
  }
}

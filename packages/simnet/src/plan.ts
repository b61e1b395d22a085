import type { LinkRules } from './link.ts';

/** What arguments of an action and printed plans are made of. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A kind of random fault that a plan can switch off for the whole run. */
export type Calm = 'deadlines' | 'duplicate' | 'reorder' | 'jitter' | 'burst' | 'loss' | 'ties';

/**
 * Something that happens to the network or that a user does. Times are whole ms since the start of the run; steps of the
 * same ms happen in the order of the list. A step about a node that is not in the right state does nothing.
 */
export type Step =
  | ActStep
  | StartStep
  | CrashStep
  | LeaveStep
  | MoveStep
  | PartitionStep
  | WeatherStep
  | LoseStep
  | DuplicateStep
  | DelayStep;

/** A user of a running node does something: the scenario's action of this name. */
export interface ActStep {
  readonly do: 'act';
  readonly at: number;
  readonly node: number;
  readonly name: string;
  readonly args?: readonly Json[];
}

/** A node starts. Nodes that no such step names start at 0. */
export interface StartStep {
  readonly do: 'start';
  readonly at: number;
  readonly node: number;
}

/** A node loses its memory, and with `wipe` what it stored as well; its streams are cut. It comes back after `downMs`. */
export interface CrashStep {
  readonly do: 'crash';
  readonly at: number;
  readonly node: number;
  readonly downMs?: number;
  readonly wipe?: boolean;
}

/** A node is told to leave, then stops as in a crash. It comes back after `downMs`. */
export interface LeaveStep {
  readonly do: 'leave';
  readonly at: number;
  readonly node: number;
  readonly downMs?: number;
}

/** A node gets a new address; behind a NAT box, the box does, and forgets its mappings. */
export interface MoveStep {
  readonly do: 'move';
  readonly at: number;
  readonly node: number;
}

/** Nothing passes between `side` and all others for `forMs`; with `oneWay`, only from `side` to the others. */
export interface PartitionStep {
  readonly do: 'partition';
  readonly at: number;
  readonly forMs: number;
  readonly side: readonly number[];
  readonly oneWay?: boolean;
}

/** Links from or to `nodes` (all unless given) follow these rules instead of their own for `forMs`. The latest step wins. */
export interface WeatherStep {
  readonly do: 'weather';
  readonly at: number;
  readonly forMs: number;
  readonly link: LinkRules;
  readonly nodes?: readonly number[];
}

/** The nth datagram (from 0) that one node sends another is lost. */
export interface LoseStep {
  readonly do: 'lose';
  readonly from: number;
  readonly to: number;
  readonly nth: number;
}

/** The nth datagram (from 0) that one node sends another arrives a second time, `ms` after the first. */
export interface DuplicateStep {
  readonly do: 'duplicate';
  readonly from: number;
  readonly to: number;
  readonly nth: number;
  readonly ms: number;
}

/** The nth datagram (from 0) that one node sends another arrives `ms` later than it would. */
export interface DelayStep {
  readonly do: 'delay';
  readonly from: number;
  readonly to: number;
  readonly nth: number;
  readonly ms: number;
}

/**
 * One run of a scenario, as plain data. Everything that is left out is the scenario's; everything random follows from
 * `seed`.
 */
export interface Plan {
  /** 0 … 2^53−1. */
  readonly seed: number;
  /** Number of nodes. */
  readonly nodes?: number;
  /** The only nodes that ever start; their indexes and luck stay as in the whole network. */
  readonly only?: readonly number[];
  /** Steps instead of the scenario's. */
  readonly steps?: readonly Step[];
  /** Virtual length in ms. */
  readonly untilMs?: number;
  /** Random faults that are switched off. */
  readonly calm?: readonly Calm[];
  /** What becomes of the first datagrams of the run, in order of sending: −1 lost, otherwise ms of extra delay. */
  readonly fates?: readonly number[];
}

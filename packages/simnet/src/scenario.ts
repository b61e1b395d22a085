import type { DeadlineRules } from './deadline.ts';
import type { LinkRules } from './link.ts';
import type { NatRules } from './nat.ts';
import type { NodeEnv, SimNode } from './node.ts';
import type { Calm, Json, Plan, Step } from './plan.ts';
import type { Random } from './random.ts';

/** What checks see of a run. */
export interface View<N extends SimNode = SimNode> {
  /** Seed of the run. */
  readonly seed: number;
  /** Virtual time, ms since the Unix epoch. */
  readonly now: number;
  /** Virtual time since the start of the run, ms. */
  readonly elapsedMs: number;
  /** Events so far. */
  readonly events: number;
  /** Number of nodes, whether they run or not. */
  readonly size: number;
  /** What `start` gave for a node; `undefined` while it is not running. */
  node(index: number): N | undefined;
  /** Indexes of the nodes that run now, ascending. */
  running(): readonly number[];
  /** What a node has stored, whether it runs or not; `undefined` for nothing. */
  stored(index: number, key: string): Uint8Array | undefined;
  /** Number of nodes that have set a mark. */
  marked(name: string): number;
}

/**
 * A law of the engine: returns nothing when it holds and one sentence when it does not, or throws. It must not change
 * the engine. `node` is the node that the event happened to, or 0 at the end of a run.
 */
export type Check<N extends SimNode = SimNode> = (view: View<N>, node: number) => string | undefined;

/** Checks by name, or a function that makes them afresh for each run. */
export type Checks<N extends SimNode = SimNode> =
  | Readonly<Record<string, Check<N>>>
  | (() => Readonly<Record<string, Check<N>>>);

/** Something that a user of a node does, by name, so that plans stay plain data. */
export type Action<N extends SimNode = SimNode> = (node: N, env: NodeEnv, now: number, ...args: Json[]) => void;

/** Uplink of a node, which all that it sends shares. */
export interface Uplink {
  /** Bytes a second. */
  readonly bytesPerSecond: number;
  /** Bytes that may wait; unlimited unless given. Streams wait instead of being dropped. */
  readonly queueBytes?: number;
}

/**
 * A kind of network and what must hold in it: code and defaults. Together with a {@link Plan}, which is plain data, it
 * determines a run to the last byte.
 */
export interface Scenario<N extends SimNode = SimNode> {
  /** For reports and test names. */
  readonly name?: string;
  /** Number of nodes. */
  readonly nodes: number;
  /** Puts an engine on a node; called at every start and restart. Must depend on nothing but `env`. */
  readonly start: (env: NodeEnv) => N;
  /** The link from one node to another; a function is asked once for each message and should return shared objects. */
  readonly link?: LinkRules | ((from: number, to: number) => LinkRules);
  /** Uplinks of nodes. */
  readonly uplink?: (node: number) => Uplink | undefined;
  /** NAT boxes in front of nodes. */
  readonly nat?: (node: number) => NatRules | undefined;
  /** What happens to the network and its users, as a list or drawn from the seed. */
  readonly steps?: readonly Step[] | ((random: Random, nodes: number) => readonly Step[]);
  /** What steps `act` can name. */
  readonly actions?: Readonly<Record<string, Action<N>>>;
  /** Checked after every event. Checks that remember something come from a function, which is called once for each run. */
  readonly always?: Checks<N>;
  /** Checked at the end of a run that has not failed. */
  readonly finally?: Checks<N>;
  /** Ends the run early when it returns true; asked after every event. */
  readonly done?: (view: View<N>) => boolean;
  /** Virtual length of a run in ms; ten minutes unless given. */
  readonly untilMs?: number;
  /** Ends the run when nothing is on its way and nobody has sent anything for so long; never unless given. */
  readonly quietMs?: number;
  /** Bound of events; ten million unless given. */
  readonly maxEvents?: number;
  /** Start of virtual time, ms since the Unix epoch; 1,700,000,000,000 unless given. */
  readonly startMs?: number;
  /** How deadlines are treated; {@link ROUGH_DEADLINES} unless given. */
  readonly deadlines?: DeadlineRules;
  /** Order of what happens within one millisecond: as scheduled (`fifo`, the default), or sometimes turned round. */
  readonly ties?: 'fifo' | 'random';
  /** What sending to an address that nobody has ever had means: the run fails (the default), or the datagram is dropped. */
  readonly nowhere?: 'fail' | 'drop';
  /** Whether every receiver gets bytes of its own (the default), or with `false` the very array that was sent. */
  readonly copy?: boolean;
  /** A few words for a message in sequence diagrams. */
  readonly describe?: (bytes: Uint8Array) => string;
}

/** All that random faults can be taken out of. */
export const CALMS: readonly Calm[] = Object.freeze([
  'deadlines',
  'duplicate',
  'reorder',
  'jitter',
  'burst',
  'loss',
  'ties',
]);

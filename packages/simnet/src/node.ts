import type { Address } from './address.ts';
import type { CloseReason } from './codes.ts';
import { SimnetError } from './errors.ts';
import { SIM_LIMITS } from './limits.ts';
import type { Random } from './random.ts';

/**
 * What the simulator drives: an engine on a node, in whatever shape `start` gives it. Every method is optional. All run
 * to their end before anything else happens; what they want done they do through their {@link NodeEnv}.
 * Times are ms since the Unix epoch. `bytes` is the node's own copy unless the scenario says `copy: false`.
 */
export interface SimNode {
  /** A datagram came in from `from` at the node's address `to` (any port of the node's host is open). */
  receive?(bytes: Uint8Array, from: Address, now: number, to: Address): void;
  /** Time has come, or has not: a tick may be early, late or repeated, and an engine has to look at `now`. */
  tick?(now: number): void;
  /** When to call `tick` next, whole ms; `undefined` for never. Asked after every call of the others. */
  nextDeadline?(): number | undefined;
  /** A stream is open: one that the node connected, or (`inbound`) one that `remote` did. Without it, streams are refused. */
  opened?(stream: number, remote: Address, now: number, inbound: boolean): void;
  /** Bytes of a stream, in order, cut at any place whatever the writer's cuts were. */
  data?(stream: number, bytes: Uint8Array, now: number): void;
  /** A stream has ended by the other side or the network; it takes no more bytes. Not called for the node's own `close`. */
  closed?(stream: number, reason: CloseReason, now: number): void;
  /** The node has a new address (a step `move`); engines whose hosts do not tell them leave it out. */
  moved?(address: Address, now: number): void;
  /** The node is about to leave in good order (a step `leave`) and may say goodbye. */
  leave?(now: number): void;
}

/** The hands of an engine: all that a node can do to the world, valid until it crashes or leaves. */
export interface NodeEnv {
  /** Index of the node, 0 … nodes−1. */
  readonly node: number;
  /** Number of nodes of the run, whether they run or not. */
  readonly nodes: number;
  /** How often the node has been started before: 0, and one more after each crash or leave. */
  readonly incarnation: number;
  /** The node's idea of its own address; behind a NAT box the private one. */
  readonly address: Address;
  /** Virtual time, ms since the Unix epoch. */
  readonly now: number;
  /** The node's own random numbers; they follow from seed, node and incarnation alone. */
  readonly random: Random;
  /** Where another node can be tried at present, as from a list of peers. Behind a NAT box that is the box. */
  addressOf(node: number): Address;
  /** Sends a datagram, from the node's usual port unless another is given. */
  send(to: Address, bytes: Uint8Array, port?: number): void;
  /** Sends a datagram with a false sender. For hostile nodes. */
  forge(from: Address, to: Address, bytes: Uint8Array): void;
  /** Asks for a stream to an address; returns its number. `opened` or `closed` tells what came of it. */
  connect(to: Address): number;
  /** Writes to a stream; nothing happens on one that has ended. */
  write(stream: number, bytes: Uint8Array): void;
  /** Ends a stream after what has been written; what still comes in is thrown away. */
  close(stream: number): void;
  /** Cuts a stream at once; bytes on their way are lost. */
  reset(stream: number): void;
  /** Bytes written to a stream that have not yet arrived. */
  backlog(stream: number): number;
  /** Keeps bytes over a crash, or with `undefined` forgets them. Written at once and whole, and copied. */
  store(key: string, value: Uint8Array | undefined): void;
  /** What was stored under a key; a copy. */
  stored(key: string): Uint8Array | undefined;
  /** Keys of all that is stored, in the order of their first writing. */
  storedKeys(): readonly string[];
  /** Notes that the node has reached something: the number of nodes with this mark over time is its coverage. */
  mark(name: string): void;
  /** Adds a value (an integer ≥ 0) to the histogram of this name. */
  measure(name: string, value: number): void;
}

/** An engine without hands: everything comes in as arguments, everything goes out as effects. */
export interface Engine<Effect, From = Address> {
  /** Takes a datagram and yields what is to be done. */
  receive(datagram: Uint8Array, from: From, now: number): Iterable<Effect>;
  /** Takes the time and yields what is to be done. */
  tick(now: number): Iterable<Effect>;
  /** When to tick next, ms since the epoch. */
  nextDeadline(): number | undefined;
}

/** A node with its engine in reach of checks and actions. */
export interface EngineNode<E> extends SimNode {
  /** The engine itself. */
  readonly engine: E;
  /** Performs effects that something else than the simulator has asked of the engine, such as an action of a test. */
  perform(effects: Iterable<unknown>): void;
}

/**
 * Puts an engine of the shape {@link Engine} on a node. `perform` does one effect with the node's {@link NodeEnv};
 * `addressFor` turns the simulator's addresses into the engine's own.
 *
 * @example
 * ```ts
 * type Effect = { readonly to: Address; readonly bytes: Uint8Array };
 *
 * // An engine without hands: it answers every datagram with the same bytes.
 * class Echo implements Engine<Effect> {
 *   receive(bytes: Uint8Array, from: Address): Effect[] {
 *     return [{ to: from, bytes }];
 *   }
 *   tick(): Effect[] {
 *     return [];
 *   }
 *   nextDeadline(): undefined {}
 * }
 *
 * const start = (env: NodeEnv) => adapt(new Echo(), (effect: Effect) => env.send(effect.to, effect.bytes));
 * ```
 */
export function adapt<Effect, E extends Engine<Effect>>(engine: E, perform: (effect: Effect) => void): EngineNode<E>;
export function adapt<Effect, From, E extends Engine<Effect, From>>(
  engine: E,
  perform: (effect: Effect) => void,
  addressFor: (address: Address) => From,
): EngineNode<E>;
export function adapt<Effect>(
  engine: Engine<Effect, unknown>,
  perform: (effect: Effect) => void,
  addressFor: (address: Address) => unknown = (address) => address,
): EngineNode<Engine<Effect, unknown>> {
  const performAll = (effects: Iterable<unknown>): void => {
    let left = SIM_LIMITS.maxCallsPerEvent;
    for (const effect of effects) {
      left -= 1;
      if (left < 0)
        throw new SimnetError('never-stops', `more than ${SIM_LIMITS.maxCallsPerEvent} effects of one event`);
      perform(effect as Effect);
    }
  };
  return {
    engine,
    perform: performAll,
    receive: (bytes, from, now) => performAll(engine.receive(bytes, addressFor(from), now)),
    tick: (now) => performAll(engine.tick(now)),
    nextDeadline: () => engine.nextDeadline(),
  };
}

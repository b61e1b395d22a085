import type { Address } from './address.ts';
import { checksum, checksumText } from './checksum.ts';
import { CLOSE_REASONS, type CloseReason, type FailureCode } from './codes.ts';
import { Env } from './env.ts';
import { SimnetError } from './errors.ts';
import { type Failure, Recent } from './failure.ts';
import { SIM_LIMITS } from './limits.ts';
import { Meter } from './measures.ts';
import type { SimNode } from './node.ts';
import type { ActStep } from './plan.ts';
import { KIND } from './record.ts';
import type { Check, Checks, View } from './scenario.ts';
import type { Setup } from './setup.ts';
import { type TraceMode, TraceWriter } from './trace.ts';
import type { Transport } from './transport.ts';

/** What `deadline` holds for a node that waits for nothing. */
export const NO_DEADLINE: number = -1;

/**
 * The nodes of a run and everything that is watched about them. It calls engines and takes their calls, but knows no
 * network: that is the {@link Transport}'s. Times are ms since the start of the run.
 */
export class World<N extends SimNode> implements View<N> {
  readonly setup: Setup<N>;
  readonly size: number;
  readonly seed: number;
  readonly meter: Meter;
  readonly writer: TraceWriter | undefined;
  readonly recent: Recent = new Recent();
  /** Deadline of each node, {@link NO_DEADLINE} for none. */
  readonly deadline: Float64Array;
  transport!: Transport;
  elapsedMs = 0;
  events = 0;
  failure: Failure | undefined;
  private readonly copies: boolean;
  private readonly hosted: (N | undefined)[];
  private readonly envs: (Env<N> | undefined)[];
  private readonly lives: Int32Array;
  private readonly storage: (Map<string, Uint8Array> | undefined)[];
  private readonly momentAt: Float64Array;
  private readonly momentEvents: Int32Array;
  private readonly always: readonly (readonly [string, Check<N>])[];
  private readonly last: readonly (readonly [string, Check<N>])[];
  private calls = 0;
  private runningList: readonly number[] | undefined;

  /** Nodes of a run, none of them started yet. */
  constructor(setup: Setup<N>, trace: TraceMode) {
    const { plan, scenario } = setup;
    this.setup = setup;
    this.size = plan.nodes;
    this.seed = plan.seed;
    this.meter = new Meter(this.size);
    const header = { seed: plan.seed, nodes: plan.nodes, startMs: setup.startMs };
    this.writer = trace === 'off' ? undefined : new TraceWriter(header, trace === 'full');
    this.deadline = new Float64Array(this.size).fill(NO_DEADLINE);
    this.copies = scenario.copy !== false;
    this.hosted = new Array(this.size).fill(undefined);
    this.envs = new Array(this.size).fill(undefined);
    this.lives = new Int32Array(this.size).fill(-1);
    this.storage = new Array(this.size).fill(undefined);
    this.momentAt = new Float64Array(this.size).fill(-1);
    this.momentEvents = new Int32Array(this.size);
    this.always = listChecks(scenario.always);
    this.last = listChecks(scenario.finally);
  }

  get now(): number {
    return this.setup.startMs + this.elapsedMs;
  }

  node(index: number): N | undefined {
    return this.hosted[index];
  }

  running(): readonly number[] {
    if (this.runningList === undefined) {
      const list: number[] = [];
      for (let node = 0; node < this.size; node += 1) if (this.hosted[node] !== undefined) list.push(node);
      this.runningList = list;
    }
    return this.runningList;
  }

  marked(name: string): number {
    return this.meter.marked(name);
  }

  stored(node: number, key: string): Uint8Array | undefined {
    const value = this.storage[node]?.get(key);
    return value && new Uint8Array(value);
  }

  storedKeys(node: number): readonly string[] {
    return [...(this.storage[node]?.keys() ?? [])];
  }

  incarnationOf(node: number): number {
    return this.hosted[node] === undefined && this.envs[node] === undefined ? -1 : (this.lives[node] as number);
  }

  /** Bytes for a receiver: its own copy, whatever kind of array the sender used. */
  own(bytes: Uint8Array): Uint8Array {
    return this.copies ? new Uint8Array(bytes) : bytes;
  }

  // Events: whatever the scheduler brings to a node.

  start(node: number): void {
    if (this.hosted[node] !== undefined) return;
    const life = (this.lives[node] as number) + 1;
    this.lives[node] = life;
    this.begin(node);
    this.record(KIND.start, node, 1, life, 0, 0);
    this.recent.note(KIND.start, node, this.elapsedMs, this.events, -1, life, undefined, '');
    const env = new Env(this, node, life);
    this.envs[node] = env;
    this.runningList = undefined;
    try {
      this.hosted[node] = this.setup.scenario.start(env);
    } catch (error) {
      this.threw(node, error);
    }
    this.end(node, false);
  }

  /** Stops a node: `how` is an index of `STOPS`. */
  stop(node: number, how: number): void {
    const engine = this.hosted[node];
    if (engine === undefined) return;
    this.begin(node);
    this.record(KIND.stop, node, 1, how, 0, 0);
    this.recent.note(KIND.stop, node, this.elapsedMs, this.events, -1, how, undefined, '');
    if (how === 1) {
      try {
        engine.leave?.(this.now);
      } catch (error) {
        this.threw(node, error);
      }
    }
    this.hosted[node] = undefined;
    this.envs[node] = undefined;
    this.deadline[node] = NO_DEADLINE;
    this.runningList = undefined;
    if (how === 2) this.storage[node] = undefined;
    this.transport.stopped(node);
    this.end(node, false);
  }

  moved(node: number, address: Address): void {
    this.begin(node);
    this.record(KIND.move, node, 1, address, 0, 0);
    this.recent.note(KIND.move, node, this.elapsedMs, this.events, -1, address, undefined, '');
    try {
      this.hosted[node]?.moved?.(address, this.now);
    } catch (error) {
      this.threw(node, error);
    }
    this.end(node, false);
  }

  act(node: number, step: number, action: ActStep): void {
    const engine = this.hosted[node];
    const env = this.envs[node];
    if (engine === undefined || env === undefined) return;
    this.begin(node);
    this.record(KIND.act, node, 1, step, 0, 0);
    this.recent.note(KIND.act, node, this.elapsedMs, this.events, -1, step, undefined, actionText(action));
    try {
      this.setup.scenario.actions?.[action.name]?.(engine, env, this.now, ...(action.args ?? []));
    } catch (error) {
      this.threw(node, error);
    }
    this.end(node, false);
  }

  tick(node: number): void {
    const engine = this.hosted[node];
    if (engine === undefined) return;
    const deadline = this.deadline[node] as number;
    const due = deadline !== NO_DEADLINE && deadline <= this.elapsedMs;
    this.begin(node);
    this.record(KIND.tick, node, 1, due ? 0 : 1, 0, 0);
    this.recent.note(KIND.tick, node, this.elapsedMs, this.events, -1, due ? 0 : 1, undefined, '');
    try {
      engine.tick?.(this.now);
    } catch (error) {
      this.threw(node, error);
    }
    this.end(node, due);
  }

  /** `age` is the number of datagrams that were sent since, this one included. */
  receive(node: number, bytes: Uint8Array, from: Address, to: Address, sender: number, age: number): void {
    const engine = this.hosted[node];
    if (engine === undefined) return;
    this.begin(node);
    this.record(KIND.receive, node, 2, age, sender, 0);
    this.recent.note(KIND.receive, node, this.elapsedMs, this.events, sender, 0, bytes, '');
    this.meter.received(node, bytes.length);
    try {
      engine.receive?.(bytes, from, this.now, to);
    } catch (error) {
      this.threw(node, error);
    }
    this.end(node, false);
  }

  opened(node: number, stream: number, remote: Address, inbound: boolean, peer: number): void {
    this.begin(node);
    this.record(KIND.opened, node, 2, stream, inbound ? 1 : 0, 0);
    this.recent.note(KIND.opened, node, this.elapsedMs, this.events, peer, 0, undefined, `stream ${stream}`);
    try {
      this.hosted[node]?.opened?.(stream, remote, this.now, inbound);
    } catch (error) {
      this.threw(node, error);
    }
    this.end(node, false);
  }

  data(node: number, stream: number, bytes: Uint8Array, peer: number): void {
    this.begin(node);
    if (this.writer !== undefined) this.record(KIND.data, node, 3, stream, bytes.length, checksum(bytes));
    this.recent.note(KIND.data, node, this.elapsedMs, this.events, peer, 0, bytes, `stream ${stream}`);
    this.meter.received(node, bytes.length);
    try {
      this.hosted[node]?.data?.(stream, bytes, this.now);
    } catch (error) {
      this.threw(node, error);
    }
    this.end(node, false);
  }

  closed(node: number, stream: number, reason: CloseReason, peer: number): void {
    const number = CLOSE_REASONS.indexOf(reason);
    this.begin(node);
    this.record(KIND.closed, node, 2, stream, number, 0);
    this.recent.note(KIND.closed, node, this.elapsedMs, this.events, peer, number, undefined, '');
    try {
      this.hosted[node]?.closed?.(stream, reason, this.now);
    } catch (error) {
      this.threw(node, error);
    }
    this.end(node, false);
  }

  // Calls: whatever an engine does within an event.

  /** Counts a call of a node and stops an engine that makes them without end. */
  called(node: number): void {
    if (this.failure !== undefined) throw new SimnetError('failed-run', 'the run has failed');
    this.calls += 1;
    if (this.calls > SIM_LIMITS.maxCallsPerEvent) {
      this.halt('never-stops', node, `more than ${SIM_LIMITS.maxCallsPerEvent} calls in one event`);
    }
  }

  store(node: number, key: string, value: Uint8Array | undefined): void {
    let map = this.storage[node];
    if (map === undefined) {
      map = new Map();
      this.storage[node] = map;
    }
    if (this.writer !== undefined) {
      this.record(KIND.store, node, 2, checksumText(key), value === undefined ? 0 : checksum(value), 0);
    }
    this.recent.note(KIND.store, node, this.elapsedMs, this.events, -1, 0, value, key);
    if (value === undefined) map.delete(key);
    else map.set(key, new Uint8Array(value));
  }

  mark(node: number, name: string): void {
    if (!this.meter.mark(name, node, this.elapsedMs)) return;
    if (this.writer !== undefined) this.record(KIND.mark, node, 1, checksumText(name), 0, 0);
    this.recent.note(KIND.mark, node, this.elapsedMs, this.events, -1, 0, undefined, name);
  }

  nowhere(node: number, to: unknown): never {
    return this.halt('sends-nowhere', node, `${String(to)} is no address that anybody has ever had`);
  }

  badCall(node: number, detail: string): never {
    return this.halt('bad-call', node, detail);
  }

  // Trace and failure.

  /** Writes to the trace, if there is one. */
  record(kind: number, node: number, count: number, first: number, second: number, third: number): void {
    this.writer?.write(kind, node, this.elapsedMs, count, first, second, third);
  }

  /** Ends the run, unless it has already failed. */
  fail(code: FailureCode, node: number, detail: string, check?: string): void {
    if (this.failure !== undefined) return;
    this.failure = {
      code,
      check,
      node,
      event: this.events,
      at: this.elapsedMs,
      seed: this.seed,
      detail,
      last: this.recent.read(),
    };
  }

  /** Runs the checks of `finally`. */
  finish(): void {
    for (const [name, check] of this.last) {
      if (this.failure === undefined) this.ask('unmet', name, check, 0);
    }
  }

  private halt(code: FailureCode, node: number, detail: string): never {
    this.fail(code, node, detail);
    throw new SimnetError('failed-run', detail);
  }

  private begin(node: number): void {
    this.events += 1;
    this.calls = 0;
    this.meter.events[node] = (this.meter.events[node] as number) + 1;
    if (this.momentAt[node] !== this.elapsedMs) {
      this.momentAt[node] = this.elapsedMs;
      this.momentEvents[node] = 1;
      return;
    }
    const count = (this.momentEvents[node] as number) + 1;
    this.momentEvents[node] = count;
    if (count > SIM_LIMITS.maxEventsPerMoment) {
      this.fail('never-stops', node, `more than ${SIM_LIMITS.maxEventsPerMoment} events within one millisecond`);
    }
  }

  private end(node: number, served: boolean): void {
    if (this.hosted[node] !== undefined) this.askDeadline(node, served);
    for (const [name, check] of this.always) {
      if (this.failure !== undefined) return;
      this.ask('invariant', name, check, node);
    }
  }

  /**
   * Asks a node when to wake it. An old deadline may lie in the past, as the simulator may be late with its tick; a new
   * one, or one that is left after a tick that served it, may not.
   */
  private askDeadline(node: number, served: boolean): void {
    const engine = this.hosted[node] as N;
    let wanted: number | undefined;
    try {
      wanted = engine.nextDeadline?.();
    } catch (error) {
      this.threw(node, error);
      return;
    }
    const old = this.deadline[node] as number;
    if (wanted === undefined) {
      if (old === NO_DEADLINE) return;
      this.deadline[node] = NO_DEADLINE;
      this.transport.deadlineChanged(node, NO_DEADLINE);
      return;
    }
    if (!Number.isSafeInteger(wanted)) {
      this.fail('bad-deadline', node, `the deadline ${String(wanted)} is no whole number of milliseconds`);
      return;
    }
    const deadline = wanted - this.setup.startMs;
    if (deadline === old && !served) return;
    if (deadline < this.elapsedMs) {
      this.fail('past-deadline', node, `the deadline ${wanted} is ${this.elapsedMs - deadline} ms in the past`);
      return;
    }
    this.deadline[node] = deadline;
    this.transport.deadlineChanged(node, deadline);
  }

  private ask(code: 'invariant' | 'unmet', name: string, check: Check<N>, node: number): void {
    let answer: string | undefined;
    try {
      answer = check(this, node);
    } catch (error) {
      answer = messageOf(error);
    }
    if (typeof answer === 'string') this.fail(code, node, answer, name);
  }

  private threw(node: number, error: unknown): void {
    const endless = error instanceof SimnetError && error.code === 'never-stops';
    this.fail(endless ? 'never-stops' : 'throws', node, messageOf(error));
  }
}

function listChecks<N extends SimNode>(checks: Checks<N> | undefined): readonly (readonly [string, Check<N>])[] {
  return Object.entries(typeof checks === 'function' ? checks() : (checks ?? {}));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

function actionText(action: ActStep): string {
  const args = (action.args ?? []).map((arg) => JSON.stringify(arg));
  return `${action.name}(${args.join(', ')})`;
}

import { WAITING } from './event-kinds.ts';
import { EventQueue } from './event-queue.ts';
import type { Failure } from './failure.ts';
import type { Measures } from './measures.ts';
import { Network } from './network.ts';
import type { SimNode } from './node.ts';
import type { Plan, Step } from './plan.ts';
import { KIND } from './record.ts';
import type { Scenario, View } from './scenario.ts';
import { checkStep, type Setup, setUp } from './setup.ts';
import type { TraceMode } from './trace.ts';
import { whole } from './whole.ts';
import { World } from './world.ts';

/** How to run. */
export interface RunOptions {
  /** How much of the trace to keep; `hash` unless given. */
  readonly trace?: TraceMode;
}

/**
 * Why a run ended: it failed, nothing waited any more or nobody sent anything for `quietMs`, its virtual time was over, or
 * `done` said so.
 */
export type Ending = 'failure' | 'quiet' | 'time' | 'done';

/** What came of a run. */
export type Outcome =
  | ({ readonly ok: true; readonly ended: Exclude<Ending, 'failure'>; readonly failure: undefined } & OutcomeFacts)
  | ({ readonly ok: false; readonly ended: 'failure'; readonly failure: Failure } & OutcomeFacts);

/** What is known of every run. */
export interface OutcomeFacts {
  /** The plan, with drawn steps listed: it alone gives the same run again. */
  readonly plan: Plan;
  /** Events of the run. */
  readonly events: number;
  /** Its virtual length, ms. */
  readonly elapsedMs: number;
  /** SHA-256 of its trace in hexadecimal; `undefined` when none was kept. */
  readonly traceHash: string | undefined;
}

/** Runs a scenario once. A plan may be given as its seed alone. Equal arguments give equal runs, event for event. */
export function run<N extends SimNode>(scenario: Scenario<N>, plan: Plan | number, options: RunOptions = {}): Outcome {
  return new Simulation(scenario, plan, options).run();
}

/**
 * A run that goes on step by step, for tests that look in between. {@link run} does the same in one call.
 *
 * @example
 * ```ts
 * const scenario: Scenario = { nodes: 5, start: (env) => ({ receive: (bytes, from) => env.send(from, bytes) }) };
 * const simulation = new Simulation(scenario, 7);
 * simulation.advance(5_000);
 * simulation.apply({ do: 'crash', at: 0, node: 3, downMs: 1_000 });
 * assertOk(simulation.run());
 * ```
 */
export class Simulation<N extends SimNode = SimNode> {
  private readonly setup: Setup<N>;
  private readonly world: World<N>;
  private readonly network: Network<N>;
  private readonly queue = new EventQueue();
  private readonly steps: Step[] = [];
  private ending: Ending | undefined;
  private finished = false;

  /** A run at its start, before the first event. Throws a `RangeError` or `TypeError` for a bad scenario or plan. */
  constructor(scenario: Scenario<N>, plan: Plan | number, options: RunOptions = {}) {
    this.setup = setUp(scenario, typeof plan === 'number' ? { seed: plan } : plan);
    this.world = new World(this.setup, options.trace ?? 'hash');
    this.network = new Network(this.world, this.queue);
    this.world.transport = this.network;
    const { steps, only, nodes } = this.setup.plan;
    const late = new Set(steps.map((step) => (step.do === 'start' ? step.node : -1)));
    const chosen = only && new Set(only);
    for (let node = 0; node < nodes; node += 1) {
      if (!late.has(node) && (chosen === undefined || chosen.has(node))) this.queue.push(0, WAITING.start, node, 0);
    }
    for (const step of steps) this.enter(step);
  }

  /** What checks see: nodes, time, marks. */
  get view(): View<N> {
    return this.world;
  }

  /** Virtual time since the start, ms. */
  get elapsedMs(): number {
    return this.world.elapsedMs;
  }

  /** Why the run failed, if it has. */
  get failure(): Failure | undefined {
    return this.world.failure;
  }

  /** What a node holds; throws a `RangeError` when it is not running. */
  node(index: number): N {
    const node = this.world.node(index);
    if (node === undefined) throw new RangeError(`node ${index} is not running`);
    return node;
  }

  /** Has something happen: at once, or at `at` if that lies ahead. It becomes part of {@link plan}. */
  apply(step: Step): void {
    checkStep(step, this.setup.plan.nodes, this.setup.scenario);
    this.enter('at' in step ? { ...step, at: Math.max(step.at, this.elapsedMs) } : step);
  }

  /** Everything that makes this run, steps that were applied included. */
  plan(): Plan {
    return { ...this.setup.plan, steps: [...this.steps] };
  }

  /** Counts so far, as plain data. */
  measures(): Measures {
    return this.world.meter.read(this.world.events, this.world.elapsedMs);
  }

  /** The written trace so far; `undefined` unless it is kept in full. A copy. */
  trace(): Uint8Array | undefined {
    const bytes = this.world.writer?.bytes();
    return bytes && new Uint8Array(bytes);
  }

  /** Lets the next event happen; `undefined` when it could, otherwise why the run is over. */
  step(): Ending | undefined {
    return this.next(this.setup.plan.untilMs);
  }

  /**
   * Lets so much time pass, and all happen that falls within it, however quiet the network is; `undefined` when the run can
   * go on, otherwise why it is over.
   */
  advance(ms: number): Exclude<Ending, 'quiet'> | undefined {
    const until = Math.min(this.setup.plan.untilMs, this.elapsedMs + whole('ms', ms, 0));
    while (this.queue.nextTime() <= until) {
      const ending = this.next(until, true);
      if (ending === 'failure' || ending === 'done') return ending;
    }
    if (this.world.failure !== undefined) return 'failure';
    this.passTo(until);
    return until < this.setup.plan.untilMs ? undefined : 'time';
  }

  /** Runs to the end, runs the checks of `finally`, and tells what came of it. */
  run(): Outcome {
    let ending: Ending | undefined;
    do ending = this.next(this.setup.plan.untilMs);
    while (ending === undefined);
    if (!this.finished) this.world.finish();
    this.finished = true;
    const facts: OutcomeFacts = {
      plan: this.plan(),
      events: this.world.events,
      elapsedMs: this.world.elapsedMs,
      traceHash: this.world.writer?.hash(),
    };
    const { failure } = this.world;
    if (failure !== undefined) return { ok: false, ended: 'failure', failure, ...facts };
    return { ok: true, ended: ending as Exclude<Ending, 'failure'>, failure, ...facts };
  }

  /** Random faults of datagrams as steps, from here on; for the shrinker. @internal */
  keepJournal(): void {
    this.network.keepJournal();
  }

  /** What {@link keepJournal} has written. @internal */
  journal(): readonly Step[] {
    return this.network.journal ?? [];
  }

  private next(untilMs: number, neverQuiet = false): Ending | undefined {
    const { world, queue, setup } = this;
    if (world.failure !== undefined) return 'failure';
    if (this.ending !== undefined) return this.ending;
    const at = queue.nextTime();
    if (at === Number.POSITIVE_INFINITY) return 'quiet';
    const quietMs = setup.scenario.quietMs;
    if (quietMs !== undefined && queue.busy === 0 && !neverQuiet) {
      const quietAt = Math.max(this.network.lastSentAt + quietMs, world.elapsedMs);
      if (at > quietAt && quietAt <= untilMs) {
        this.passTo(quietAt);
        return 'quiet';
      }
    }
    if (at > untilMs) {
      this.passTo(untilMs);
      return 'time';
    }
    const before = world.events;
    this.happen(queue.pop());
    if (world.events === before) return undefined;
    if (world.events >= setup.maxEvents && world.failure === undefined) this.tooMany();
    else if (setup.scenario.done?.(world) === true) this.ending = 'done';
    return world.failure === undefined ? this.ending : 'failure';
  }

  private happen(slot: number): void {
    const { world, queue, network } = this;
    world.elapsedMs = queue.now;
    const a = queue.a[slot] as number;
    switch (queue.kind[slot]) {
      case WAITING.datagram:
        network.arrive(slot);
        break;
      case WAITING.wake:
        if (network.alarms.ring(a)) this.wake(a);
        break;
      case WAITING.extraTick:
        world.tick(a);
        break;
      case WAITING.stream:
        network.streams.arrive(a, queue.b[slot] as number);
        break;
      case WAITING.start:
      case WAITING.restart:
        world.start(a);
        break;
      case WAITING.stepBegin:
        this.begin(a);
        break;
      case WAITING.stepEnd:
        this.end(a);
        break;
    }
    queue.release(slot);
  }

  private wake(node: number): void {
    const deadline = this.world.deadline[node] as number;
    this.world.tick(node);
    if (deadline >= 0) this.network.alarms.repeat(node, deadline);
  }

  private begin(index: number): void {
    const { world, network } = this;
    const step = this.steps[index] as Step;
    switch (step.do) {
      case 'act':
        world.act(step.node, index, step);
        break;
      case 'start':
        if (this.isChosen(step.node)) world.start(step.node);
        break;
      case 'crash':
      case 'leave':
        if (world.node(step.node) === undefined) break;
        world.stop(step.node, step.do === 'leave' ? 1 : step.wipe === true ? 2 : 0);
        if (step.downMs !== undefined) this.queue.push(world.elapsedMs + step.downMs, WAITING.restart, step.node, 0);
        break;
      case 'move':
        network.move(step.node);
        break;
      case 'partition':
      case 'weather':
        world.record(KIND.step, 0, 2, index, 1, 0);
        world.recent.note(KIND.step, 0, world.elapsedMs, world.events, -1, 0, undefined, `${step.do} begins`);
        network.weather.begin(step);
        this.queue.push(world.elapsedMs + step.forMs, WAITING.stepEnd, index, 0, true);
        break;
    }
    network.lastSentAt = world.elapsedMs;
  }

  private end(index: number): void {
    const { world } = this;
    const step = this.steps[index] as Step;
    if (step.do !== 'partition' && step.do !== 'weather') return;
    world.record(KIND.step, 0, 2, index, 0, 0);
    world.recent.note(KIND.step, 0, world.elapsedMs, world.events, -1, 0, undefined, `${step.do} ends`);
    this.network.weather.end(step);
    this.network.lastSentAt = world.elapsedMs;
  }

  private isChosen(node: number): boolean {
    const { only } = this.setup.plan;
    return only === undefined || only.includes(node);
  }

  private enter(step: Step): void {
    this.steps.push(step);
    if ('at' in step) this.queue.push(step.at, WAITING.stepBegin, this.steps.length - 1, 0);
    else this.network.addMishap(step);
  }

  private passTo(at: number): void {
    this.queue.advance(at);
    this.world.elapsedMs = at;
  }

  private tooMany(): void {
    const counts = this.world.meter.events;
    let busiest = 0;
    for (let node = 1; node < counts.length; node += 1) {
      if ((counts[node] as number) > (counts[busiest] as number)) busiest = node;
    }
    const most = `node ${busiest} had the most, ${counts[busiest]}`;
    this.world.fail('too-many-events', busiest, `${this.setup.maxEvents} events and no end; ${most}`);
  }
}

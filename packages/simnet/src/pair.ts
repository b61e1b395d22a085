import { LINKS, type LinkRules } from './link.ts';
import type { NodeEnv, SimNode } from './node.ts';
import type { Plan } from './plan.ts';
import type { Scenario, View } from './scenario.ts';
import { type Outcome, type RunOptions, Simulation } from './simulation.ts';

/** What a pair may take from a scenario. */
type Shared =
  | 'name'
  | 'nat'
  | 'uplink'
  | 'startMs'
  | 'maxEvents'
  | 'ties'
  | 'nowhere'
  | 'copy'
  | 'describe'
  | 'deadlines';

/** How two engines meet. */
export interface PairOptions<A extends SimNode, B extends SimNode> extends Pick<Scenario, Shared>, RunOptions {
  /** The link from a to b, and from b to a unless `back` is given; `LINKS.home` without its losses unless given. */
  readonly link?: LinkRules;
  /** The link from b to a. */
  readonly back?: LinkRules;
  /** Seed, or a plan with faults, such as one that fast-check has drawn; 1 unless given. */
  readonly plan?: Plan | number;
  /** What is done to a as soon as both have started, such as a first request. */
  readonly begin?: (a: A, env: NodeEnv, now: number) => void;
  /** Checked after every event. */
  readonly always?: (a: A | undefined, b: B | undefined) => string | undefined;
  /** Checked at the end. */
  readonly finally?: (a: A | undefined, b: B | undefined) => string | undefined;
  /** Ends the run when it returns true. */
  readonly done?: (a: A | undefined, b: B | undefined) => boolean;
  /** Ends the run when nothing is on its way and nobody has sent anything for so long; a minute unless given. */
  readonly quietMs?: number;
  /** Virtual length at most; ten minutes unless given. */
  readonly untilMs?: number;
}

const QUIET_MS = 60_000;

/**
 * Two engines and a link: the shape of most tests of an engine. Node 0 is a, node 1 is b. {@link Pair.run} drives both to the
 * end, which is when they have nothing more to say to each other.
 *
 * @example
 * ```ts
 * const client = (env: NodeEnv) => ({
 *   answers: 0,
 *   ask: () => env.send(env.addressOf(1), Uint8Array.of(1)),
 *   receive() {
 *     this.answers += 1;
 *   },
 * });
 * const server = (env: NodeEnv): SimNode => ({ receive: (bytes, from) => env.send(from, bytes) });
 *
 * const pair = new Pair(client, server, { begin: (a) => a.ask() });
 * assertOk(pair.run());
 * console.log(pair.a.answers); // 1
 * ```
 */
export class Pair<A extends SimNode, B extends SimNode> {
  /** The scenario of the pair, for {@link explore}, {@link check} and {@link shrink}. */
  readonly scenario: Scenario<A | B>;
  /** The run itself, for tests that look in between. */
  readonly simulation: Simulation<A | B>;

  /** Puts `a` on node 0 and `b` on node 1. */
  constructor(a: (env: NodeEnv) => A, b: (env: NodeEnv) => B, options: PairOptions<A, B> = {}) {
    this.scenario = pairScenario(a, b, options);
    this.simulation = new Simulation(this.scenario, options.plan ?? 1, options);
  }

  /** The engine on node 0; throws a `RangeError` while it is not running. */
  get a(): A {
    return this.simulation.node(0) as A;
  }

  /** The engine on node 1; throws a `RangeError` while it is not running. */
  get b(): B {
    return this.simulation.node(1) as B;
  }

  /** Drives both engines to the end. */
  run(): Outcome {
    return this.simulation.run();
  }
}

/** The scenario of two engines and a link; {@link Pair} runs it, {@link check} runs it with many seeds. */
export function pairScenario<A extends SimNode, B extends SimNode>(
  a: (env: NodeEnv) => A,
  b: (env: NodeEnv) => B,
  options: PairOptions<A, B> = {},
): Scenario<A | B> {
  const { begin, done, plan, trace, link = CALM_HOME, back = link, always, finally: last, ...shared } = options;
  const both = (check: NonNullable<typeof always>) => (view: View<A | B>) =>
    check(view.node(0) as A | undefined, view.node(1) as B | undefined);
  return {
    quietMs: QUIET_MS,
    ...shared,
    nodes: 2,
    start: (env) => (env.node === 0 ? a(env) : b(env)),
    link: (from) => (from === 0 ? link : back),
    ...(begin && {
      actions: { begin: (node: A | B, env: NodeEnv, now: number) => begin(node as A, env, now) },
      steps: [{ do: 'act', at: 0, node: 0, name: 'begin' }],
    }),
    ...(always && { always: { always: both(always) } }),
    ...(last && { finally: { finally: both(last) } }),
    ...(done && { done: (view) => done(view.node(0) as A | undefined, view.node(1) as B | undefined) }),
  };
}

const CALM_HOME: LinkRules = { ...LINKS.home, loss: 0 };

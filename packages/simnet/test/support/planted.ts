import type { Action, NodeEnv, Scenario, SimNode } from '../../src/index.ts';

/** A counter that every node is to hold the greatest value of, and that goes back when it hears an old one. */
export class Counter implements SimNode {
  value = 0;
  private readonly env: NodeEnv;

  constructor(env: NodeEnv) {
    this.env = env;
  }

  receive(bytes: Uint8Array): void {
    this.value = bytes[0] ?? 0;
  }

  raise(): void {
    this.value += 1;
    for (let node = 0; node < this.env.nodes; node += 1) {
      if (node !== this.env.node) this.env.send(this.env.addressOf(node), Uint8Array.of(this.value));
    }
  }
}

const raise: Action<Counter> = (node) => node.raise();

/** Counters with a bug that shows when datagrams overtake each other. */
export function counters(nodes: number, rest: Partial<Scenario<Counter>> = {}): Scenario<Counter> {
  return {
    name: 'counters',
    nodes,
    start: (env) => new Counter(env),
    actions: { raise },
    steps: (random) =>
      Array.from({ length: 40 }, () => ({ do: 'act' as const, at: random.below(5_000), node: 0, name: 'raise' })),
    link: { latencyMs: { min: 10, max: 60 }, loss: 0.1, duplicate: 0.1 },
    always: () => {
      const best = new WeakMap<Counter, number>();
      return {
        'counters never go back': (view, node) => {
          const counter = view.node(node);
          if (counter === undefined) return undefined;
          const before = best.get(counter) ?? 0;
          best.set(counter, Math.max(before, counter.value));
          return counter.value < before ? `went back from ${before} to ${counter.value}` : undefined;
        },
      };
    },
    untilMs: 6_000,
    ...rest,
  };
}

const RETRY_MS = 100;

/** Sends its letters one after the other, each until it is acknowledged; with the bug, it gives up after three tries. */
export class Sender implements SimNode {
  readonly got: number[] = [];
  private readonly env: NodeEnv;
  private readonly queue: number[] = [];
  private tries = 0;
  private retryAt: number | undefined;

  constructor(env: NodeEnv) {
    this.env = env;
  }

  post(letter: number): void {
    this.queue.push(letter);
    if (this.retryAt === undefined) this.attempt(this.env.now);
  }

  receive(bytes: Uint8Array, from: number, now: number): void {
    const [kind, letter] = bytes as unknown as [number, number];
    if (kind === 0) {
      if (!this.got.includes(letter)) this.got.push(letter);
      this.env.send(from, Uint8Array.of(1, letter));
    } else if (this.queue[0] === letter) this.following(now);
  }

  tick(now: number): void {
    if (this.retryAt === undefined || now < this.retryAt) return;
    if (this.tries === 3) this.following(now);
    else this.attempt(now);
  }

  nextDeadline(): number | undefined {
    return this.retryAt;
  }

  private following(now: number): void {
    this.queue.shift();
    this.tries = 0;
    this.retryAt = undefined;
    if (this.queue.length > 0) this.attempt(now);
  }

  private attempt(now: number): void {
    this.tries += 1;
    this.retryAt = now + RETRY_MS;
    this.env.send(this.env.addressOf(1), Uint8Array.of(0, this.queue[0] as number));
  }
}

/** A sender and a receiver; the bug shows when three datagrams in a row are lost. */
export function senders(rest: Partial<Scenario<Sender>> = {}): Scenario<Sender> {
  return {
    name: 'senders',
    nodes: 10,
    start: (env) => new Sender(env),
    actions: { post: (node, _env, _now, letter) => node.post(Number(letter)) },
    steps: [
      ...Array.from({ length: 20 }, (_, index) => ({
        do: 'act' as const,
        at: index * 50,
        node: 0,
        name: 'post',
        args: [index],
      })),
      { do: 'crash', at: 50, node: 5, downMs: 100 },
      { do: 'partition', at: 300, forMs: 40, side: [2, 3] },
      { do: 'move', at: 400, node: 4 },
    ],
    link: { latencyMs: 20, jitterMs: 5, loss: 0.3 },
    finally: {
      'every letter arrives': (view) => {
        const got = view.node(1)?.got.length;
        return got === 20 ? undefined : `${got} of 20 letters`;
      },
    },
    untilMs: 60_000,
    ...rest,
  };
}

// @ts-check
/**
 * What every runtime has to agree on: the hash of a long run with everything switched on, of its counts, and of the report
 * of a failure that was cut down. Imports nothing but the built package, so that it runs anywhere.
 */
import { churn, explore, lateStarts, partitions, run, Simulation, traceHash } from '../../dist/index.js';

/** @typedef {import('@rookery/simnet').NodeEnv} NodeEnv */
/** @typedef {import('@rookery/simnet').Address} Address */
/** @typedef {import('@rookery/simnet').View} View */

/** Talks over datagrams and streams, and depends on all that it hears. */
class Talker {
  /** @param {NodeEnv} env */
  constructor(env) {
    this.env = env;
    this.state = env.stored('state')?.[0] ?? 0;
    this.wakeAt = env.now + env.random.below(700);
  }

  /**
   * @param {Uint8Array} bytes
   * @param {Address} from
   */
  receive(bytes, from) {
    this.hear(bytes);
    if ((bytes[0] ?? 0) % 4 !== 0) this.env.send(from, Uint8Array.of((bytes[0] ?? 0) - 1, this.state));
  }

  /** @param {number} now */
  tick(now) {
    if (now < this.wakeAt) return;
    const { env } = this;
    this.wakeAt = now + 1 + env.random.below(700);
    const to = env.addressOf(env.random.below(env.nodes));
    if (env.random.chance(0.2)) env.write(env.connect(to), env.random.bytes(env.random.below(5_000)));
    else env.send(to, Uint8Array.of(env.random.below(256), this.state));
    env.measure('state', this.state);
  }

  nextDeadline() {
    return this.wakeAt;
  }

  opened() {
    this.env.mark('opened');
  }

  /**
   * @param {number} stream
   * @param {Uint8Array} bytes
   */
  data(stream, bytes) {
    this.hear(bytes);
    if (bytes.length % 5 === 0) this.env.close(stream);
  }

  /** @param {Uint8Array} bytes */
  hear(bytes) {
    for (const byte of bytes) this.state = (this.state * 31 + byte) & 255;
    this.env.store('state', Uint8Array.of(this.state));
  }
}

/** @type {import('@rookery/simnet').Scenario<Talker>} */
const everything = {
  nodes: 60,
  start: (env) => new Talker(env),
  link: (from, to) => (from % 2 === to % 2 ? HOME : AWFUL),
  uplink: (node) => (node % 5 === 0 ? { bytesPerSecond: 20_000, queueBytes: 10_000 } : undefined),
  nat: (node) => (node % 3 === 0 ? { kind: KINDS[node % 4] ?? 'symmetric', mappingMs: 5_000 } : undefined),
  steps: (random, nodes) => {
    const all = Array.from({ length: nodes }, (_, node) => node);
    return [
      ...lateStarts(random, all.slice(50), { min: 100, max: 4_000 }),
      ...churn(random, {
        nodes: all.slice(0, 20),
        untilMs: 20_000,
        upMs: { min: 500, max: 9_000 },
        downMs: { quantiles: [10, 500, 9_000] },
        leave: 0.3,
        wipe: 0.2,
      }),
      ...partitions(random, { nodes, count: 3, untilMs: 20_000, forMs: { min: 500, max: 3_000 }, oneWay: 0.4 }),
      { do: 'move', at: 9_000, node: 33 },
      { do: 'weather', at: 5_000, forMs: 2_000, link: { latencyMs: 900, loss: 0.4 } },
    ];
  },
  ties: 'random',
  untilMs: 30_000,
};

const KINDS = /** @type {const} */ (['full-cone', 'restricted', 'port-restricted', 'symmetric']);
const HOME = {
  latencyMs: { quantiles: [8, 20, 35, 60, 180] },
  jitterMs: 5,
  loss: 1 / 3,
  bytesPerSecond: 333_333,
  queueBytes: 20_000,
};
const AWFUL = {
  latencyMs: { quantiles: [5, 50, 200, 800, 5_000] },
  jitterMs: 333,
  loss: 0.1,
  burst: { enter: 0.07, leave: 0.13, loss: 0.9 },
  duplicate: 0.1,
  reorder: 0.2,
  holdMs: { min: 1, max: 2_000 },
  segmentBytes: 700,
  breakMs: 4_000,
};

/** @type {import('@rookery/simnet').Scenario<Talker>} */
const failing = {
  ...everything,
  name: 'talkers',
  always: { 'no state is 77': (view, node) => (view.node(node)?.state === 77 ? 'it is' : undefined) },
};

/** @param {string} text */
const ascii = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** The hashes, in hexadecimal. */
export function hashes() {
  const simulation = new Simulation(everything, 20_261_121);
  const { events, traceHash: trace } = simulation.run();
  const { report } = explore(failing, { first: 3 });
  return {
    events,
    trace,
    seed: run(everything, Number.MAX_SAFE_INTEGER).traceHash,
    measures: traceHash(ascii(JSON.stringify(simulation.measures()))),
    report: traceHash(ascii(report)),
  };
}

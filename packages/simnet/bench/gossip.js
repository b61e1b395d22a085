// @ts-check
/**
 * The toy gossip of the benches: every node passes a rumour on to three others when it hears it first, and tells one other
 * of the latest rumour every second.
 */

/** @typedef {import('@rookery/simnet').NodeEnv} NodeEnv */

const FANOUT = 3;
const EVERY_MS = 1_000;

export class Gossip {
  /** @param {NodeEnv} env */
  constructor(env) {
    this.env = env;
    this.heard = new Set();
    this.latest = 0;
    this.wakeAt = env.now + env.random.below(EVERY_MS);
  }

  /** @param {number} rumour */
  publish(rumour) {
    this.hear(rumour);
  }

  /** @param {Uint8Array} bytes */
  receive(bytes) {
    this.hear((bytes[0] ?? 0) | ((bytes[1] ?? 0) << 8) | ((bytes[2] ?? 0) << 16));
  }

  /** @param {number} now */
  tick(now) {
    if (now < this.wakeAt) return;
    this.wakeAt = now + EVERY_MS;
    if (this.latest !== 0) this.tell(this.latest);
  }

  nextDeadline() {
    return this.wakeAt;
  }

  /** @param {number} rumour */
  hear(rumour) {
    if (this.heard.has(rumour)) return;
    this.heard.add(rumour);
    if (rumour > this.latest) this.latest = rumour;
    if (rumour === 1) this.env.mark('rumour 1');
    for (let copy = 0; copy < FANOUT; copy += 1) this.tell(rumour);
  }

  /** @param {number} rumour */
  tell(rumour) {
    const bytes = new Uint8Array(16);
    bytes[0] = rumour;
    bytes[1] = rumour >>> 8;
    bytes[2] = rumour >>> 16;
    this.env.send(this.env.addressOf(this.env.random.below(this.env.nodes)), bytes);
  }
}

/**
 * A network of such nodes with latency, jitter, loss and duplicates, in which somebody has news every `everyMs`.
 *
 * @param {number} nodes
 * @param {number} rumours
 * @param {number} untilMs
 * @returns {import('@rookery/simnet').Scenario<Gossip>}
 */
export function gossipScenario(nodes, rumours, untilMs) {
  return {
    name: 'toy gossip',
    nodes,
    start: (env) => new Gossip(env),
    link: { latencyMs: { min: 10, max: 120 }, jitterMs: 20, loss: 0.01, duplicate: 0.01 },
    actions: { publish: (node, _env, _now, rumour) => node.publish(Number(rumour)) },
    steps: Array.from({ length: rumours }, (_, index) => ({
      do: 'act',
      at: Math.floor((index * untilMs) / rumours),
      node: (index * 7) % nodes,
      name: 'publish',
      args: [index + 1],
    })),
    untilMs,
  };
}

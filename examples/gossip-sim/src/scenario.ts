import { type Check, type NodeEnv, partitions, type Scenario, type SimNode, type Step } from '@rookery/simnet';
import { Gossip, type GossipEffect, type Note } from './gossip.ts';

/** A gossip engine on a node of the simulator. */
export interface GossipNode extends SimNode {
  readonly gossip: Gossip;
  publish(topic: number): void;
}

/** How large and how long, and whether the bug is in. */
export interface GossipOptions {
  readonly nodes: number;
  readonly planted: boolean;
  readonly topics?: number;
  readonly untilMs?: number;
}

/** Puts the engine on a node: bytes to notes, effects to datagrams. This is all that an adapter has to do. */
function startGossip(env: NodeEnv, planted: boolean): GossipNode {
  const gossip = new Gossip(() => env.random.below(env.nodes), env.now, planted);
  const perform = (effects: readonly GossipEffect[]): void => {
    for (const { to, note } of effects) env.send(env.addressOf(to), encodeNote(note));
    if (gossip.version(1) > 0) env.mark('heard of topic 1');
  };
  return {
    gossip,
    publish: (topic) => perform(gossip.publish(topic)),
    receive: (bytes) => perform(gossip.receive(decodeNote(bytes))),
    tick: (now) => perform(gossip.tick(now)),
    nextDeadline: () => gossip.nextDeadline(),
  };
}

/**
 * A network of gossips with slow links, some loss and a partition. The owner of each topic publishes it three times, and
 * the versions that a node holds must never go back.
 */
export function gossipScenario({ nodes, planted, topics = 5, untilMs = 60_000 }: GossipOptions): Scenario<GossipNode> {
  return {
    name: 'gossip',
    nodes,
    start: (env) => startGossip(env, planted),
    link: { latencyMs: { quantiles: [10, 30, 50, 80, 400] }, jitterMs: 20, loss: 0.02, duplicate: 0.01 },
    steps: (random) => [
      ...Array.from({ length: topics * 3 }, (_, index): Step => {
        const topic = 1 + (index % topics);
        return { do: 'act', at: random.below(untilMs / 6), node: topic % nodes, name: 'publish', args: [topic] };
      }),
      ...partitions(random, { nodes, count: 1, untilMs: untilMs / 6, forMs: 2_000 }),
    ],
    actions: { publish: (node, _env, _now, topic) => node.publish(Number(topic)) },
    always: () => ({ 'versions never go back': neverBack() }),
    finally: { 'everybody has every topic': converged(topics) },
    untilMs,
    describe: (bytes) => {
      const { topic, version } = decodeNote(bytes);
      return `topic ${topic} version ${version}`;
    },
  };
}

/** What a check remembers belongs to one run, so the scenario asks for a new one each time. */
function neverBack(): Check<GossipNode> {
  const highest = new WeakMap<Gossip, Map<number, number>>();
  return (view, index) => {
    const gossip = view.node(index)?.gossip;
    if (gossip === undefined) return undefined;
    let seen = highest.get(gossip);
    if (seen === undefined) {
      seen = new Map();
      highest.set(gossip, seen);
    }
    for (const { topic, version } of gossip.held()) {
      const before = seen.get(topic) ?? 0;
      if (version < before) return `topic ${topic} went back from version ${before} to ${version}`;
      seen.set(topic, version);
    }
    return undefined;
  };
}

function converged(topics: number): Check<GossipNode> {
  return (view) => {
    for (let topic = 1; topic <= topics; topic += 1) {
      const versions = new Set(view.running().map((node) => view.node(node)?.gossip.version(topic)));
      if (versions.size > 1) return `topic ${topic} is held in ${versions.size} versions`;
    }
    return undefined;
  };
}

function encodeNote({ topic, version }: Note): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, topic);
  view.setUint32(4, version);
  return bytes;
}

function decodeNote(bytes: Uint8Array): Note {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { topic: view.getUint32(0), version: view.getUint32(4) };
}

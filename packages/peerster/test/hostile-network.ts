import {
  adapt,
  type EngineNode,
  formatAddress,
  type Letter,
  type NodeEnv,
  parseAddress,
  type Scenario,
  type SimNode,
  type Step,
} from '@rookery/simnet';
import {
  composePublic,
  encodePacket,
  MemoryStore,
  messageHash,
  mineNonce,
  nameBytes,
  type PeersterEffect,
  PeersterNode,
  type Rumor,
  rumorDatagramBytes,
} from '../src/index.ts';
import { hex } from './captured.ts';
import { manyIdentities, nodeRsa } from './identities.ts';
import { contentsOf, testRandom } from './mesh.ts';

/** Zero bits of every message: hostile nodes shall be able to mine many. */
const TARGET = 6;
const LINKS_PER_NODE = 3;
const FLOOD_EVERY_MS = 250;
const FLOOD_LETTERS = 5;

export interface PeersterSimNode extends SimNode {
  readonly engine: PeersterNode;
  readonly store: MemoryStore;
  perform(effects: Iterable<unknown>): void;
}

/** The running nodes by index. */
interface Nodes {
  node(index: number): PeersterSimNode;
}

export interface HostileNetwork {
  readonly scenario: Scenario<PeersterSimNode>;
  /** Indexes of the nodes that keep to the rules. */
  readonly honest: readonly number[];
  /** Whether all honest nodes hold the same messages in the same versions. */
  agreed(nodes: Nodes): boolean;
  /** Bytes of the datagrams that an honest node must receive at least: each message of the final store once. */
  leastBytes(nodes: Nodes): number;
}

/**
 * A network of `nodes`, each linked to six others or so, in which one of `every` is hostile (0: none): it signs two versions of its own
 * messages and shows each to one half, mines lower nonces for messages of others, and floods with messages without
 * work or signature, with empty statuses and with false senders.
 */
export function hostileNetwork(nodes: number, publishUntilMs: number, texts: number, every = 10): HostileNetwork {
  const identities = manyIdentities(nodes);
  const isHostile = (index: number) => every > 0 && index % every === 3;
  const honest = Array.from({ length: nodes }, (_, index) => index).filter((index) => !isHostile(index));
  const links = linksOf(nodes);

  function start(env: NodeEnv): PeersterSimNode {
    const store = new MemoryStore();
    const engine = new PeersterNode({
      now: env.now,
      random: (length) => Uint8Array.from({ length }, () => env.random.below(256)),
      rsa: nodeRsa,
      store,
      target: TARGET,
      miningTarget: TARGET,
      address: formatAddress(env.address),
      identities: [identities[env.node]!],
    });
    for (const peer of links[env.node]!) engine.addPeer(formatAddress(env.addressOf(peer)));
    const perform = (effect: PeersterEffect): void => {
      const to = effect.type === 'send' ? parseAddress(effect.to) : undefined;
      if (effect.type === 'send' && to !== undefined) env.send(to, effect.bytes);
    };
    const node: EngineNode<PeersterNode> = adapt(engine, perform, formatAddress);
    const honestNode = Object.assign(node, { store });
    honestNode.perform(engine.work(1_000_000, env.now));
    if (!isHostile(env.node)) return honestNode;
    return withFlood(honestNode, env, mischief(env, store, links[env.node]!));
  }

  const steps = (): Step[] => {
    const list: Step[] = [];
    for (let index = 0; index < texts; index += 1) {
      const node = (index * 7) % nodes;
      const at = 2_000 + Math.floor((index * (publishUntilMs - 2_000)) / texts);
      list.push({ do: 'act', at, node, name: isHostile(node) ? 'equivocate' : 'publish', args: [index] });
    }
    return list;
  };

  return {
    honest,
    scenario: {
      name: `peerster with ${nodes} nodes, a tenth of them hostile`,
      nodes,
      start,
      link: { latencyMs: { min: 10, max: 80 }, jitterMs: 20, loss: 0.2, duplicate: 0.05 },
      steps,
      nowhere: 'drop',
      copy: false,
      actions: {
        publish: (node, _env, now, index) => {
          const { engine } = node;
          engine.publish(engine.names()[0]!, nameBytes(`text ${String(index)} `.padEnd(60, '.')));
          node.perform(engine.work(1_000_000, now));
        },
        equivocate: (node, env, _now, index) => {
          const identity = identities[env.node]!;
          const id = node.store.nextId(node.engine.names()[0]!);
          if (id === 0) return;
          const versions = ['heads', 'tails'].map((side) => {
            const draft = composePublic(
              identity,
              id,
              nameBytes(`${side} of ${String(index)}`),
              testRandom(env.node * 1_000 + Number(index)),
            );
            return encodePacket({ rumor: { ...draft, nonce: mineNonce(draft, TARGET).nonce } });
          });
          links[env.node]!.forEach((peer, turn) => {
            env.send(env.addressOf(peer), versions[turn % 2]!);
          });
        },
      },
      untilMs: 120_000,
    },
    agreed: (view) => new Set(honest.map((index) => contentsOf(view.node(index).store))).size === 1,
    leastBytes: (view) => {
      const { store } = view.node(honest[0]!);
      return store.publicRoom().reduce((sum, { rumor }) => sum + rumorDatagramBytes(rumor), 0);
    },
  };
}

/** A ring with chords: every node is linked to the next, to one seven and to one some thirty further on, and back. */
function linksOf(nodes: number): readonly (readonly number[])[] {
  const links = Array.from({ length: nodes }, () => new Set<number>());
  const strides = [1, 7, Math.max(2, Math.floor(nodes / 3))].slice(0, LINKS_PER_NODE);
  for (let index = 0; index < nodes; index += 1) {
    for (const stride of strides) {
      const other = (index + stride) % nodes;
      links[index]!.add(other);
      links[other]!.add(index);
    }
  }
  return links.map((peers) => [...peers]);
}

/** A version of the message with a lower hash, if a few hundred tries give one. */
function lower(rumor: Rumor, start: Uint8Array): Rumor {
  let best = rumor;
  let least = hex(messageHash(rumor));
  for (let turn = 0; turn < 256; turn += 1) {
    const nonce = start.slice();
    nonce[0] = turn;
    const candidate = { ...rumor, nonce };
    const hash = hex(messageHash(candidate));
    if (hash < least) {
      best = candidate;
      least = hash;
    }
  }
  return best;
}

/** What a hostile node sends without being asked: lower nonces for messages of others, and rubbish. */
function mischief(env: NodeEnv, store: MemoryStore, peers: readonly number[]): () => Letter[] {
  const started = env.now;
  return () => {
    const letters: Letter[] = [];
    const to = () => env.addressOf(env.random.pick(peers));
    const origins = store.origins();
    // Re-mining stops after a minute, so that there is a moment from which on everybody can agree.
    if (env.now < started + 60_000 && origins.length > 0 && env.random.chance(0.2)) {
      const origin = env.random.pick(origins);
      const victim = store.get(origin, env.random.below(store.nextId(origin)));
      const start = Uint8Array.from({ length: 16 }, () => env.random.below(256));
      if (victim !== undefined) letters.push({ to: to(), bytes: encodePacket({ rumor: lower(victim.rumor, start) }) });
    }
    for (let index = 0; index < FLOOD_LETTERS; index += 1) {
      const draft = {
        origin: nameBytes('a'.repeat(16)),
        destination: new Uint8Array(0),
        id: 1 + index,
        content: new Uint8Array(40),
        signature: new Uint8Array(256),
      };
      const rubbish = { ...draft, nonce: Uint8Array.from({ length: 16 }, () => env.random.below(256)) };
      const stranger = env.addressOf(env.random.below(env.nodes));
      letters.push({ to: to(), bytes: encodePacket({ rumor: rubbish }) });
      letters.push({ to: to(), bytes: encodePacket({ status: [] }), from: stranger });
      letters.push({ to: to(), bytes: Uint8Array.from({ length: 30 }, () => env.random.below(256)), from: stranger });
    }
    return letters;
  };
}

function withFlood(inner: PeersterSimNode, env: NodeEnv, letters: () => readonly Letter[]): PeersterSimNode {
  let next = env.now + FLOOD_EVERY_MS;
  return {
    engine: inner.engine,
    store: inner.store,
    perform: (effects) => inner.perform(effects),
    receive: (bytes, from, now, to) => inner.receive?.(bytes, from, now, to),
    tick(now) {
      inner.tick?.(now);
      if (now < next) return;
      next = now + FLOOD_EVERY_MS;
      for (const { to, bytes, from } of letters()) {
        if (from === undefined) env.send(to, bytes);
        else env.forge(from, to, bytes);
      }
    },
    nextDeadline: () => Math.min(next, inner.nextDeadline?.() ?? Number.POSITIVE_INFINITY),
  };
}

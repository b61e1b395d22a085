import { bytesToHex } from '@noble/hashes/utils.js';
import { type CurveBackend, createNobleBackend, directoryOf, type UserDirectory } from '@rookery/keys';
import {
  type Address,
  adapt,
  type EngineNode,
  formatAddress,
  LINKS,
  type NodeEnv,
  parseAddress,
  type Scenario,
  type SimNode,
  type Simulation,
} from '@rookery/simnet';
import { decodeBencode, encodeUtf8 } from '@rookery/wire';
import {
  createDhtValue,
  type DhtEffect,
  DhtNode,
  type DhtNodeOptions,
  type Endpoint,
  type SignedValue,
} from '../src/index.ts';

const noble = createNobleBackend();
const judged = new Map<string, boolean>();

/** The usual backend, which here judges every signature once although every node asks for it. */
export const backend: CurveBackend = {
  ...noble,
  matches: (digest, compact, recovery, publicKey) => {
    const key = [recovery, ...[digest, compact, publicKey].map(bytesToHex)].join();
    const known = judged.get(key) ?? noble.matches(digest, compact, recovery, publicKey);
    judged.set(key, known);
    return known;
  },
};

/** Three users of a chain that nobody else knows. */
export const SECRETS: Readonly<Record<string, Uint8Array>> = Object.fromEntries(
  ['alice', 'bob', 'mallory'].map((name, index) => [name, new Uint8Array(32).fill(index + 1)]),
);

export const users: UserDirectory = directoryOf(
  Object.entries(SECRETS).map(([name, secret]) => ({
    name,
    keys: [{ height: 1, publicKey: backend.derivePublicKey(secret, true) }],
  })),
);

export const TIP = 100;

interface ValueChanges {
  readonly seq?: number;
  readonly text?: string;
}

/** A single value of a user, of a resource that may hold anything. */
export function singleOf(
  user: string,
  r: string,
  now: number,
  { seq = 1, text = 'x' }: ValueChanges = {},
): SignedValue {
  const fields = { n: user, r, t: 's', v: { text }, height: TIP - 1, time: Math.floor(now / 1000), seq } as const;
  return createDhtValue(fields, user, SECRETS[user]!, { backend });
}

export function endpointOf(address: Address): Endpoint {
  const [ip, port] = formatAddress(address).split(':');
  return { ip: ip!, port: Number(port) };
}

export function addressOf({ ip, port }: Endpoint): Address {
  return parseAddress(`${ip}:${port}`) ?? -1;
}

/** Bytes of a node's own luck. */
export function randomBytes(env: NodeEnv, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => env.random.below(256));
}

/** A node of the simulated network, with what it has told. */
export interface DhtSimNode extends SimNode {
  readonly engine: DhtNode;
  readonly told: Exclude<DhtEffect, { type: 'send' }>[];
  perform(effects: Iterable<unknown>): void;
}

/** Starts a node that joins through others. */
export function startNode(env: NodeEnv, join: readonly number[], options: Partial<DhtNodeOptions> = {}): DhtSimNode {
  const engine = new DhtNode({
    address: endpointOf(env.address),
    users,
    tip: TIP,
    random: (length) => randomBytes(env, length),
    backend,
    ...options,
  });
  const told: DhtSimNode['told'] = [];
  const perform = (effect: DhtEffect): void => {
    if (effect.type !== 'send') told.push(effect);
    else {
      const to = addressOf(effect.to);
      if (to > 0) env.send(to, effect.bytes);
    }
  };
  const node: EngineNode<DhtNode> = adapt<DhtEffect, Endpoint, DhtNode>(engine, perform, endpointOf);
  for (const other of join) {
    if (other !== env.node) node.perform(engine.addContact(endpointOf(env.addressOf(other)), env.now));
  }
  return Object.assign(node, { told });
}

/** Nodes that all join through the first. */
export function networkOf(nodes: number, fields: Partial<Scenario<DhtSimNode>> = {}): Scenario<DhtSimNode> {
  return {
    name: `${nodes} nodes`,
    nodes,
    start: (env) => startNode(env, [0]),
    link: LINKS.home,
    nowhere: 'drop',
    untilMs: 3_600_000,
    ...fields,
  };
}

/** Puts a value on a node; returns the handle. */
export function putOn(sim: Simulation<DhtSimNode>, index: number, entry: SignedValue): number {
  const { engine, perform } = sim.node(index);
  const { handle, effects } = engine.put(entry, sim.view.now);
  perform(effects);
  return handle;
}

/** Searches a single value of alice on a node; returns the handle. */
export function getOn(sim: Simulation<DhtSimNode>, index: number, r: string): number {
  const { engine, perform } = sim.node(index);
  const { handle, effects } = engine.get(encodeUtf8('alice'), r, 's', sim.view.now);
  perform(effects);
  return handle;
}

/** What came of a search that must be over: the sequence number of the last value, and the peers. */
export function finished(
  sim: Simulation<DhtSimNode>,
  index: number,
  handle: number,
): { readonly acknowledged: number; readonly seq: number | undefined; readonly peers: readonly Endpoint[] } {
  const told = sim.node(index).told.filter((effect) => 'handle' in effect && effect.handle === handle);
  const done = told.at(-1);
  if (done?.type !== 'done') throw new Error(`search ${handle} of node ${index} is not over`);
  const entry = told
    .filter((effect) => effect.type === 'value')
    .at(-1)
    ?.entries.at(-1);
  const seq = entry && decodeBencode(entry.p).value.getNumber('seq');
  const peers = told.flatMap((effect) => (effect.type === 'peers' ? effect.peers : []));
  return { acknowledged: done.acknowledged, seq, peers };
}

import { createNobleBackend, directoryOf, type UserDirectory } from '@rookery/keys';
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
} from '@rookery/simnet';
import {
  createDhtValue,
  type DhtEffect,
  DhtNode,
  type DhtNodeOptions,
  type Endpoint,
  type SignedValue,
} from '../src/index.ts';

export const backend = createNobleBackend();

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

/** A single value of a user, of a resource that may hold anything. */
export function singleValue(user: string, r: string, now: number, text = 'x', seq = 1): SignedValue {
  const fields = { n: user, r, t: 's', v: { text }, height: TIP - 1, time: Math.floor(now / 1000), seq } as const;
  return createDhtValue(fields, user, SECRETS[user]!, backend);
}

export function endpointOf(address: Address): Endpoint {
  const [ip, port] = formatAddress(address).split(':');
  return { ip: ip!, port: Number(port) };
}

export function addressOf({ ip, port }: Endpoint): Address {
  return parseAddress(`${ip}:${port}`) ?? -1;
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
    random: (length) => Uint8Array.from({ length }, () => env.random.below(256)),
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
    deadlines: undefined,
    untilMs: 3_600_000,
    ...fields,
  } as Scenario<DhtSimNode>;
}

import { sha256 } from '@noble/hashes/sha2.js';
import {
  createDhtValue,
  DHT_LIMITS,
  type DhtEffect,
  type DhtLimits,
  DhtNode,
  decodeP,
  type Endpoint,
  parseValue,
  type SignedValue,
} from '@rookery/dht';
import type { UserDirectory } from '@rookery/keys';
import { dhtTarget } from '@rookery/wire';
import { asBencode } from '../bencode-json.ts';
import * as read from '../input.ts';
import type { EngineFactory } from '../operation.ts';

const SEED_BYTES = 32;
const SECOND_MS = 1000;

/** A node of the DHT as an engine of the conformance protocol. It announces swarms at the port of its datagrams, as deployed nodes do. */
export const dhtEngine: EngineFactory = (config, { backend }) => {
  let tip = read.integer(config, 'tip');
  let histories = config;
  let users = read.users(histories, tip);
  // Entries above the tip come into being as it rises, so the engine asks whatever directory there is.
  const directory: UserDirectory = {
    keyAt: (name, height) => users.keyAt(name, height),
    registeredAt: (name) => users.registeredAt(name),
    firstRegisteredAt: (name) => users.firstRegisteredAt(name),
  };
  const address = readEndpoint(config, 'address');
  const node = new DhtNode({
    id: read.bytes(config, 'id'),
    address,
    users: directory,
    tip,
    random: seededRandom(read.optionalBytes(config, 'random') ?? new Uint8Array(SEED_BYTES)),
    profile: read.profile(config),
    limits: readLimits(config),
    backend,
    // There is no swarm to join here, so the node need not look for those of which it is a neighbour.
    isInSwarm: () => true,
  });

  const put = (now: number, input: read.Input): readonly DhtEffect[] => {
    const [n, r, t] = [read.bytes(input, 'n'), read.text(input, 'r'), readKind(input)];
    const seq = read.optionalInteger(input, 'seq') ?? nextSeq(node.held(dhtTarget(n, r, t)));
    const v = asBencode(input.value, 'value');
    const fields = { n, r, t, v, height: Math.max(0, tip - 1), time: Math.floor(now / SECOND_MS), seq };
    const entry = createDhtValue(fields, read.text(input, 'signer'), read.bytes(input, 'secret'), { backend });
    return node.put(entry, now).effects;
  };

  const act = (now: number, input: read.Input): readonly DhtEffect[] => {
    const type = read.text(input, 'type');
    switch (type) {
      case 'datagram':
        return node.receive(read.bytes(input, 'bytes'), readEndpoint(input, 'from'), now);
      case 'tick':
        return node.tick(now);
      case 'get':
        return node.get(read.bytes(input, 'n'), read.text(input, 'r'), readKind(input), now).effects;
      case 'put':
        return put(now, input);
      case 'announce':
        return node.announce(read.text(input, 'user'), address.port, now).effects;
      case 'tip':
        tip = read.integer(input, 'height');
        users = read.users(histories, tip);
        return node.setTip(tip, now);
      case 'users':
        users = read.users(input, tip);
        histories = input;
        return [];
      default:
        throw new read.BadRequest(`no step is called ${type.slice(0, 100)}`);
    }
  };

  return {
    step: (now, input) => ({ effects: act(now, input).flatMap(showEffect), next: node.nextDeadline() ?? null }),
  };
};

/** Random bytes that follow from the seed alone: SHA-256 of the seed, then of what it gave, and so on. */
function seededRandom(seed: Uint8Array): (length: number) => Uint8Array {
  let last = seed;
  return (length) => {
    last = sha256(last);
    return last.slice(0, length);
  };
}

function readEndpoint(input: read.Input, name: string): Endpoint {
  const endpoint = read.object(input, name);
  return { ip: read.text(endpoint, 'ip'), port: read.integer(endpoint, 'port') };
}

function readKind(input: read.Input): 's' | 'm' {
  const t = read.text(input, 't');
  if (t !== 's' && t !== 'm') throw new read.BadRequest('t must be s or m');
  return t;
}

function readLimits(config: read.Input): Partial<DhtLimits> {
  const limits = read.optionalObject(config, 'limits') ?? {};
  for (const name of Object.keys(limits)) {
    if (!Object.hasOwn(DHT_LIMITS, name)) throw new read.BadRequest(`no limit is called ${name.slice(0, 100)}`);
  }
  return Object.fromEntries(Object.keys(limits).map((name) => [name, read.integer(limits, name)]));
}

/** The sequence number of a value that is to replace what is held. */
function nextSeq(held: readonly SignedValue[]): number {
  const decoded = held[0] && decodeP(held[0].p, 'put');
  const parsed = decoded?.ok ? parseValue(decoded.root) : undefined;
  return parsed?.ok ? Number(parsed.value.seq ?? 0n) + 1 : 1;
}

function showValue({ p, sigP, sigUser }: SignedValue): object {
  return { p: read.showBytes(p), sigP: read.showBytes(sigP), sigUser };
}

/** The effects that the protocol knows; the others are for applications. */
function showEffect(effect: DhtEffect): object[] {
  switch (effect.type) {
    case 'send':
      return [{ type: 'send', to: effect.to, bytes: read.showBytes(effect.bytes) }];
    case 'stored':
    case 'done':
      return [{ type: effect.type, target: read.showBytes(effect.target) }];
    case 'dropped':
      return [{ type: 'dropped', target: read.showBytes(effect.target), code: effect.code }];
    case 'value':
      return [{ type: 'value', target: read.showBytes(effect.target), entries: effect.entries.map(showValue) }];
    case 'peers':
      return [{ type: 'peers', target: read.showBytes(effect.target), peers: effect.peers }];
    default:
      return [];
  }
}

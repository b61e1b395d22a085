import {
  createRsaProvider,
  MemoryStore,
  PEERSTER_LIMITS,
  type PeersterEffect,
  type PeersterLimits,
  PeersterNode,
  type StoredMessage,
  seededRandom,
} from '@rookery/peerster';
import { encodeUtf8 } from '@rookery/wire';
import * as read from '../input.ts';
import type { EngineFactory, OpenEngine } from '../operation.ts';
import { peersterProfile, showName } from '../ops/peerster.ts';

const SEED_BYTES = 32;
const SLICE = 65_536;
const MOST_TARGET = 26;

/** A local action that the rules refuse: answered with `reject`. */
class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;

  constructor(code: string, detail: string) {
    super(detail);
    this.code = code;
  }
}

/**
 * The engine `peerster`. Config: profile?, target?, miningTarget?, identities? (PKCS#8), peers?, address?, extensions?,
 * repair?, limits?, random?. Steps: receive {from, bytes}, tick {}, publish {text, author?}, private {to, text, author?},
 * peer-add {peer}, peer-remove {peer}, clock {}, peers {}. Time begins with the first step, which also mines the key
 * announcements.
 */
export const peersterEngine: EngineFactory = (config): OpenEngine => {
  const rsa = createRsaProvider();
  const store = new MemoryStore();
  const targetBits = bits(config, 'target') ?? PEERSTER_LIMITS.miningTarget;
  const options = {
    profile: peersterProfile(config),
    target: targetBits,
    miningTarget: bits(config, 'miningTarget') ?? Math.max(targetBits, PEERSTER_LIMITS.miningTarget),
    random: seededRandom(seed(config)),
    rsa,
    store,
    limits: limits(config),
    identities: (config.identities === undefined ? [] : read.listOf(config, 'identities', read.asBytes)).map((pkcs8) =>
      rsa.privateKey(pkcs8),
    ),
  };
  const optional = {
    ...field('address', read.optionalText(config, 'address')),
    ...field('extensions', read.optionalBoolean(config, 'extensions')),
    ...field('repair', read.optionalBoolean(config, 'repair')),
  };
  const peers = config.peers === undefined ? [] : read.listOf(config, 'peers', read.asText);
  let node: PeersterNode | undefined;

  function start(now: number): { node: PeersterNode; effects: readonly PeersterEffect[] } {
    const opened = new PeersterNode({ ...options, ...optional, now });
    for (const peer of peers) opened.addPeer(peer);
    return { node: opened, effects: mine(opened, now) };
  }

  return {
    step(now, input) {
      const effects: object[] = [];
      if (node === undefined) {
        const started = start(now);
        node = started.node;
        effects.push(...started.effects.map((effect) => show(effect, started.node)));
      }
      effects.push(...act(node, store, now, input));
      return { effects, next: node.nextDeadline() ?? null };
    },
  };
};

function act(node: PeersterNode, store: MemoryStore, now: number, input: read.Input): readonly object[] {
  const all = (effects: readonly PeersterEffect[]) => effects.map((effect) => show(effect, node));
  const author = () => read.optionalText(input, 'author') ?? node.names()[0] ?? '';
  switch (read.text(input, 'type')) {
    case 'receive':
      return all(node.receive(read.bytes(input, 'bytes'), read.text(input, 'from'), now));
    case 'tick':
      return all(node.tick(now));
    case 'publish': {
      const verdict = node.publish(author(), encodeUtf8(read.text(input, 'text')));
      if (!verdict.ok) throw new Refusal(verdict.code, verdict.detail);
      return all(mine(node, now));
    }
    case 'private': {
      const verdict = node.sendPrivate(author(), read.text(input, 'to'), encodeUtf8(read.text(input, 'text')));
      if (!verdict.ok) throw new Refusal(verdict.code, verdict.detail);
      return all(mine(node, now));
    }
    case 'peer-add':
      if (!node.addPeer(read.text(input, 'peer'))) throw new Refusal('bad-peer', 'the address can not be a peer');
      return [];
    case 'peer-remove':
      if (!node.removePeer(read.text(input, 'peer'))) throw new Refusal('bad-peer', 'there is no such peer');
      return [];
    case 'clock':
      return [{ type: 'clock', status: store.origins().map((origin) => ({ origin, nextId: store.nextId(origin) })) }];
    case 'peers':
      return [{ type: 'peers', peers: node.peers().map((peer) => ({ address: peer.address, class: peer.class })) }];
    default:
      throw new read.BadRequest('unknown step');
  }
}

function mine(node: PeersterNode, now: number): PeersterEffect[] {
  const effects: PeersterEffect[] = [];
  while (node.mining() !== undefined) effects.push(...node.work(SLICE, now));
  return effects;
}

function show(effect: PeersterEffect, node: PeersterNode): object {
  switch (effect.type) {
    case 'send':
      return { ...effect, bytes: read.showBytes(effect.bytes) };
    case 'stored':
      return {
        type: 'stored',
        ...identify(effect.message),
        ...field('replaced', effect.replaced && read.showBytes(effect.replaced)),
      };
    case 'submitted':
      return { type: 'submitted', ticket: effect.ticket, ...identify(effect.message) };
    case 'deliver': {
      const { message, kind } = effect;
      const opened = kind === 'private' ? node.open(message) : undefined;
      const text = kind === 'public' ? showName(message.rumor.content) : opened?.ok ? (opened.text ?? null) : undefined;
      return { type: 'deliver', kind, ...identify(message), ...field('text', text) };
    }
    case 'dropped':
      return { type: 'dropped', from: effect.from, code: effect.code };
    case 'learned':
    case 'pruned':
      return effect;
  }
}

function identify({ origin, destination, rumor, hash }: StoredMessage): object {
  return { origin, destination, id: rumor.id, hash: read.showBytes(hash) };
}

function field<Name extends string, Value>(name: Name, value: Value | undefined): { [key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { [key in Name]: Value });
}

function bits(config: read.Input, name: string): number | undefined {
  const value = read.optionalInteger(config, name);
  if (value !== undefined && (value < 0 || value > MOST_TARGET)) {
    throw new read.BadRequest(`${name} must lie within 0 … ${MOST_TARGET}`);
  }
  return value;
}

function seed(config: read.Input): Uint8Array {
  const random = read.optionalBytes(config, 'random') ?? new Uint8Array(SEED_BYTES);
  if (random.length !== SEED_BYTES) throw new read.BadRequest(`random must have ${SEED_BYTES} bytes`);
  return random;
}

function limits(config: read.Input): Partial<PeersterLimits> {
  const given = read.optionalObject(config, 'limits') ?? {};
  const chosen: Record<string, number> = {};
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(PEERSTER_LIMITS, name)) throw new read.BadRequest(`there is no limit ${name}`);
    const value = read.integer(given, name);
    if (value < 0) throw new read.BadRequest(`${name} must not be negative`);
    chosen[name] = value;
  }
  return chosen;
}

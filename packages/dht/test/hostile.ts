import { type Address, formatAddress, type NodeEnv, type SimNode } from '@rookery/simnet';
import {
  type BencodeInput,
  type BencodeNode,
  bencodeDict,
  decodeBencode,
  encodeBencode,
  encodeCompactNodes,
  encodeKrpc,
} from '@rookery/wire';
import { deriveNodeId, parseIpAddress, type SignedValue } from '../src/index.ts';
import { randomBytes, singleOf } from './network.ts';

type Fields = Readonly<Record<string, BencodeInput | undefined>>;

const FLOOD_EVERY_MS = 1000;
const FLOOD_LETTERS = 4;
const RUBBISH = 200;
/** By this hostile nodes know each other, or they would ask each other without end. */
const MANY = 1_000_000;

/** A node that keeps to the packets, but to nothing else. */
export interface HostileNode extends SimNode {
  /** How many queries it was asked. */
  readonly asked: () => number;
}

function bencoded(entry: SignedValue): BencodeInput {
  const p = decodeBencode(entry.p, { profile: 'deployed' }).value.toValue();
  return bencodeDict({ p, sig_p: entry.sigP, sig_user: entry.sigUser });
}

const known = new Map<string, SignedValue>();

/** Signs everything once: hostile nodes have time to prepare. */
function made(name: string, make: () => SignedValue): SignedValue {
  const entry = known.get(name) ?? make();
  known.set(name, entry);
  return entry;
}

/** Everything about a value that can be wrong, for whatever target was asked. */
function forgeries(target: BencodeNode, now: number): BencodeInput[] {
  const n = target.getText('n') ?? '';
  const r = target.getText('r') ?? '';
  const honest = made(`honest ${r}`, () => singleOf('mallory', r, now));
  const later = made(`later ${r}`, () => singleOf('alice', r, now + 9_000_000, { seq: 1_000_000, text: 'later' }));
  const renamed = { height: 99, seq: 2_000_000, target: { n, r, t: 's' }, time: Math.floor(now / 1000), v: 'forged' };
  const p = encodeBencode(bencodeDict(renamed));
  return [
    bencoded({ p, sigP: honest.sigP, sigUser: 'alice' }),
    bencoded({ p, sigP: honest.sigP, sigUser: 'mallory' }),
    bencoded(honest),
    bencoded(later),
    bencoded({ ...honest, sigP: new Uint8Array(3) }),
    'no value at all',
  ];
}

/** Hostile nodes flood each other too. */
function readable(bytes: Uint8Array): BencodeNode | undefined {
  try {
    return decodeBencode(bytes, { profile: 'deployed' }).value;
  } catch {
    return undefined;
  }
}

/** Starts a hostile node. It names friends of its choosing, serves forgeries, floods, puts its own rubbish everywhere. */
export function startHostile(env: NodeEnv): HostileNode {
  const octets = parseIpAddress(formatAddress(env.address).split(':')[0]!)!;
  const id = deriveNodeId(octets, randomBytes(env, 16));
  const started = env.now;
  let asked = 0;
  let next = env.now + FLOOD_EVERY_MS;
  let serial = 0;
  const anyone = (): Address => env.addressOf(env.random.below(env.nodes));

  const query = (name: string, x: Fields, own: Uint8Array = id, transaction = randomBytes(env, 2)): Uint8Array => {
    return encodeKrpc({
      kind: 'query',
      transaction,
      query: name,
      body: bencodeDict({ id: own, ...x }),
    });
  };
  const values = Array.from({ length: 50 }, () => randomBytes(env, 6));
  const friends = encodeCompactNodes(
    Array.from({ length: 100 }, (_, index) => {
      const ip = randomBytes(env, 4);
      return { id: deriveNodeId(ip, randomBytes(env, 16)), ip: ip.join('.'), port: 1 + ((index * 601) % 65_535) };
    }),
  );
  const answer = (packet: BencodeNode, from: Address): void => {
    asked += 1;
    const target = packet.getDict('x')?.getDict('target');
    const data = target && forgeries(target, env.now);
    const body = bencodeDict({ data, followers: MANY, id, nodes: friends, token: randomBytes(env, 4), values });
    env.send(from, encodeKrpc({ kind: 'reply', transaction: packet.getBytes('t')!, body }));
  };
  const use = (packet: BencodeNode, from: Address): void => {
    const token = packet.getDict('r')?.getBytes('token');
    const isHostile = packet.getDict('r')?.getNumber('followers') === MANY;
    if (token === undefined || isHostile) return;
    // A valid value of a registered user that nobody wants; the token is right for every other one of them.
    const number = (packet.getBytes('t')![1]! + env.random.below(2)) % RUBBISH;
    const entry = made(`rubbish ${number}`, () => {
      return singleOf('mallory', `spam${number}`, started, { text: 'y'.repeat(2000) });
    });
    const p = decodeBencode(entry.p).value.toValue();
    env.send(from, query('putData', { p, sig_p: entry.sigP, sig_user: 'mallory', token }));
    const infoHash = randomBytes(env, 20);
    env.send(from, query('announcePeer', { infoHash, port: serial % 65_536, token }));
  };
  const flood = (): void => {
    for (let letter = 0; letter < FLOOD_LETTERS; letter += 1) {
      const victim = anyone();
      serial += 1;
      const number = serial % RUBBISH;
      const target = { n: 'mallory', r: `spam${number}`, t: 's' };
      env.send(victim, query('getData', { justtoken: 1, target }, id, Uint8Array.of(0, number)));
      env.send(victim, query('findNode', { target: randomBytes(env, 20) }, randomBytes(env, 20)));
      env.send(victim, randomBytes(env, 1 + env.random.below(200)));
      const lie = bencodeDict({ id, ip: Uint8Array.of(9, 9, 9, 9) });
      env.send(victim, encodeKrpc({ kind: 'reply', transaction: randomBytes(env, 2), body: lie }));
      env.forge(anyone(), victim, query('ping', {}, randomBytes(env, 20)));
      env.forge(anyone(), victim, query('getData', { target: { n: 'alice', r: 'custom1', t: 's' } }));
    }
  };
  return {
    asked: () => asked,
    receive: (bytes, from) => {
      const packet = readable(bytes);
      if (packet?.kind !== 'dict') return;
      if (packet.getText('z') === 'q') answer(packet, from);
      else if (packet.getText('z') === 'r') use(packet, from);
    },
    tick: (now) => {
      if (now < next) return;
      next = now + FLOOD_EVERY_MS;
      flood();
    },
    nextDeadline: () => next,
  };
}

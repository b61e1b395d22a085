import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import {
  type BencodeInput,
  type BencodeNode,
  type BencodeValue,
  bencodeDict,
  decodeBencode,
  encodeBencode,
  encodeKrpc,
} from '@rookery/wire';
import { type DhtEffect, DhtNode, type DhtNodeOptions, type Endpoint, type RandomBytes } from '../src/index.ts';
import { NOW, TIP, world } from './world.ts';

export const NOW_MS = NOW * 1000;
export const OWN_ID = new Uint8Array(20).fill(0x75);
export const PEER_ID = new Uint8Array(20).fill(0xaa);
export const HERE: Endpoint = { ip: '127.0.0.1', port: 29433 };
export const PEER: Endpoint = { ip: '127.0.0.1', port: 40000 };

/** Random bytes that follow from a seed. */
export function seeded(seed: number): RandomBytes {
  let state = sha256(Uint8Array.of(seed & 0xff, (seed >> 8) & 0xff));
  return (length) => {
    state = sha256(state);
    const bytes = new Uint8Array(length);
    for (let index = 0; index < length; index += 1) bytes[index] = state[index % state.length]!;
    return bytes;
  };
}

/** A node on loopback among the captured users. */
export function nodeOf(options: Partial<DhtNodeOptions> = {}): DhtNode {
  const { users, backend } = world();
  return new DhtNode({ id: OWN_ID, address: HERE, users, tip: TIP, random: seeded(1), backend, ...options });
}

type Fields = Readonly<Record<string, BencodeInput | undefined>>;

/** A query as another node sends it; `x` beside its id. */
export function query(name: string, x: Fields = {}, id: Uint8Array = PEER_ID, t = 'aa'): Uint8Array {
  const transaction = Uint8Array.from(t, (letter) => letter.charCodeAt(0));
  return encodeKrpc({ kind: 'query', transaction, query: name, body: bencodeDict({ id, ...x }) });
}

/** A reply to a query that the node sent; `r` beside the id. */
export function replyTo(sent: Uint8Array, r: Fields = {}, id: Uint8Array = PEER_ID): Uint8Array {
  const transaction = decoded(sent).getBytes('t')!;
  return encodeKrpc({ kind: 'reply', transaction, body: bencodeDict({ id, ...r }) });
}

export function decoded(bytes: Uint8Array): BencodeNode {
  return decodeBencode(bytes, { profile: 'deployed' }).value;
}

/** The packets among effects. */
export function sendsOf(effects: readonly DhtEffect[]): Extract<DhtEffect, { type: 'send' }>[] {
  return effects.filter((effect) => effect.type === 'send');
}

/** The one packet among effects, decoded. */
export function onlySent(effects: readonly DhtEffect[]): BencodeNode {
  const sends = sendsOf(effects);
  if (sends.length !== 1) throw new Error(`${sends.length} packets were sent, not one`);
  return decoded(sends[0]!.bytes);
}

/** The reply to a query. */
export function ask(
  node: DhtNode,
  name: string,
  x: Fields = {},
  from: Endpoint = PEER,
  now: number = NOW_MS,
): BencodeNode {
  return onlySent(node.receive(query(name, x), from, now)).getDict('r')!;
}

/** A token of the node for a target. */
export function tokenFor(node: DhtNode, target: Fields, from: Endpoint = PEER, now: number = NOW_MS): Uint8Array {
  return ask(node, 'getData', { justtoken: 1, target: bencodeDict(target) }, from, now).getBytes('token')!;
}

/** The same value with these keys, at any depth of dictionaries, set to a fixed text. */
export function masked(value: BencodeValue, keys: readonly string[]): BencodeValue {
  if (value instanceof Uint8Array || typeof value === 'bigint') return value;
  if (!('entries' in value) || typeof value.entries === 'function') {
    return (value as readonly BencodeValue[]).map((item) => masked(item, keys));
  }
  const entries = value.entries.map(([key, child]) => {
    const name = String.fromCharCode(...key);
    return [key, keys.includes(name) ? new Uint8Array(0) : masked(child, keys)] as const;
  });
  return { entries };
}

/** A packet as text that can be compared, without what is free. */
export function shown(packet: Uint8Array, free: readonly string[]): string {
  return bytesToHex(encodeBencode(masked(decoded(packet).toValue(), free)));
}

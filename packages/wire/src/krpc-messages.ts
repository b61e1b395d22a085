import type { BencodeNode } from './bencode/node.ts';
import { type BencodeDict, type BencodeInput, type BencodeValue, bencodeDict } from './bencode/value.ts';
import {
  type CompactNode,
  type CompactPeer,
  decodeCompactNodes,
  decodeCompactPeers,
  encodeCompactNodes,
  encodeCompactPeers,
} from './compact-nodes.ts';
import { WireError } from './errors.ts';
import { encodeKrpc, KRPC_VERSION, type KrpcMessage } from './krpc.ts';
import { WIRE_LIMITS } from './limits.ts';
import type { Profile } from './profile.ts';
import { reject, type Verdict } from './verdict.ts';

/** What a resource of the DHT is addressed by: name or word, resource, `s` for single or `m` for multi. */
export interface DhtTarget {
  readonly n: Uint8Array;
  readonly r: Uint8Array;
  readonly t: 's' | 'm';
  /** The dictionary as received; its SHA-1 is the key, in whatever order it is written (DHT-4). */
  readonly raw: Uint8Array;
}

/** The arguments of a query, by its name (KRPC-9). `id` is the 20-byte node id of the sender. */
export type KrpcQuery =
  | { readonly name: 'ping'; readonly id: Uint8Array }
  | { readonly name: 'findNode'; readonly id: Uint8Array; readonly target: Uint8Array }
  | { readonly name: 'getData'; readonly id: Uint8Array; readonly target: DhtTarget; readonly justToken: boolean }
  | {
      readonly name: 'putData';
      readonly id: Uint8Array;
      readonly token: Uint8Array;
      /** The signed dictionary; the signature covers `p.raw`. What it holds is judged by `checkPut` of `@rookery/dht`. */
      readonly p: BencodeNode;
      readonly sigP: Uint8Array;
      readonly sigUser: Uint8Array;
    }
  | {
      readonly name: 'announcePeer';
      readonly id: Uint8Array;
      readonly infoHash: Uint8Array;
      /** Where the peer listens; `undefined` stands for the port that the packet came from. */
      readonly port: number | undefined;
      readonly token: Uint8Array;
      readonly seed: boolean;
      /** Name of the torrent: the user. */
      readonly n: Uint8Array | undefined;
    };

/** Why a query cannot be answered (KRPC-9); the codes that `@rookery/dht` has too mean the same there. */
export type KrpcQueryCode =
  | 'bad-port'
  | 'bad-target'
  | 'bad-target-kind'
  | 'missing-key'
  | 'unknown-query'
  | 'wrong-length';

/** A value as replies and puts carry it. */
export interface SignedValue {
  readonly p: BencodeNode;
  readonly sigP: Uint8Array;
  readonly sigUser: Uint8Array;
}

/** What a reply may hold (KRPC-10); each kind of query is answered with a few of these. */
export interface KrpcReply {
  /** 20-byte node id of the sender. */
  readonly id: Uint8Array;
  /** The asker's address as the sender sees it, 4 or 16 bytes: the asker's id does not fit it and nothing was done. */
  readonly ip: Uint8Array | undefined;
  readonly token: Uint8Array | undefined;
  readonly nodes: readonly CompactNode[];
  /** Stored values; `undefined` where the sender stores nothing under that key. */
  readonly data: readonly SignedValue[] | undefined;
  /** Peers of a tracker reply. */
  readonly values: readonly CompactPeer[] | undefined;
  /** Number of peers that the sender knows of, in a tracker reply. */
  readonly followers: number | undefined;
}

const PORTS = 0x10000;
const TARGET_KEYS = 3;
const SERVER_ERROR = 203;

/**
 * Reads the arguments of a query in the order in which deployed nodes check them (KRPC-9). A refusal's detail is the error text
 * that they answer. A query of an unknown name that has a 20-byte `target` or `infoHash` is read as `findNode`, as they do.
 * Not checked: whether the id fits the sender, the token, and all that is inside of `p`.
 */
export function parseKrpcQuery(message: KrpcMessage): Verdict<KrpcQueryCode, { readonly query: KrpcQuery }> {
  const x = message.body;
  if (x.kind !== 'dict') throw new TypeError('only queries have arguments');
  const id = x.getBytes('id');
  if (id === undefined) return missing('id');
  if (!isId(id)) return wrongLength('id');
  switch (message.query) {
    case 'ping':
      return { ok: true, query: { name: 'ping', id } };
    case 'findNode': {
      const target = x.getBytes('target');
      if (target === undefined) return missing('target');
      return isId(target) ? { ok: true, query: { name: 'findNode', id, target } } : wrongLength('target');
    }
    case 'getData':
      return parseGetData(id, x);
    case 'putData':
      return parsePutData(id, x);
    case 'announcePeer':
      return parseAnnouncePeer(id, x);
    default: {
      const target = [x.getBytes('target'), x.getBytes('infoHash')].find((found) => found !== undefined && isId(found));
      if (target === undefined) return reject('unknown-query', 'unknown message');
      return { ok: true, query: { name: 'findNode', id, target } };
    }
  }
}

/**
 * Reads what a reply holds (KRPC-10). A known key of another kind is taken for absent, as deployed nodes do; of `data` only whole
 * entries and of `values` only IPv4 endpoints are kept. Throws `WireError`: `missing-key` without `id`, `wrong-length` for an id
 * that is not 20 bytes and, in the canonical profile, for left-over bytes in `nodes`. Not checked: signatures, targets, addresses.
 */
export function parseKrpcReply(message: KrpcMessage, profile: Profile = 'canonical'): KrpcReply {
  const r = message.body;
  if (r.kind !== 'dict') throw new TypeError('only replies hold values');
  const id = r.getBytes('id');
  if (id === undefined) throw new WireError('missing-key', r.end, "the reply has no 'id' key");
  if (!isId(id))
    throw new WireError('wrong-length', r.start, `an id has ${WIRE_LIMITS.nodeIdBytes} bytes, not ${id.length}`);
  const values = r.getList('values')?.items();
  return {
    id,
    ip: r.getBytes('ip'),
    token: r.getBytes('token'),
    nodes: decodeCompactNodes(r.getBytes('nodes') ?? new Uint8Array(0), profile),
    data: r.getList('data')?.items().flatMap(signedValue),
    values: values?.filter(isCompactPeer).flatMap((value) => decodeCompactPeers(value.bytes)),
    followers: r.getNumber('followers'),
  };
}

/** The number and text of an error packet (KRPC-11), as far as they are there. */
export function parseKrpcError(message: KrpcMessage): {
  readonly number: number | undefined;
  readonly text: string | undefined;
} {
  const [number, text] = message.body.items();
  return {
    number: number?.kind === 'integer' ? number.number : undefined,
    text: text?.kind === 'bytes' ? text.text : undefined,
  };
}

/** Writes a query: `args` are the keys of `x` beside `id`, for instance `{ target }` (KRPC-9). */
export function encodeKrpcQuery(
  transaction: Uint8Array,
  name: KrpcQuery['name'],
  id: Uint8Array,
  args: Readonly<Record<string, BencodeInput | undefined>> = {},
): Uint8Array {
  return encodeKrpc({ kind: 'query', transaction, query: name, body: bencodeDict({ ...args, id }), extra: version() });
}

/** What {@link encodeKrpcReply} writes beside the id; what is left out is not written. */
export interface KrpcReplyFields {
  readonly ip?: Uint8Array | undefined;
  readonly token?: Uint8Array | undefined;
  readonly nodes?: readonly CompactNode[] | undefined;
  /** `p` as it was received, so that its signature stays good. */
  readonly data?:
    | readonly { readonly p: BencodeValue; readonly sigP: Uint8Array; readonly sigUser: Uint8Array }[]
    | undefined;
  readonly values?: readonly CompactPeer[] | undefined;
  readonly followers?: number | undefined;
}

/** Writes a reply (KRPC-10). */
export function encodeKrpcReply(transaction: Uint8Array, id: Uint8Array, fields: KrpcReplyFields = {}): Uint8Array {
  const body = bencodeDict({
    id,
    ip: fields.ip,
    token: fields.token,
    nodes: fields.nodes && encodeCompactNodes(fields.nodes),
    data: fields.data?.map(({ p, sigP, sigUser }) => bencodeDict({ p, sig_p: sigP, sig_user: sigUser })),
    values: fields.values?.map((peer) => encodeCompactPeers([peer])),
    followers: fields.followers,
  });
  return encodeKrpc({ kind: 'reply', transaction, body, extra: version() });
}

/** Writes an error (KRPC-11). Deployed nodes use the number 203 whatever is wrong. */
export function encodeKrpcError(transaction: Uint8Array, text: string, number: number = SERVER_ERROR): Uint8Array {
  const { entries } = bencodeDict({ e: [number, text] });
  return encodeKrpc({ kind: 'error', transaction, body: entries[0]![1], extra: version() });
}

function parseGetData(id: Uint8Array, x: BencodeNode): Verdict<KrpcQueryCode, { readonly query: KrpcQuery }> {
  const target = x.getDict('target');
  if (target === undefined) return missing('target');
  const n = target.getBytes('n');
  if (n === undefined) return missing('n');
  const r = target.getBytes('r');
  if (r === undefined) return missing('r');
  const kind = target.getBytes('t');
  if (kind === undefined) return missing('t');
  if (target.size !== TARGET_KEYS) return reject('bad-target', 'target dict size != 3');
  const t = String.fromCharCode(...kind.subarray(0, 2));
  if (t !== 's' && t !== 'm') return reject('bad-target-kind', 'invalid target.t value');
  const justToken = (x.getInteger('justtoken') ?? 0n) !== 0n;
  return { ok: true, query: { name: 'getData', id, target: { n, r, t, raw: target.raw }, justToken } };
}

function parsePutData(id: Uint8Array, x: BencodeNode): Verdict<KrpcQueryCode, { readonly query: KrpcQuery }> {
  const token = x.getBytes('token');
  if (token === undefined) return missing('token');
  const sigP = x.getBytes('sig_p');
  if (sigP === undefined) return missing('sig_p');
  const sigUser = x.getBytes('sig_user');
  if (sigUser === undefined) return missing('sig_user');
  const p = x.getDict('p');
  if (p === undefined) return missing('p');
  return { ok: true, query: { name: 'putData', id, token, p, sigP, sigUser } };
}

function parseAnnouncePeer(id: Uint8Array, x: BencodeNode): Verdict<KrpcQueryCode, { readonly query: KrpcQuery }> {
  const infoHash = x.getBytes('infoHash');
  if (infoHash === undefined) return missing('infoHash');
  if (!isId(infoHash)) return wrongLength('infoHash');
  const given = x.getInteger('port');
  if (given === undefined) return missing('port');
  const token = x.getBytes('token');
  if (token === undefined) return missing('token');
  const implied = (x.getInteger('implied_port') ?? 0n) !== 0n;
  if (!implied && (given < 0n || given >= PORTS)) return reject('bad-port', 'invalid port');
  const port = implied ? undefined : Number(given);
  const seed = (x.getInteger('seed') ?? 0n) !== 0n;
  return { ok: true, query: { name: 'announcePeer', id, infoHash, port, token, seed, n: x.getBytes('n') } };
}

function signedValue(entry: BencodeNode): SignedValue[] {
  if (entry.kind !== 'dict') return [];
  const p = entry.getDict('p');
  const sigP = entry.getBytes('sig_p');
  const sigUser = entry.getBytes('sig_user');
  return p && sigP && sigUser ? [{ p, sigP, sigUser }] : [];
}

function isCompactPeer(value: BencodeNode): boolean {
  return value.kind === 'bytes' && value.bytes.length === WIRE_LIMITS.compactPeerBytes;
}

function isId(bytes: Uint8Array): boolean {
  return bytes.length === WIRE_LIMITS.nodeIdBytes;
}

function missing(key: string): Verdict<'missing-key', { readonly query: KrpcQuery }> {
  return reject('missing-key', `missing '${key}' key`);
}

function wrongLength(key: string): Verdict<'wrong-length', { readonly query: KrpcQuery }> {
  return reject('wrong-length', `invalid value for '${key}'`);
}

function version(): BencodeDict {
  return bencodeDict({ v: Uint8Array.from(KRPC_VERSION) });
}

import { readBencode } from './bencode/decode.ts';
import { encodeBencode } from './bencode/encode.ts';
import type { BencodeNode } from './bencode/node.ts';
import { type BencodeDict, type BencodeValue, compareKeys } from './bencode/value.ts';
import { WireError } from './errors.ts';
import { WIRE_LIMITS } from './limits.ts';
import type { Profile } from './profile.ts';
import { encodeUtf8 } from './utf8.ts';

/** What a packet of the DHT is, by its key `z`. */
export type KrpcKind = 'query' | 'reply' | 'error';

/** A packet of the DHT; see {@link decodeKrpc}. */
export interface KrpcMessage {
  readonly kind: KrpcKind;
  /** Content of `t`; two bytes from deployed nodes. Empty where a deployed packet has none. */
  readonly transaction: Uint8Array;
  /** Content of `q` of a query; `undefined` where that is not UTF-8, and for replies and errors. */
  readonly query: string | undefined;
  /** The dictionary `x` of a query or `r` of a reply, the list `e` of an error. */
  readonly body: BencodeNode;
  /** All other top-level entries in wire order, `v` among them. Made when it is asked for. */
  readonly extra: BencodeDict;
  /** The whole packet. */
  readonly root: BencodeNode;
}

/** What {@link encodeKrpc} writes. */
export interface KrpcContent {
  readonly kind: KrpcKind;
  readonly transaction: Uint8Array;
  /** Must be there for a query and for nothing else. */
  readonly query?: string | undefined;
  readonly body: BencodeValue;
  /** Further top-level entries; none may have a key that the other fields stand for. */
  readonly extra?: BencodeDict | undefined;
}

/** Deployed nodes put this under `v` in every packet: "LT", 1, 0. */
export const KRPC_VERSION: readonly number[] = Object.freeze([0x4c, 0x54, 0x01, 0x00]);

const KINDS: Readonly<Record<number, KrpcKind>> = Object.freeze({ 113: 'query', 114: 'reply', 101: 'error' });
const LETTERS: Readonly<Record<KrpcKind, string>> = Object.freeze({ query: 'q', reply: 'r', error: 'e' });
const BODY_KEYS: Readonly<Record<KrpcKind, string>> = Object.freeze({ query: 'x', reply: 'r', error: 'e' });
const LOWER_E = 0x65;

/**
 * Reads a packet of the DHT (KRPC-1 … KRPC-6): bencode of at most 10 levels and 499 values with twister's keys: `z` kind, `t` transaction, `q` and
 * `x` name and arguments of a query, `r` reply, `e` error. Throws `WireError`: the codes of `decodeBencode` and `wrong-length` (under 21
 * bytes), `too-long` (over 10,000), `wrong-type` (no dictionary, or a body of the wrong kind), `missing-key`, `unknown-message`
 * (`z` is neither q, r nor e). The deployed profile reads only the first letter of `z`, takes a missing `t` for an empty one and
 * ignores what follows the dictionary as long as the packet ends in `e`. Not checked: what the body holds, see `parseKrpcQuery`.
 */
export function decodeKrpc(bytes: Uint8Array, profile: Profile = 'canonical'): KrpcMessage {
  const deployed = profile === 'deployed';
  if (bytes.length < WIRE_LIMITS.krpcLeastBytes) {
    throw new WireError('wrong-length', bytes.length, `a packet has at least ${WIRE_LIMITS.krpcLeastBytes} bytes`);
  }
  const root = readBencode(bytes, deployed, WIRE_LIMITS.krpcDepth, WIRE_LIMITS.krpcItems, WIRE_LIMITS.krpcMostBytes);
  if (root.kind !== 'dict') throw new WireError('wrong-type', 0, `a packet is a dictionary, not of kind ${root.kind}`);
  if (bytes[bytes.length - 1] !== LOWER_E) {
    throw new WireError('trailing-bytes', root.end, 'a packet ends with the end of a dictionary');
  }
  const kind = kindOf(root, deployed);
  const transaction = root.getBytes('t') ?? (deployed ? bytes.subarray(0, 0) : missing(root, 't'));
  const query = kind === 'query' ? (root.get('q') ?? missing(root, 'q')) : undefined;
  if (query !== undefined && query.kind !== 'bytes') throw wrongType(query, 'q', 'bytes');
  const key = BODY_KEYS[kind];
  const body = root.get(key) ?? missing(root, key);
  const wanted = kind === 'error' ? 'list' : 'dict';
  if (body.kind !== wanted) throw wrongType(body, key, wanted);
  return {
    kind,
    transaction,
    query: query?.text,
    body,
    root,
    get extra(): BencodeDict {
      return extraOf(root, kind);
    },
  };
}

/**
 * Writes a packet with its keys sorted (KRPC-7). Throws `TypeError` for a query without a name or a name without a query, a body of the
 * wrong kind, and an `extra` entry under a key of the envelope.
 */
export function encodeKrpc(content: KrpcContent): Uint8Array {
  const { kind, query, body } = content;
  if ((kind === 'query') !== (query !== undefined)) throw new TypeError('a query has a name, and nothing else has one');
  if (body instanceof Uint8Array || typeof body === 'bigint' || Array.isArray(body) !== (kind === 'error')) {
    throw new TypeError('the body of a query or reply is a dictionary, that of an error is a list');
  }
  const entries: (readonly [Uint8Array, BencodeValue])[] = [
    [encodeUtf8('z'), encodeUtf8(LETTERS[kind])],
    [encodeUtf8('t'), content.transaction],
    [encodeUtf8(BODY_KEYS[kind]), body],
  ];
  if (query !== undefined) entries.push([encodeUtf8('q'), encodeUtf8(query)]);
  const own = entries.map(([key]) => key);
  for (const entry of content.extra?.entries ?? []) {
    if (own.some((key) => compareKeys(key, entry[0]) === 0)) {
      throw new TypeError(`extra must not hold the key ${String.fromCharCode(...entry[0])}`);
    }
    entries.push(entry);
  }
  entries.sort(([left], [right]) => compareKeys(left, right));
  return encodeBencode({ entries });
}

function kindOf(root: BencodeNode, deployed: boolean): KrpcKind {
  const z = root.getBytes('z');
  if (z === undefined || z.length === 0) return missing(root, 'z');
  const kind = KINDS[z[0]!];
  if (kind === undefined || (!deployed && z.length > 1)) {
    throw new WireError('unknown-message', root.get('z')!.start, 'z is neither q, r nor e');
  }
  return kind;
}

function extraOf(root: BencodeNode, kind: KrpcKind): BencodeDict {
  const own = ['z', 't', BODY_KEYS[kind], ...(kind === 'query' ? ['q'] : [])].map(encodeUtf8);
  const others = root.entries().filter(([key]) => !own.some((name) => compareKeys(name, key) === 0));
  return { entries: others.map(([key, value]) => [key, value.toValue()] as const) };
}

function missing(root: BencodeNode, key: string): never {
  throw new WireError('missing-key', root.end, `the packet has no '${key}' key`);
}

function wrongType(node: BencodeNode, key: string, wanted: string): WireError {
  return new WireError('wrong-type', node.start, `'${key}' is of kind ${node.kind}, not ${wanted}`);
}

import {
  type BencodeDict,
  type BencodeInput,
  type BencodeNode,
  bencodeDict,
  decodeBencode,
  decodeKrpc,
  encodeKrpc,
  KRPC_VERSION,
  type KrpcMessage,
  WIRE_LIMITS,
  WireError,
} from '@rookery/wire';

const SERVER_ERROR = 203n;
const QUERY = 0x71;

/** What a datagram is to a node: a packet, a query that cannot be read but is answered (DHT-38), or nothing. */
export type Packet =
  | { readonly type: 'message'; readonly message: KrpcMessage }
  | { readonly type: 'faulty-query'; readonly transaction: Uint8Array; readonly krpcError: string }
  | { readonly type: 'none' };

type Fields = Readonly<Record<string, BencodeInput | undefined>>;

/**
 * Reads a datagram as deployed nodes read it (DHT-38), in either profile: what is inside of the values is judged later.
 * Never throws. A query without a name or without arguments gets the error text of deployed nodes.
 */
export function readPacket(datagram: Uint8Array): Packet {
  const message = attempt(() => decodeKrpc(datagram, 'deployed'));
  if (message !== undefined) return { type: 'message', message };
  const root = attempt(() => readRoot(datagram));
  if (root?.kind !== 'dict' || root.getBytes('z')?.[0] !== QUERY) return { type: 'none' };
  const transaction = root.getBytes('t') ?? new Uint8Array(0);
  if (root.getBytes('q') === undefined) return { type: 'faulty-query', transaction, krpcError: "missing 'q' key" };
  return { type: 'faulty-query', transaction, krpcError: "missing 'x' key" };
}

/** Writes a query: `args` beside the own id. */
export function queryPacket(transaction: Uint8Array, query: string, id: Uint8Array, args: Fields): Uint8Array {
  return encodeKrpc({ kind: 'query', transaction, query, body: bencodeDict({ ...args, id }), extra: extra() });
}

/** Writes a reply: `fields` beside the own id. */
export function replyPacket(transaction: Uint8Array, id: Uint8Array, fields: Fields = {}): Uint8Array {
  return encodeKrpc({ kind: 'reply', transaction, body: bencodeDict({ ...fields, id }), extra: extra() });
}

/** Writes an error as deployed nodes do: with the own id in `r`, if the query was read far enough to tell who asks (DHT-38). */
export function errorPacket(transaction: Uint8Array, text: string, id?: Uint8Array): Uint8Array {
  const { entries } = bencodeDict({ e: [SERVER_ERROR, text] });
  return encodeKrpc({ kind: 'error', transaction, body: entries[0]![1], extra: extra(id && { r: { id } }) });
}

let version: BencodeDict | undefined;

function extra(others?: Fields): BencodeDict {
  if (others !== undefined) return bencodeDict({ ...others, v: Uint8Array.from(KRPC_VERSION) });
  version ??= bencodeDict({ v: Uint8Array.from(KRPC_VERSION) });
  return version;
}

function readRoot(datagram: Uint8Array): BencodeNode | undefined {
  if (datagram.length < WIRE_LIMITS.krpcLeastBytes || datagram.length > WIRE_LIMITS.krpcMostBytes) return undefined;
  const { krpcDepth: maxDepth, krpcItems: maxItems } = WIRE_LIMITS;
  return decodeBencode(datagram, { profile: 'deployed', maxDepth, maxItems }).value;
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

import { sha1 } from '@noble/hashes/legacy.js';
import {
  type BencodeValue,
  bencodeDict,
  decodeBencode,
  decodeUtf8,
  type KrpcMessage,
  type KrpcQuery,
  parseKrpcQuery,
  WIRE_LIMITS,
} from '@rookery/wire';
import { Allowance } from './allowance.ts';
import type { DhtEffect } from './effects.ts';
import { type Endpoint, isLoopback } from './endpoint.ts';
import { parseIpAddress } from './ip-address.ts';
import { checkNeighbour } from './neighbour.ts';
import { addressGroup, fitsAddress, type NodeContext, valueContext } from './node-context.ts';
import { errorPacket, replyPacket } from './packets.ts';
import { checkPut } from './put.ts';
import type { RecentAddresses } from './recent-addresses.ts';
import { Tokens } from './tokens.ts';
import { TRACKER, type TrackerTable } from './tracker-table.ts';
import { isItemExpired, type PutOutcome, type Removed, type StoredItem, type ValueStore } from './value-store.ts';

/** What comes of a query. */
export interface Answer {
  /** The packet to send back. */
  readonly packet: Uint8Array;
  readonly effects: readonly DhtEffect[];
  /** A value that was stored. */
  readonly stored?: StoredItem | undefined;
  /** Whether the asker is to be asked at once: it got less than there is (DHT-40), or is a contact that did not answer the last time (DHT-34). */
  readonly challenge?: boolean;
  /** Whether the asker is a new contact that is to be asked whether it is there (DHT-34). */
  readonly heard?: boolean;
  /** The registered user near whose swarm's target the own id may be (DHT-46). */
  readonly neighbourOf?: string | undefined;
}

type Reply = Readonly<Record<string, Parameters<typeof bencodeDict>[0][string]>>;
type Query<Name extends KrpcQuery['name']> = Extract<KrpcQuery, { readonly name: Name }>;

/** Bytes of a reply that are neither nodes, values nor transaction id, at most. */
const FRAME_BYTES = 160;
/** Bytes of an entry of `data` beside its parts, at most. */
const ENTRY_BYTES = 48;
const IMPLIED_PORT = undefined;

/** Answers the queries of other nodes, as deployed nodes do (DHT-38 to DHT-43). */
export class Answers {
  readonly #context: NodeContext;
  readonly #store: ValueStore;
  readonly #tracker: TrackerTable;
  readonly #tokens: Tokens;
  readonly #proven: RecentAddresses;
  readonly #large: Allowance;

  /** Answers from what this node knows and holds; `proven` are the addresses that get large replies. */
  constructor(context: NodeContext, store: ValueStore, tracker: TrackerTable, proven: RecentAddresses) {
    const { limits, random } = context;
    this.#context = context;
    this.#store = store;
    this.#tracker = tracker;
    this.#tokens = new Tokens(random, limits);
    this.#proven = proven;
    this.#large = new Allowance(limits.unprovenBytesPerSecond, limits.burstSeconds);
  }

  /** Answers one query. Never throws, whatever is in it. */
  answer(message: KrpcMessage, from: Endpoint, now: number): Answer {
    const { transaction } = message;
    const own = this.#context.id;
    const id = message.body.getBytes('id');
    const parsed = parseKrpcQuery(message);
    if (id === undefined || id.length !== own.length) {
      return error(errorPacket(transaction, parsed.ok ? '' : parsed.detail));
    }
    if (!fitsAddress(this.#context, id, from.ip)) {
      return { packet: replyPacket(transaction, own, { ip: parseIpAddress(from.ip) }), effects: [] };
    }
    const heard = this.#context.table.heard(id, from);
    const isDoubtful = this.#context.table.isDoubtful(id, from);
    if (!parsed.ok) return { ...error(errorPacket(transaction, parsed.detail, own)), heard, challenge: isDoubtful };
    const answer = this.#answer(transaction, parsed.query, from, now);
    return { ...answer, heard, challenge: isDoubtful || answer.challenge === true };
  }

  #answer(transaction: Uint8Array, query: KrpcQuery, from: Endpoint, now: number): Answer {
    switch (query.name) {
      case 'ping':
        return this.#reply(transaction);
      case 'findNode':
        return this.#reply(transaction, { nodes: this.#nodes(query.target) });
      case 'getData':
        return this.#getData(transaction, query, from, now);
      case 'putData':
        return this.#putData(transaction, query, from, now);
      case 'announcePeer':
        return this.#announcePeer(transaction, query, from, now);
    }
  }

  #getData(transaction: Uint8Array, { target, justToken }: Query<'getData'>, from: Endpoint, now: number): Answer {
    const { random } = this.#context;
    const hash = sha1(target.raw);
    const token = this.#tokens.give(from.ip, hash, now);
    const nodes = this.#nodes(hash);
    if (decodeUtf8(target.r) === TRACKER) {
      const swarm = this.#tracker.get(hash, now, random);
      const values = (swarm?.peers ?? []).map(compactEndpoint);
      const n = swarm && swarm.name.length > 0 ? swarm.name : undefined;
      const reply = this.#reply(transaction, { followers: swarm?.followers, n, nodes, token, values });
      return { ...reply, neighbourOf: this.#neighbourOf(target.n, hash) };
    }
    const items = this.#store.get(hash).filter((item) => this.#isServed(item));
    if (items.length === 0) return this.#reply(transaction, { nodes, token });
    if (justToken) return this.#reply(transaction, { data: [], nodes, token });
    const { served, challenge } = this.#cut(items, nodes.length + transaction.length, from, now);
    return { ...this.#reply(transaction, { data: served.map(entryOf), nodes, token }), challenge };
  }

  #putData(transaction: Uint8Array, query: Query<'putData'>, from: Endpoint, now: number): Answer {
    const { context, own } = { context: this.#context, own: this.#context.id };
    const signed = { p: query.p.raw, sigP: query.sigP, sigUser: decodeUtf8(query.sigUser) ?? '' };
    const verdict = checkPut(signed, {
      ...valueContext(context, now),
      checkToken: (target) => this.#tokens.accepts(query.token, from.ip, target, now),
    });
    if (!verdict.ok) {
      const target = query.p.getDict('target');
      const effects: DhtEffect[] =
        target === undefined ? [] : [{ type: 'dropped', target: sha1(target.raw), code: verdict.code }];
      return { packet: errorPacket(transaction, verdict.krpcError ?? verdict.detail, own), effects };
    }
    this.#prove(query.id, from, now);
    const { target, value } = verdict;
    const nearest = context.table.closest(target, context.limits.neighbours);
    const ids = nearest.map(({ id }) => id);
    const neighbour = checkNeighbour(own, target, ids);
    const reply = this.#reply(transaction);
    if (!neighbour.ok) return { ...reply, effects: [{ type: 'dropped', target, code: neighbour.code }] };
    const outcome = this.#store.put(value, signed, target);
    return { ...reply, stored: outcome.stored, effects: effectsOf(outcome, target) };
  }

  #announcePeer(transaction: Uint8Array, query: Query<'announcePeer'>, from: Endpoint, now: number): Answer {
    if (!this.#tokens.accepts(query.token, from.ip, query.infoHash, now)) {
      return error(errorPacket(transaction, 'invalid token', this.#context.id));
    }
    this.#prove(query.id, from, now);
    const port = query.port === IMPLIED_PORT ? from.port : query.port;
    this.#tracker.add(query.infoHash, { ip: from.ip, port }, query.n, now);
    return this.#reply(transaction);
  }

  /** A token that came back shows that the address is real. */
  #prove(id: Uint8Array, from: Endpoint, now: number): void {
    this.#proven.add(addressGroup(this.#context, from), now);
    this.#context.table.seen(id, from);
  }

  /** Deployed nodes go on serving what has expired; the strict rule holds in the canonical profile (DHT-42). */
  #isServed(item: StoredItem): boolean {
    return this.#context.profile === 'deployed' || !isItemExpired(item, this.#context.tip);
  }

  /** As many values as may go to this address, the newest first (DHT-40). */
  #cut(
    items: readonly StoredItem[],
    otherBytes: number,
    from: Endpoint,
    now: number,
  ): { readonly served: readonly StoredItem[]; readonly challenge: boolean } {
    const { replyBytes, unprovenReplyBytes } = this.#context.limits;
    const base = FRAME_BYTES + otherBytes;
    const most = takeWhileFits(items, replyBytes - base);
    const proven = isLoopback(from.ip) || this.#proven.has(addressGroup(this.#context, from), now);
    if (proven) return { served: most, challenge: false };
    const few = takeWhileFits(items, unprovenReplyBytes - base);
    if (few.length === most.length) return { served: few, challenge: false };
    if (few.length > 0) return { served: few, challenge: true };
    const one = most.slice(0, 1);
    const allowed = one.length === 1 && this.#large.take(base + sizeOf(one[0]!), now);
    return { served: allowed ? one : [], challenge: true };
  }

  #neighbourOf(name: Uint8Array, target: Uint8Array): string | undefined {
    const { id, table, users, tip, limits } = this.#context;
    const user = decodeUtf8(name);
    if (user === undefined || users.keyAt(user, tip) === undefined) return undefined;
    const nearest = table.closest(target, limits.bucket).map((contact) => contact.id);
    return checkNeighbour(id, target, nearest).ok ? user : undefined;
  }

  #nodes(target: Uint8Array): Uint8Array {
    const { table, limits } = this.#context;
    const contacts = table.closest(target, limits.bucket);
    const nodes = new Uint8Array(contacts.length * WIRE_LIMITS.compactNodeBytes);
    for (const [index, { compact }] of contacts.entries()) nodes.set(compact, index * WIRE_LIMITS.compactNodeBytes);
    return nodes;
  }

  #reply(transaction: Uint8Array, fields: Reply = {}): Answer {
    return { packet: replyPacket(transaction, this.#context.id, fields), effects: [] };
  }
}

/** What the application hears of a value that was put. */
export function effectsOf({ stored, code, removed }: PutOutcome, target: Uint8Array): DhtEffect[] {
  const effects: DhtEffect[] = removed.map(droppedEffect);
  if (stored !== undefined) effects.push({ type: 'stored', target, entry: stored.value });
  else if (code !== undefined) effects.push({ type: 'dropped', target, code });
  return effects;
}

/** What the application hears of a held value that is given up. */
export function droppedEffect({ item: { target, value }, code }: Removed): DhtEffect {
  return { type: 'dropped', target, code, entry: value };
}

function error(packet: Uint8Array): Answer {
  return { packet, effects: [] };
}

function entryOf({ value: { p, sigP, sigUser } }: StoredItem): BencodeValue {
  const decoded = decodeBencode(p, { profile: 'deployed' }).value.toValue();
  return bencodeDict({ p: decoded, sig_p: sigP, sig_user: sigUser });
}

function takeWhileFits(items: readonly StoredItem[], bytes: number): readonly StoredItem[] {
  let left = bytes;
  for (const [index, item] of items.entries()) {
    left -= sizeOf(item);
    if (left < 0) return items.slice(0, index);
  }
  return items;
}

function sizeOf({ value: { p, sigP, sigUser } }: StoredItem): number {
  return ENTRY_BYTES + p.length + sigP.length + sigUser.length;
}

/** An address and a port as tracker replies have them: 6 bytes, or 18 for IPv6. */
function compactEndpoint({ ip, port }: Endpoint): Uint8Array {
  return Uint8Array.from([...(parseIpAddress(ip) ?? []), port >> 8, port & 0xff]);
}

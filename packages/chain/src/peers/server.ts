import { bytesToHex } from '@noble/hashes/utils.js';
import {
  decodeBlock,
  decodeFilterLoad,
  encodeHeaders,
  encodeInventory,
  encodeTransaction,
  INVENTORY_TYPE,
  type InventoryItem,
  type LocatorRequest,
} from '@rookery/wire';
import { blocksAfter, filterBlock, headersAfter } from './answers.ts';
import { BloomFilter } from './bloom-filter.ts';
import { type Fault, inventoryKey, type PeerContext } from './context.ts';
import { announce, type Relay } from './relay.ts';
import type { PeerSession } from './session.ts';

/** What peers want of this node: blocks, headers, transactions, filtered blocks (CHAIN-77 to CHAIN-80). */
export class Server {
  readonly #context: PeerContext;
  readonly #relay: Relay;

  constructor(context: PeerContext, relay: Relay) {
    this.#context = context;
    this.#relay = relay;
  }

  /**
   * `getblocks`: the ids of what follows, those left out that the peer has been told of. Where that leaves nothing of a whole batch,
   * the last is told again: deployed nodes on a longer branch of their own ask on from there, and would else stand still.
   */
  tellBlocks(session: PeerSession, { locator, stop }: LocatorRequest): void {
    const { chain, limits, send } = this.#context;
    const items = blocksAfter(chain, locator, stop, limits).map((hash) => ({ type: INVENTORY_TYPE.block, hash }));
    const last = items[limits.blocksTold - 1];
    const isNews = items.some(({ type, hash }) => !session.known.has(inventoryKey(type, hash)));
    if (last !== undefined && !isNews) send(session, 'inv', encodeInventory([last]));
    for (const item of items) announce(session, item);
    if (last !== undefined) session.continueAt = bytesToHex(last.hash);
  }

  /** `getheaders`. */
  tellHeaders(session: PeerSession, { locator, stop }: LocatorRequest): void {
    const { chain, limits, send } = this.#context;
    const headers = headersAfter(chain, locator, stop, limits);
    if (headers !== undefined) send(session, 'headers', encodeHeaders(headers));
  }

  /** `mempool`: what waits for a block, as far as it passes the peer's filter. */
  tellPool(session: PeerSession): void {
    const { chain, limits, send } = this.#context;
    const ids = chain.pool().filter((id) => session.filter?.contains(id) !== false);
    const items = ids.slice(0, limits.inventory).map((hash) => ({ type: INVENTORY_TYPE.transaction, hash }));
    if (items.length > 0) send(session, 'inv', encodeInventory(items));
  }

  /** `getdata`. */
  request(session: PeerSession, items: readonly InventoryItem[]): Fault | undefined {
    const { limits } = this.#context;
    if (items.length > limits.inventory) return { code: 'oversized-inventory', penalty: limits.penaltyList };
    const room = Math.max(0, limits.requests - session.requests.length);
    for (const { hash, type } of items.slice(0, room)) session.requests.push({ type, hash: hash.slice() });
    this.serve(session);
    return undefined;
  }

  /** Answers what a peer has asked for, until it has to wait for its turn or the application for a block. */
  serve(session: PeerSession): void {
    const { chain, isPaused, send, tell } = this.#context;
    const notFound: InventoryItem[] = [];
    let served = 0;
    for (; served < session.requests.length && session.awaited === undefined && !isPaused(session); served += 1) {
      const item = session.requests[served]!;
      const { hash, type } = item;
      if (type === INVENTORY_TYPE.transaction && !this.#serveTransaction(session, hash)) notFound.push(item);
      const isBlock = type === INVENTORY_TYPE.block || type === INVENTORY_TYPE.filteredBlock;
      if (!isBlock || chain.header(hash) === undefined) continue;
      const bytes = chain.blockBytes(hash);
      if (bytes === undefined) {
        session.awaited = bytesToHex(hash);
        tell({ type: 'need-block', peer: session.peer, id: hash });
        break;
      }
      this.#serveBlock(session, item, bytes);
    }
    if (served > 0) session.requests = session.requests.slice(served);
    if (notFound.length > 0) send(session, 'notfound', encodeInventory(notFound));
  }

  /** The application has brought a block that was asked for, or has not got it either. */
  deliver(session: PeerSession, id: Uint8Array, bytes: Uint8Array | undefined): void {
    if (session.awaited !== bytesToHex(id)) return;
    session.awaited = undefined;
    const item = session.requests.shift();
    if (item !== undefined && bytes !== undefined) this.#serveBlock(session, item, bytes);
  }

  /** `filterload`. An empty filter is left, since nothing can be looked up in it (W11). */
  loadFilter(session: PeerSession, payload: Uint8Array): Fault | undefined {
    const { filterBytes, filterHashFuncs, penaltyFilter } = this.#context.limits;
    const filter = decodeFilterLoad(payload).value;
    if (filter.data.length > filterBytes || filter.hashFuncs > filterHashFuncs)
      return { code: 'oversized-filter', penalty: penaltyFilter };
    if (filter.data.length > 0) session.filter = new BloomFilter(filter);
    session.relay = true;
    return undefined;
  }

  /** `filteradd`. */
  addToFilter(session: PeerSession, element: Uint8Array): Fault | undefined {
    const { filterElementBytes, penaltyFilter } = this.#context.limits;
    if (element.length > filterElementBytes) return { code: 'oversized-filter', penalty: penaltyFilter };
    if (session.filter === undefined) return { code: 'missing-filter', penalty: penaltyFilter };
    session.filter.add(element);
    return undefined;
  }

  #serveTransaction(session: PeerSession, id: Uint8Array): boolean {
    const bytes = this.#relay.relayed(id) ?? this.#context.chain.pooled(id);
    if (bytes !== undefined) this.#context.send(session, 'tx', bytes);
    return bytes !== undefined;
  }

  #serveBlock(session: PeerSession, { type, hash }: InventoryItem, bytes: Uint8Array): void {
    const { chain, send } = this.#context;
    if (type === INVENTORY_TYPE.block) send(session, 'block', bytes);
    else if (session.filter !== undefined) this.#serveFiltered(session, session.filter, bytes);
    if (session.continueAt !== bytesToHex(hash)) return;
    session.continueAt = undefined;
    send(session, 'inv', encodeInventory([{ type: INVENTORY_TYPE.block, hash: chain.tip.id }]));
  }

  #serveFiltered(session: PeerSession, filter: BloomFilter, bytes: Uint8Array): void {
    const { send } = this.#context;
    const block = decodeBlock(bytes).value;
    const { ids, matched, payload } = filterBlock(block, filter);
    send(session, 'merkleblock', payload);
    for (const index of matched)
      if (!session.known.has(inventoryKey(INVENTORY_TYPE.transaction, ids[index]!)))
        send(session, 'tx', encodeTransaction(block.transactions[index]!));
  }
}

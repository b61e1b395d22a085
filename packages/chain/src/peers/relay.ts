import { encodeAddr, encodeInventory, INVENTORY_TYPE, type InventoryItem } from '@rookery/wire';
import { inventoryKey, type PeerContext } from './context.ts';
import { RecentMap } from './recent-map.ts';
import type { PeerSession } from './session.ts';

const AT_ONCE_ONE_IN = 4;

/** What this node tells its peers of: new blocks, transactions, and in a peer's turn addresses (CHAIN-76, CHAIN-82). */
export class Relay {
  readonly #context: PeerContext;
  readonly #relayed: RecentMap<{ readonly bytes: Uint8Array; readonly untilMs: number }>;
  #turnAt = Number.POSITIVE_INFINITY;

  constructor(context: PeerContext) {
    this.#context = context;
    this.#relayed = new RecentMap(context.limits.relayed);
  }

  /** Transactions that are kept to be served. */
  get size(): number {
    return this.#relayed.size;
  }

  /** When {@link Relay.takeTurn} is due, in milliseconds since the Unix epoch. */
  get deadline(): number {
    return this.#turnAt;
  }

  /** A transaction that was passed on of late. */
  relayed(id: Uint8Array): Uint8Array | undefined {
    const relayed = this.#relayed.get(inventoryKey(INVENTORY_TYPE.transaction, id));
    return relayed !== undefined && relayed.untilMs > this.#context.now ? relayed.bytes : undefined;
  }

  /** Tells peers of a block of the active chain, unless they are far ahead of it. */
  announceBlock(id: Uint8Array): void {
    const { chain, limits, sessions } = this.#context;
    const height = chain.heightOf(id);
    if (height === undefined) return;
    const item = { type: INVENTORY_TYPE.block, hash: id };
    for (const session of sessions.values())
      if (height > session.startHeight - limits.announceDepth) announce(session, item);
  }

  /** Tells peers of a transaction: of one in four at once, of the others peer by peer, so that its origin is hard to see. */
  announceTransaction(id: Uint8Array, bytes: Uint8Array): void {
    const { digest, limits, now, sessions } = this.#context;
    const item = { type: INVENTORY_TYPE.transaction, hash: id };
    const key = inventoryKey(item.type, id);
    this.#relayed.set(key, { bytes, untilMs: now + limits.relayMs });
    const atOnce = Number.parseInt(digest(key).slice(0, 2), 16) % AT_ONCE_ONE_IN === 0;
    for (const session of sessions.values()) {
      const isWanted = session.version !== undefined && session.relay && session.filter?.contains(id) !== false;
      if (!isWanted || session.known.has(key)) continue;
      if (atOnce) announce(session, item);
      else if (session.trickle.size < limits.trickled) session.trickle.set(key, item);
    }
  }

  /** Makes sure that the turns of peers come as long as something waits for one. */
  startTurns(): void {
    const { limits, now, sessions } = this.#context;
    if (this.#turnAt !== Number.POSITIVE_INFINITY) return;
    for (const { addresses, trickle } of sessions.values())
      if (addresses.size + trickle.size > 0) this.#turnAt = now + limits.trickleMs;
  }

  /** If it is time, tells one peer, drawn by chance, what waits for it. */
  takeTurn(): void {
    const { now, random, send, sessions } = this.#context;
    if (now < this.#turnAt) return;
    this.#turnAt = Number.POSITIVE_INFINITY;
    const ready = [...sessions.values()].filter(({ version }) => version !== undefined);
    const drawn = random(4).reduce((sum, byte) => sum * 256 + byte, 0);
    const session = ready[drawn % Math.max(1, ready.length)];
    if (session !== undefined) {
      const addresses = [...session.addresses].filter(([key]) => session.knownAddresses.add(key));
      session.addresses.clear();
      if (addresses.length > 0) send(session, 'addr', encodeAddr(addresses.map(([, address]) => address)));
      for (const item of session.trickle.values()) announce(session, item);
      session.trickle.clear();
    }
  }

  /** Tells a peer of what has come together and it does not know. */
  flush(session: PeerSession): void {
    if (session.announcements.size === 0) return;
    const { limits, send } = this.#context;
    const items = [...session.announcements].filter(([key]) => session.known.add(key)).map(([, item]) => item);
    session.announcements.clear();
    for (let at = 0; at < items.length; at += limits.inventorySent)
      send(session, 'inv', encodeInventory(items.slice(at, at + limits.inventorySent)));
  }
}

/** Notes that a peer is to be told of a thing. */
export function announce(session: PeerSession, item: InventoryItem): void {
  const key = inventoryKey(item.type, item.hash);
  if (session.version !== undefined && !session.known.has(key)) session.announcements.set(key, item);
}

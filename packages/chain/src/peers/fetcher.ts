import { bytesToHex } from '@noble/hashes/utils.js';
import { encodeInventory, encodeLocator, INVENTORY_TYPE, type InventoryItem } from '@rookery/wire';
import { type Fault, inventoryKey, type PeerContext } from './context.ts';
import { RecentMap } from './recent-map.ts';
import type { Ask, PeerSession } from './session.ts';

const NO_HASH: Uint8Array = /* @__PURE__ */ new Uint8Array(32);
const HAS_BLOCKS = 1n;

/** What was asked for. */
interface Asked {
  /** When it is to be asked for at the latest so far, in milliseconds since the Unix epoch. */
  readonly due: number;
  /** Of whom it was asked last. */
  readonly peer: string;
  /** Whether it was asked for because a block waits for it, and no peer told of it. */
  readonly isMissing: boolean;
}

/** What this node wants of its peers: blocks and transactions that they have told of, and the blocks that follow its tip (CHAIN-75, CHAIN-76). */
export class Fetcher {
  readonly #context: PeerContext;
  readonly #asked: RecentMap<Asked>;
  #syncPeer: PeerSession | undefined;
  #progressAt = 0;
  #isSynced = false;

  constructor(context: PeerContext) {
    this.#context = context;
    this.#asked = new RecentMap(context.limits.asked);
  }

  /** Inventories that were asked for of late. */
  get size(): number {
    return this.#asked.size;
  }

  /** A peer tells what it has. */
  receiveInventory(session: PeerSession, items: readonly InventoryItem[]): Fault | undefined {
    const { chain, limits } = this.#context;
    if (items.length > limits.inventory) return { code: 'oversized-inventory', penalty: limits.penaltyList };
    const lastBlock = items.map(({ type }) => type).lastIndexOf(INVENTORY_TYPE.block);
    const orphans = new Map<string, Uint8Array>();
    for (const [at, { type, hash }] of items.entries()) {
      const key = inventoryKey(type, hash);
      session.known.add(key);
      if (!this.#has(type, hash)) this.#askFor(session, { type, hash: hash.slice() });
      else if (type !== INVENTORY_TYPE.block) continue;
      else if (chain.header(hash) === undefined) orphans.set(key, hash);
      else if (at === lastBlock) this.#sendGetBlocks(session, hash, NO_HASH);
    }
    for (const hash of orphans.values()) this.askForMissing(session, hash, false);
    return undefined;
  }

  /** A peer has not got what it was asked for. */
  receiveNotFound(session: PeerSession, items: readonly InventoryItem[]): void {
    for (const { type, hash } of items.slice(0, this.#context.limits.inventorySent)) {
      const key = inventoryKey(type, hash);
      if (this.#asked.get(key)?.peer === session.peer) this.#release(key);
    }
  }

  /**
   * Something has come; true where it was asked for because a block waits for it. A block that is known now keeps no place among the
   * things that other peers are to be asked for; a transaction does, as in deployed nodes, which ask for it again when it has
   * left the pool by then.
   */
  settle(type: number, hash: Uint8Array): boolean {
    const key = inventoryKey(type, hash);
    const wasMissing = this.#asked.get(key)?.isMissing === true;
    this.#asked.delete(key);
    if (type === INVENTORY_TYPE.block && this.#has(type, hash))
      for (const { asks } of this.#context.sessions.values()) asks.delete(key);
    return wasMissing;
  }

  /** A new block has come. */
  noteProgress(): void {
    this.#progressAt = this.#context.now;
  }

  /**
   * Asks a peer for what lies before a block that waits. A peer tells of a block but once, so the block that is missing is asked for
   * by itself if two minutes have not brought it; `isNext` says that so was the one that waits: if nothing else comes, there is no wait.
   */
  askForMissing(session: PeerSession, orphan: Uint8Array, isNext: boolean): void {
    const { chain, limits, now } = this.#context;
    const root = chain.orphanRoot(orphan);
    const hash = chain.missingBefore(orphan)?.slice();
    if (root === undefined || hash === undefined) return;
    this.#sendGetBlocks(session, this.#startFor(session), root);
    const isStill = now >= this.#progressAt + limits.syncStallMs;
    const due = isNext && isStill ? now : now + limits.reaskMs;
    this.#noteAsk(session, { item: { type: INVENTORY_TYPE.block, hash }, due, isMissing: true });
  }

  /** A session is over: what its peer was asked for is asked of others. */
  forget(session: PeerSession): void {
    if (this.#syncPeer === session) this.#syncPeer = undefined;
    for (const [key, { peer }] of [...this.#asked.entries()]) if (peer === session.peer) this.#release(key);
  }

  /** When {@link Fetcher.checkProgress} is due, in milliseconds since the Unix epoch. */
  get deadline(): number {
    return this.#isSyncing() ? this.#progressAt + this.#context.limits.syncStallMs : Number.POSITIVE_INFINITY;
  }

  /** A peer that has not given a new block for a minute is believed to have no more. */
  checkProgress(): void {
    const session = this.#syncPeer;
    if (session === undefined || this.#context.now < this.deadline) return;
    session.startHeight = this.#context.chain.tip.height;
    session.lastGetBlocks = undefined;
    this.forget(session);
  }

  /** One peer at a time is asked for the blocks that follow; another takes its place when it has no more or is gone. */
  chooseSyncPeer(): void {
    const { chain, now, tell } = this.#context;
    const best = this.#isSyncing() ? undefined : this.#bestPeer();
    if (best !== undefined) {
      this.#syncPeer = best;
      this.#progressAt = now;
      this.#sendGetBlocks(best, this.#startFor(best), NO_HASH);
    }
    if (this.#syncPeer === undefined) return;
    const isSynced = !this.#isSyncing();
    if (isSynced && !this.#isSynced) tell({ type: 'synced', height: chain.tip.height });
    this.#isSynced = isSynced;
  }

  /** Asks a peer for what is due. */
  flush(session: PeerSession): void {
    const { limits, now, send } = this.#context;
    if (session.asksDueAt > now) return;
    session.asksDueAt = Number.POSITIVE_INFINITY;
    const due: InventoryItem[] = [];
    for (const [key, { due: dueAt, isMissing, item }] of session.asks) {
      if (dueAt > now) {
        session.asksDueAt = Math.min(session.asksDueAt, dueAt);
        continue;
      }
      session.asks.delete(key);
      if (this.#has(item.type, item.hash)) continue;
      due.push(item);
      this.#asked.set(key, { due: this.#asked.get(key)?.due ?? now, peer: session.peer, isMissing });
    }
    for (let at = 0; at < due.length; at += limits.inventorySent)
      send(session, 'getdata', encodeInventory(due.slice(at, at + limits.inventorySent)));
  }

  /** What is of an unknown type counts as known. */
  #has(type: number, hash: Uint8Array): boolean {
    const { chain } = this.#context;
    if (type === INVENTORY_TYPE.transaction) return chain.pooled(hash) !== undefined;
    return type !== INVENTORY_TYPE.block || chain.knowsBlock(hash);
  }

  /** Notes what the peer is to be asked for: at once, or two minutes after somebody was. */
  #askFor(session: PeerSession, item: InventoryItem): void {
    const { limits, now } = this.#context;
    const key = inventoryKey(item.type, item.hash);
    const before = this.#asked.get(key);
    const due = before === undefined ? now : Math.max(before.due + limits.reaskMs, now);
    if (this.#noteAsk(session, { item, due, isMissing: false }))
      this.#asked.set(key, { due, peer: before?.peer ?? session.peer, isMissing: false });
  }

  /** Notes when a peer is to be asked for a thing; false where it is to be by then already, or where there is no place. */
  #noteAsk(session: PeerSession, ask: Ask): boolean {
    const key = inventoryKey(ask.item.type, ask.item.hash);
    const noted = session.asks.get(key);
    const isLate = noted === undefined ? session.asks.size >= this.#context.limits.asks : noted.due <= ask.due;
    if (isLate) return false;
    session.asks.set(key, ask);
    session.asksDueAt = Math.min(session.asksDueAt, ask.due);
    return true;
  }

  /** Lets the next peer that has told of a thing be asked for it at once. */
  #release(key: string): void {
    const { now, sessions } = this.#context;
    this.#asked.delete(key);
    for (const session of sessions.values()) {
      const ask = session.asks.get(key);
      if (ask === undefined) continue;
      session.asks.set(key, { ...ask, due: now });
      session.asksDueAt = now;
      this.#asked.set(key, { due: now, peer: session.peer, isMissing: ask.isMissing });
      return;
    }
  }

  /**
   * Where a peer is to go on from: its last block, if that lies beside the active chain, for of what comes before it the peer
   * tells no more; or else the tip.
   */
  #startFor({ lastBlock }: PeerSession): Uint8Array {
    const { chain } = this.#context;
    const isBeside =
      lastBlock !== undefined && chain.header(lastBlock) !== undefined && chain.heightOf(lastBlock) === undefined;
    return isBeside ? lastBlock : chain.tip.id;
  }

  /** The same request is not sent twice in a row. */
  #sendGetBlocks(session: PeerSession, from: Uint8Array, stop: Uint8Array): void {
    const { chain, limits, send } = this.#context;
    const key = `${bytesToHex(from)} ${bytesToHex(stop)}`;
    if (session.lastGetBlocks === key) return;
    session.lastGetBlocks = key;
    send(session, 'getblocks', encodeLocator({ version: limits.protocolVersion, locator: chain.locator(from), stop }));
  }

  #isSyncing(): boolean {
    return this.#syncPeer !== undefined && this.#syncPeer.startHeight > this.#context.chain.tip.height;
  }

  /** The peer to ask: the first may lie behind a little, so that branches are compared; a later one must have more. */
  #bestPeer(): PeerSession | undefined {
    const { chain, limits, sessions } = this.#context;
    const { height } = chain.tip;
    let floor = this.#syncPeer === undefined ? height - limits.syncDepth : height;
    let best: PeerSession | undefined;
    for (const session of sessions.values()) {
      const { startHeight, version } = session;
      if (version === undefined || (version.services & HAS_BLOCKS) === 0n || startHeight <= floor) continue;
      best = session;
      floor = startHeight;
    }
    return best;
  }
}

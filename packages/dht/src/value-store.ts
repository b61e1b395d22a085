import { bytesToHex } from '@noble/hashes/utils.js';
import type { Profile } from '@rookery/wire';
import { equalBytes } from './bytes.ts';
import type { DhtCode, DhtDropCode } from './codes.ts';
import { isExpired } from './expiry.ts';
import { copyOf } from './found-values.ts';
import type { DhtLimits } from './limits.ts';
import { compareDistance } from './neighbour.ts';
import { PostCounts } from './post-counts.ts';
import { resourceText } from './resource.ts';
import { applyStore, type StoreEntry, storeEntry } from './store.ts';
import { type DhtValue, decodeP, parseValue, type SignedValue } from './value.ts';

/** A value as a node keeps it, and as an application writes it to disk. */
export interface HeldValue extends SignedValue {
  /** When the own node wrote it, ms; undefined for values of others. */
  readonly localSince?: number | undefined;
}

/**
 * Where held values survive the process: a port, synchronous, that may write later. `load` is asked once, at the start, for what
 * `save` was told; an empty list means that nothing is held for this target any more. It is trusted: signatures of what it loads are not
 * checked again.
 */
export interface DhtStore {
  load(): Iterable<readonly [target: Uint8Array, values: readonly HeldValue[]]>;
  save(target: Uint8Array, values: readonly HeldValue[]): void;
}

/** A held value with what the rules of storing and refreshing look at. */
export interface StoredItem {
  readonly target: Uint8Array;
  readonly value: HeldValue;
  readonly n: Uint8Array;
  readonly r: Uint8Array;
  readonly resource: string;
  readonly multi: boolean;
  readonly entry: StoreEntry;
  /** Bytes that count against the bound. */
  readonly bytes: number;
  /** Whether it need not be read back (any more). */
  confirmed: boolean;
  /** When it is put again, ms; undefined until time is told. */
  refreshAt: number | undefined;
}

/** What became of a value that was put (DHT-21 to DHT-23, DHT-42). */
export interface PutOutcome {
  /** The value, if it is held now. */
  readonly stored: StoredItem | undefined;
  /** Why it is not. */
  readonly code: DhtDropCode | undefined;
  /** What is no longer held. */
  readonly removed: readonly Removed[];
}

/** A value that is given up, and why. */
export interface Removed {
  readonly item: StoredItem;
  readonly code: DhtCode | DhtDropCode;
}

/** Bytes that a value costs beside `p`. */
const OVERHEAD_BYTES = 256;

/**
 * The values that a node holds, by target (DHT-42).
 * At most `storedValues` values of `storedBytes` bytes. Beyond that the writer whose values take the most room loses the one whose
 * target is farthest from the own id; own values stay. Where own values alone fill it, nothing more is taken.
 */
export class ValueStore {
  readonly #own: () => Uint8Array;
  readonly #limits: DhtLimits;
  readonly #profile: Profile;
  readonly #port: DhtStore | undefined;
  readonly #isSigned: (value: SignedValue) => boolean;
  readonly #targets = new Map<string, readonly StoredItem[]>();
  readonly #writers = new Map<string, { readonly items: Set<StoredItem>; bytes: number }>();
  readonly #posts = new PostCounts();
  #values = 0;
  #bytes = 0;

  /** Loads what the port has; `own` tells the own id, `isSigned` whether the current key of its signer has signed a value. */
  constructor(
    own: () => Uint8Array,
    limits: DhtLimits,
    profile: Profile,
    port: DhtStore | undefined,
    isSigned: (value: SignedValue) => boolean = () => true,
  ) {
    this.#isSigned = isSigned;
    this.#own = own;
    this.#limits = limits;
    this.#profile = profile;
    this.#port = port;
    for (const [target, values] of port?.load() ?? []) this.#load(target, values);
  }

  /** How many values are held. */
  get size(): number {
    return this.#values;
  }

  /** How many bytes they count. */
  get bytes(): number {
    return this.#bytes;
  }

  /** What is held for a target: one single value, or multi values in their order. */
  get(target: Uint8Array): readonly StoredItem[] {
    return this.#targets.get(bytesToHex(target)) ?? [];
  }

  /** All held values. */
  *items(): Generator<StoredItem, void, undefined> {
    for (const items of this.#targets.values()) yield* items;
  }

  /** How many posts of a user are held and what the greatest number was. */
  postsOf(n: Uint8Array): { readonly known: number; readonly newest: number } {
    return this.#posts.of(n);
  }

  /** Stores a value that has passed the rules of puts; `localSince` marks an own one. */
  put(value: DhtValue, signed: SignedValue, target: Uint8Array, localSince?: number): PutOutcome {
    const held = this.get(target);
    const item = itemOf(value, { ...copyOf(signed), ...(localSince !== undefined && { localSince }) }, target);
    const kept = this.#keptWith(held, item);
    if (kept === undefined) return { stored: undefined, code: 'not-newer', removed: [] };
    const gone = held.filter((other) => !kept.includes(other));
    const removed: Removed[] = gone.map((other) => ({ item: other, code: 'superseded' }));
    for (const other of gone) this.#uncount(other);
    this.#count(item);
    this.#set(target, kept);
    const evicted = this.#evict(item);
    removed.push(
      ...evicted.filter((other) => other !== item).map((other) => ({ item: other, code: 'store-full' }) as const),
    );
    if (evicted.includes(item)) return { stored: undefined, code: 'store-full', removed };
    return { stored: item, code: undefined, removed };
  }

  /** Gives a value up. */
  remove(item: StoredItem): void {
    this.#uncount(item);
    this.#set(
      item.target,
      this.get(item.target).filter((other) => other !== item),
    );
  }

  /** Gives up all that has expired at this tip and returns it (DHT-29, DHT-42). */
  removeExpired(tip: number): StoredItem[] {
    const expired = [...this.items()].filter((item) => isItemExpired(item, tip));
    for (const item of expired) this.remove(item);
    return expired;
  }

  #load(target: Uint8Array, values: readonly HeldValue[]): void {
    const items: StoredItem[] = [];
    for (const value of values) {
      const decoded = decodeP(value.p, 'put', 'deployed');
      const parsed = decoded.ok ? parseValue(decoded.root) : decoded;
      if (parsed.ok) items.push(itemOf(parsed.value, value, target));
    }
    for (const item of items) this.#count(item);
    this.#targets.set(bytesToHex(target), items);
  }

  /** What a target holds with one more value; undefined where that is ignored. */
  #keptWith(held: readonly StoredItem[], item: StoredItem): readonly StoredItem[] | undefined {
    const entries = held.map(({ entry }) => entry);
    const { outcome, list } = applyStore(entries, item.entry, { multi: item.multi, profile: this.#profile });
    if (outcome === 'stored') return list.map((position) => held[position] ?? item);
    return this.#isOutdated(held, item) ? this.#keptWith([], item) : undefined;
  }

  /** Whether what is held counts for nothing beside a value of the same signer, whose key is another one now (DHT-21). */
  #isOutdated([known]: readonly StoredItem[], { value }: StoredItem): boolean {
    if (this.#profile === 'deployed' || known === undefined || known.multi) return false;
    return !equalBytes(known.value.sigP, value.sigP) && !this.#isSigned(known.value);
  }

  #evict(incoming: StoredItem): StoredItem[] {
    const evicted: StoredItem[] = [];
    while (this.#values > this.#limits.storedValues || this.#bytes > this.#limits.storedBytes) {
      const victim = this.#victim() ?? incoming;
      this.remove(victim);
      evicted.push(victim);
      if (victim === incoming) break;
    }
    return evicted;
  }

  /** The farthest value of the writer with the most bytes, own values left out. */
  #victim(): StoredItem | undefined {
    let most: { readonly items: Set<StoredItem>; bytes: number } | undefined;
    for (const writer of this.#writers.values()) if (writer.bytes > (most?.bytes ?? 0)) most = writer;
    let farthest: StoredItem | undefined;
    for (const item of most?.items ?? []) {
      if (farthest === undefined || compareDistance(item.target, farthest.target, this.#own()) > 0) farthest = item;
    }
    return farthest;
  }

  #set(target: Uint8Array, items: readonly StoredItem[]): void {
    const key = bytesToHex(target);
    if (items.length === 0) this.#targets.delete(key);
    else this.#targets.set(key, items);
    this.#port?.save(
      target,
      items.map(({ value }) => value),
    );
  }

  #count(item: StoredItem): void {
    this.#values += 1;
    this.#bytes += item.bytes;
    if (!item.multi) this.#posts.add(item.n, item.resource);
    if (item.value.localSince !== undefined) return;
    const writer = this.#writers.get(item.value.sigUser) ?? { items: new Set(), bytes: 0 };
    this.#writers.set(item.value.sigUser, writer);
    writer.items.add(item);
    writer.bytes += item.bytes;
  }

  #uncount(item: StoredItem): void {
    this.#values -= 1;
    this.#bytes -= item.bytes;
    if (!item.multi) this.#posts.remove(item.n, item.resource);
    const writer = this.#writers.get(item.value.sigUser);
    if (writer?.items.delete(item) !== true) return;
    writer.bytes -= item.bytes;
    if (writer.items.size === 0) this.#writers.delete(item.value.sigUser);
  }
}

/** Whether a held value has expired at this tip (DHT-29); nothing has on a chain without blocks. */
export function isItemExpired({ resource, multi, entry }: StoredItem, tip: number): boolean {
  return tip > 0 && isExpired(resource, multi, Number(entry.height), tip);
}

/** Reads what storing looks at; all bytes are the value's own copies. */
function itemOf(value: DhtValue, held: HeldValue, target: Uint8Array): StoredItem {
  const entry = storeEntry(value, held.sigUser);
  return {
    target: target.slice(),
    value: held,
    n: value.n.slice(),
    r: value.r.slice(),
    resource: resourceText(value.r),
    multi: value.multi,
    entry: { ...entry, v: entry.v.slice() },
    bytes: 2 * held.p.length + OVERHEAD_BYTES,
    confirmed: held.localSince === undefined,
    refreshAt: undefined,
  };
}

import type { Profile } from '@rookery/wire';
import { DHT_LIMITS } from './limits.ts';
import type { DhtValue } from './value.ts';

/** What storage compares of a value; see {@link storeEntry}. */
export interface StoreEntry {
  readonly seq: bigint;
  readonly height: bigint;
  /** The raw bytes of `v`. */
  readonly v: Uint8Array;
  /** The signer. */
  readonly sigUser: string;
}

/** How values are stored; canonical if no profile is given. */
export interface StoreOptions {
  /** Whether the target is one of multi values. */
  readonly multi: boolean;
  readonly profile?: Profile | undefined;
}

/** What became of a value that was put. */
export interface StoreResult {
  /** Whether the new value is kept. */
  readonly outcome: 'stored' | 'ignored';
  /** What the target holds now: positions in the old list, and its length for the new value. */
  readonly list: readonly number[];
}

/** Takes from a parsed value what storage compares. A missing sequence number counts as 0. */
export function storeEntry(value: DhtValue, sigUser: string): StoreEntry {
  return { seq: value.seq ?? 0n, height: value.height, v: value.v.raw, sigUser };
}

/**
 * Decides what a target holds after a value was put (DHT-21 to DHT-23).
 * `stored` is what it holds: at most one single value, or multi values in descending height. Whoever stores keeps this order.
 * Not checked: everything that `checkPut` checks.
 */
export function applyStore(
  stored: readonly StoreEntry[],
  incoming: StoreEntry,
  { multi, profile = 'canonical' }: StoreOptions,
): StoreResult {
  const added = stored.length;
  const list = multi ? insert(stored, incoming, profile) : replace(stored, incoming, profile);
  const kept =
    profile === 'deployed' || !multi
      ? list.slice(0, DHT_LIMITS.multiEntries)
      : evict(list, (position) => (position === added ? incoming : stored[position]!).sigUser);
  return { outcome: kept.includes(added) ? 'stored' : 'ignored', list: kept };
}

/** DHT-21. */
function replace(stored: readonly StoreEntry[], incoming: StoreEntry, profile: Profile): number[] {
  const added = stored.length;
  const list = [...stored.keys()];
  const seq = profile === 'deployed' ? BigInt.asIntN(32, incoming.seq) : incoming.seq;
  if (profile === 'canonical' && seq > BigInt(DHT_LIMITS.seq)) return list;
  if (added === 0) return [added];
  for (let position = added - 1; position >= 0 && seq > stored[position]!.seq; position -= 1) list[position] = added;
  return list;
}

/** DHT-22. */
function insert(stored: readonly StoreEntry[], incoming: StoreEntry, profile: Profile): number[] {
  const list = [...stored.keys()];
  if (stored.some(({ v }) => equal(v, incoming.v))) return list;
  const height = profile === 'deployed' ? BigInt.asIntN(32, incoming.height) : incoming.height;
  const before = stored.findIndex((entry) => entry.height <= height);
  list.splice(before < 0 ? stored.length : before, 0, stored.length);
  return list;
}

/** DHT-23, canonical: while the list is too long, the last value of a writer with the most values goes. */
function evict(list: readonly number[], writerOf: (position: number) => string): number[] {
  const kept = [...list];
  while (kept.length > DHT_LIMITS.multiEntries) {
    const counts = new Map<string, number>();
    for (const position of kept) counts.set(writerOf(position), (counts.get(writerOf(position)) ?? 0) + 1);
    const most = Math.max(...counts.values());
    let last = kept.length - 1;
    while (counts.get(writerOf(kept[last]!)) !== most) last -= 1;
    kept.splice(last, 1);
  }
  return kept;
}

function equal(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

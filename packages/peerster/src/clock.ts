import { equalBytes } from './integers.ts';
import { nameText } from './name.ts';
import type { StatusEntry, StatusRange } from './status.ts';
import { lowerBound } from './store.ts';

/** What a node knows of its own clock, for a comparison with somebody else's (PEERSTER-32). */
export interface OwnClock {
  /** Its origins in ascending order. */
  origins(): readonly string[];
  nextId(origin: string): number;
  /** Digest over the messages 0 … `length` − 1 of an origin; undefined where unknown or not in use (PEERSTER-37). */
  digest(origin: string, length: number): Uint8Array | undefined;
}

/** How a status of somebody else relates to the own clock. */
export interface ClockComparison {
  /** Own origins that the status tells of, or ought to. */
  readonly compared: number;
  /** Same origins with the same numbers (PEERSTER-32). Digests do not count. */
  readonly equal: boolean;
  /** Origins of which they lack messages, in ascending order, with the number that they want next (PEERSTER-33). */
  readonly lacking: readonly { readonly origin: string; readonly nextId: number }[];
  /** Whether they hold messages that we lack. */
  readonly ahead: boolean;
  /** Origins whose common history differs, with its length (PEERSTER-37). */
  readonly differing: readonly { readonly origin: string; readonly length: number }[];
}

/**
 * Compares a status with the own clock (PEERSTER-32, PEERSTER-33, PEERSTER-37), within the names of `range`. Entries in
 * any order; of two entries for one name the last counts. Names that are no text of ours make the clocks unequal only.
 */
export function compareClocks(own: OwnClock, status: readonly StatusEntry[], range?: StatusRange): ClockComparison {
  const theirs = new Map<string, StatusEntry>();
  for (const entry of status) theirs.set(nameText(entry.origin), entry);
  const origins = own.origins();
  const lacking: { origin: string; nextId: number }[] = [];
  const differing: { origin: string; length: number }[] = [];
  let ahead = false;
  let known = 0;
  let inRange = 0;
  for (const origin of range === undefined ? origins : originsWithin(origins, range)) {
    inRange += 1;
    const nextId = own.nextId(origin);
    const entry = theirs.get(origin);
    if (entry === undefined) {
      lacking.push({ origin, nextId: 0 });
      continue;
    }
    known += 1;
    if (entry.nextId < nextId) lacking.push({ origin, nextId: entry.nextId });
    else if (entry.nextId > nextId) ahead = true;
    if (entry.digest !== undefined && entry.nextId <= nextId && entry.nextId > 0) {
      const digest = own.digest(origin, entry.nextId);
      if (digest !== undefined && !equalBytes(digest, entry.digest)) differing.push({ origin, length: entry.nextId });
    }
  }
  ahead ||= known < theirs.size;
  const equal = lacking.length === 0 && !ahead && inRange === theirs.size;
  return { compared: inRange, equal, lacking, ahead, differing };
}

/** The names of an ascending list that a range covers (PEERSTER-39). */
export function originsWithin(origins: readonly string[], range: StatusRange): readonly string[] {
  const first = nameText(range.first);
  const last = nameText(range.last);
  const low = lowerBound(origins, first);
  let high = last === '' ? origins.length : lowerBound(origins, last);
  if (origins[high] === last) high += 1;
  return origins.slice(low, high);
}

/** Whether a range covers a name; no range covers all of them (PEERSTER-39). */
export function rangeCovers(range: StatusRange | undefined, origin: string): boolean {
  if (range === undefined) return true;
  const last = nameText(range.last);
  return nameText(range.first) <= origin && (last === '' || origin <= last);
}

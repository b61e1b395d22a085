import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { encodeUtf8 } from '@rookery/wire';
import { equalBytes } from './bytes.ts';
import type { DhtRejection } from './codes.ts';
import type { DhtLimits } from './limits.ts';
import { checkReadValue } from './read.ts';
import type { ValueContext } from './signed.ts';
import type { SignedValue } from './value.ts';

/**
 * The values that one search has found (DHT-37): of a single target the one with the highest `seq`, of a multi target all with
 * different `v`, at most `foundEntries`. What is known already is not judged again, so many copies cost one signature; as many bad ones
 * are remembered, too.
 */
export class FoundValues {
  readonly #target: Uint8Array;
  readonly #multi: boolean;
  readonly #limits: DhtLimits;
  readonly #refused = new Set<string>();
  readonly #entries: { readonly value: SignedValue; readonly v: Uint8Array; readonly seq: bigint }[] = [];

  /** For a target of 20 bytes. */
  constructor(target: Uint8Array, multi: boolean, limits: DhtLimits) {
    this.#target = target;
    this.#multi = multi;
    this.#limits = limits;
  }

  /** Whether anything was found. */
  get any(): boolean {
    return this.#entries.length > 0;
  }

  /** Judges the entries of a reply until too many are bad, and returns which are new and which are bad. */
  add(
    entries: readonly SignedValue[],
    context: ValueContext,
  ): { readonly fresh: SignedValue[]; readonly refused: DhtRejection[] } {
    const fresh: SignedValue[] = [];
    const refused: DhtRejection[] = [];
    for (const entry of entries.slice(0, this.#limits.multiEntries)) {
      if (this.#entries.length >= this.#limits.foundEntries) break;
      if (this.#entries.some(({ value }) => isSame(value, entry))) continue;
      if (this.#refused.size > 0 && this.#refused.has(keyOf(entry))) continue;
      const verdict = checkReadValue(entry, { ...context, target: this.#target });
      if (!verdict.ok) {
        refused.push(verdict);
        if (this.#refused.size < this.#limits.foundEntries) this.#refused.add(keyOf(entry));
        // An honest node has one single value, but its list can be full of what deployed nodes should not have stored.
        if (!this.#multi && refused.length >= this.#limits.badEntries) break;
      } else if (this.#take(entry, verdict.value?.v.raw ?? entry.p, verdict.value?.seq ?? 0n))
        fresh.push(copyOf(entry));
    }
    return { fresh: this.#multi ? fresh : fresh.slice(-1), refused };
  }

  #take(entry: SignedValue, v: Uint8Array, seq: bigint): boolean {
    if (this.#multi) {
      if (this.#entries.some((known) => equalBytes(known.v, v))) return false;
    } else {
      if (this.#entries.some((known) => known.seq >= seq)) return false;
      this.#entries.length = 0;
    }
    this.#entries.push({ value: copyOf(entry), v: v.slice(), seq });
    return true;
  }
}

/** All of it: were it the signature alone, a forgery could make others pass for judged. */
function keyOf({ p, sigP, sigUser }: SignedValue): string {
  const name = encodeUtf8(sigUser);
  return bytesToHex(sha256.create().update(sha256(p)).update(sha256(sigP)).update(name).digest());
}

function isSame(left: SignedValue, right: SignedValue): boolean {
  return left.sigUser === right.sigUser && equalBytes(left.sigP, right.sigP) && equalBytes(left.p, right.p);
}

/** What comes from a datagram is a view of it, and its buffer is the application's. */
export function copyOf({ p, sigP, sigUser }: SignedValue): SignedValue {
  return { p: p.slice(), sigP: sigP.slice(), sigUser };
}

import { type CurveBackend, signTyped } from '@rookery/keys';
import { type BencodeInput, bencodeDict, encodeBencode } from '@rookery/wire';
import type { SignedValue } from './value.ts';

/** What a new value says; see {@link createDhtValue}. */
export interface NewDhtValue {
  /** Name of a user, or the word of a tag in lower case. */
  readonly n: Uint8Array | string;
  /** The resource, such as `profile` or `post7`. */
  readonly r: string;
  readonly t: 's' | 'm';
  readonly v: BencodeInput;
  /** A block height; deployed nodes take one less than that of their tip. */
  readonly height: number;
  /** Seconds since the Unix epoch. */
  readonly time: number;
  /** Needed for a single value, 0…2^31−1, greater than that of the value that it replaces; left out of a multi value. */
  readonly seq?: number | undefined;
}

/** How a value is signed. */
export interface CreateDhtValueOptions {
  /** Whether the signer's registered key has 33 bytes (the default) or 65. */
  readonly compressed?: boolean;
  /** Who does the curve work; the default backend of `@rookery/keys` if left out. */
  readonly backend?: CurveBackend;
}

/**
 * Makes a value and signs it, ready for `DhtNode.put` (DHT-5, DHT-6, DHT-10). `signer` is the name whose key `secret` is.
 * Throws `KeysError` `not-signable` for what could pass for something else than a value, `RangeError` for a secret or a number out of
 * range and for a single value without `seq`. Not checked: whether nodes will take it, see `checkPut`.
 *
 * @example
 * ```ts
 * const secret = new Uint8Array(32).fill(7); // a real one is random
 * const fields = { n: 'alice', r: 'profile', t: 's', v: { fullname: 'Alice' }, height: 28, time: 1795243066, seq: 1 } as const;
 * createDhtValue(fields, 'alice', secret).sigP.length; // 65
 * ```
 */
export function createDhtValue(
  { n, r, t, v, height, time, seq }: NewDhtValue,
  signer: string,
  secret: Uint8Array,
  options: CreateDhtValueOptions = {},
): SignedValue {
  if (t === 's' && seq === undefined) throw new RangeError('a single value needs a sequence number');
  const p = bencodeDict({ height, seq: t === 's' ? seq : undefined, target: { n, r, t }, time, v });
  const sigP = signTyped({ type: 'dht-value', p }, secret, options);
  return { p: encodeBencode(p), sigP, sigUser: signer };
}

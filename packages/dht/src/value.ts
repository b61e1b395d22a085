import { type BencodeNode, decodeBencode, type Profile, WireError } from '@rookery/wire';
import { type DhtVerdict, refuse, refuseMissing } from './codes.ts';
import { DHT_LIMITS } from './limits.ts';

/** A value as it travels, in a `putData` request or in the `data` list of a reply (DHT-5). */
export interface SignedValue {
  /** The raw bytes of the dictionary `p`, as received. */
  readonly p: Uint8Array;
  /** The signature over `p`, 65 bytes if it is well-formed. */
  readonly sigP: Uint8Array;
  /** The name of the signer. Wire bytes that are not UTF-8 name nobody: hand in the empty text for them. */
  readonly sigUser: string;
}

/** The same as a stranger may send it: any part can be missing. */
export type ReceivedValue = { readonly [field in keyof SignedValue]?: SignedValue[field] | undefined };

/** What `p` says (DHT-6). Byte strings are views of the bytes that were decoded. */
export interface DhtValue {
  /** The dictionary `target` as received; its raw bytes are what nodes hash (DHT-4). */
  readonly target: BencodeNode;
  /** Name of a user, or the word of a tag. */
  readonly n: Uint8Array;
  /** Name of the resource. */
  readonly r: Uint8Array;
  /** `s`, `m`, or what the writer put there. */
  readonly t: Uint8Array;
  /** Whether `t` is `m`; everything else is single (DHT-6). */
  readonly multi: boolean;
  readonly v: BencodeNode;
  /** Sequence number, signed 64 bits; undefined where it is missing or no integer. */
  readonly seq: bigint | undefined;
  /** Seconds since the Unix epoch, signed 64 bits. */
  readonly time: bigint;
  /** Block height, signed 64 bits. */
  readonly height: bigint;
}

/** Where a value stands: in a request, or in a reply, which leaves less room for nesting (DHT-5). */
export type ValuePlace = 'put' | 'reply';

/**
 * Reads the bytes of `p` as the one bencoded value that they must be (DHT-5).
 * Refuses with `not-bencode` what no profile reads at this place, and with `not-canonical` what only the deployed profile reads.
 * Not checked: that it is a dictionary, and what is in it.
 */
export function decodeP(
  p: Uint8Array,
  place: ValuePlace,
  profile: Profile = 'canonical',
): DhtVerdict<{ readonly root: BencodeNode }> {
  try {
    const root = readP(p, profile === 'canonical' ? 'reply' : place, profile);
    if (profile === 'canonical' && holdsLeast(root)) return refuse('not-canonical', 'it holds the integer -2^63');
    return { ok: true, root };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    if (profile === 'canonical' && decodeP(p, place, 'deployed').ok) return refuse('not-canonical', error.message);
    return refuse('not-bencode', error.message);
  }
}

function readP(p: Uint8Array, place: ValuePlace, profile: Profile): BencodeNode {
  const [maxDepth, items] =
    place === 'put' ? [DHT_LIMITS.putDepth, DHT_LIMITS.putItems] : [DHT_LIMITS.replyDepth, DHT_LIMITS.replyItems];
  // The decoder, like deployed nodes, stops at the item that reaches its limit.
  const { value, consumed } = decodeBencode(p, { profile, maxDepth, maxItems: items + 1 });
  if (consumed < p.length) throw new WireError('trailing-bytes', consumed, 'bytes follow the value');
  return value;
}

/** Deployed nodes read −2^63 as 0 and encode it so when they serve the value, which breaks its signature. */
function holdsLeast(node: BencodeNode): boolean {
  if (node.kind === 'integer') return node.integer === LEAST;
  return node.kind !== 'bytes' && node.items().some(holdsLeast);
}

/**
 * Takes a decoded `p` apart (DHT-6): a dictionary with `v`, `time`, `height` and `target`, which has `n`, `r` and `t`; looked for in this order.
 * Refuses with `missing-key`. Not checked: every other rule.
 */
export function parseValue(root: BencodeNode): DhtVerdict<{ readonly value: DhtValue }> {
  if (root.kind !== 'dict') return refuseMissing('p');
  const v = root.get('v');
  if (v === undefined) return refuseMissing('v');
  const time = root.getInteger('time');
  if (time === undefined) return refuseMissing('time');
  const height = root.getInteger('height');
  if (height === undefined) return refuseMissing('height');
  const parsed = parseTarget(root);
  if (!parsed.ok) return parsed;
  const { target, n, r, t, multi } = parsed;
  return { ok: true, value: { target, n, r, t, multi, v, seq: root.getInteger('seq'), time, height } };
}

/** What stands in a dictionary `target`. */
export type DhtTarget = Pick<DhtValue, 'target' | 'n' | 'r' | 't' | 'multi'>;

/**
 * Reads the dictionary `target` of a value or of a request (DHT-6, DHT-24). Refuses with `missing-key`.
 * Not checked: the number of its entries, and what the three texts are.
 */
export function parseTarget(holder: BencodeNode): DhtVerdict<DhtTarget> {
  const target = holder.getDict('target');
  if (target === undefined) return refuseMissing('target');
  const n = target.getBytes('n');
  if (n === undefined) return refuseMissing('n');
  const r = target.getBytes('r');
  if (r === undefined) return refuseMissing('r');
  const t = target.getBytes('t');
  if (t === undefined) return refuseMissing('t');
  return { ok: true, target, n, r, t, multi: isLetter(t, MULTI) };
}

/** Refuses with `bad-target` a target dictionary that has not exactly three entries, repeated keys counted (DHT-8). */
export function checkTargetSize(target: BencodeNode): DhtVerdict {
  if (target.size === DHT_LIMITS.targetEntries) return { ok: true };
  return refuse('bad-target', `the target has ${target.size} entries, not ${DHT_LIMITS.targetEntries}`);
}

const LEAST = -0x8000_0000_0000_0000n;
const MULTI = 0x6d;
const SINGLE = 0x73;

/** Whether the kind of a target is `s` or `m`, as a request for it must say (DHT-24). */
export function isTargetKind(t: Uint8Array): boolean {
  return isLetter(t, SINGLE) || isLetter(t, MULTI);
}

function isLetter(text: Uint8Array, letter: number): boolean {
  return text.length === 1 && text[0] === letter;
}

import { sha1 } from '@noble/hashes/legacy.js';
import { type DhtVerdict, refuse } from './codes.ts';
import { checkContent } from './content.ts';
import { isExpired } from './expiry.ts';
import { DHT_LIMITS } from './limits.ts';
import { resourceText } from './resource.ts';
import { checkOwner, checkParts, checkValueSignature, checkValueTime, type ValueContext } from './signed.ts';
import { checkTargetSize, type DhtValue, decodeP, parseValue, type ReceivedValue } from './value.ts';

/** What a storing node knows when a value is put. */
export interface PutContext extends ValueContext {
  /**
   * Whether the caller's token is good for this 20-byte target (DHT-9). Left out, no token is asked for.
   * It is called between the form of the value and its signature, as deployed nodes do.
   */
  readonly checkToken?: ((target: Uint8Array) => boolean) | undefined;
}

/**
 * Decides whether a node accepts a value that is put (DHT-5 to DHT-18, in the order of DHT-20).
 * The refusal carries the text of the KRPC error. Accepted, it gives the parsed value and its target id.
 * Costs at most one curve operation, and in the canonical profile those of the post in the value.
 * Not checked: node id of the caller (`checkNodeId`), neighbourhood (`checkNeighbour`), what is stored already (`applyStore`).
 */
export function checkPut(
  received: ReceivedValue,
  context: PutContext,
): DhtVerdict<{ readonly value: DhtValue; readonly target: Uint8Array }> {
  const { profile = 'canonical', tip, now } = context;
  const decoded = received.p && decodeP(received.p, 'put', profile);
  if (decoded !== undefined && !decoded.ok) return decoded;
  const parts = checkParts(received);
  if (!parts.ok || decoded === undefined) return parts as Exclude<typeof parts, { ok: true }>;
  const { signed } = parts;
  const parsed = parseValue(decoded.root);
  if (!parsed.ok) return parsed;
  const { value } = parsed;
  const sized = checkSize(signed.p, value);
  if (!sized.ok) return sized;
  const targetSized = checkTargetSize(value.target);
  if (!targetSized.ok) return targetSized;
  const target = sha1(value.target.raw);
  if (context.checkToken?.(target) === false) return refuse('bad-token', 'the token is not of this node');
  const signature = checkValueSignature(signed, context);
  if (!signature.ok) return signature;
  const owner = checkOwner(value, signed.sigUser);
  if (!owner.ok) return owner;
  if (value.r.length > DHT_LIMITS.resourceBytes) return refuse('resource-too-long', `${value.r.length} bytes`);
  const seq = checkSeq(value, profile === 'canonical');
  if (!seq.ok) return seq;
  const height = checkHeight(value.height, tip);
  if (!height.ok) return height;
  const time = checkValueTime(value.time, now);
  if (!time.ok) return time;
  if (profile === 'canonical') {
    const age = checkAge(value, tip);
    if (!age.ok) return age;
    const content = checkContent(value, signed.sigUser, context);
    if (!content.ok) return content;
  }
  return { ok: true, value, target };
}

/** DHT-7. */
function checkSize(p: Uint8Array, { multi }: DhtValue): DhtVerdict {
  const most = multi ? DHT_LIMITS.multiBytes : DHT_LIMITS.singleBytes;
  return p.length <= most ? { ok: true } : refuse('too-big', `${p.length} bytes are more than ${most}`);
}

/** DHT-13; deployed nodes take any number from 0 on. */
function checkSeq({ multi, seq }: DhtValue, bounded: boolean): DhtVerdict {
  if (multi) return { ok: true };
  if (seq === undefined || seq < 0n) return refuse('missing-seq', 'a single value has a sequence number from 0 on');
  if (!bounded || seq <= BigInt(DHT_LIMITS.seq)) return { ok: true };
  return refuse('seq-too-large', `the sequence number ${seq} does not fit what deployed nodes compare`);
}

/** DHT-14. */
function checkHeight(height: bigint, tip: number): DhtVerdict {
  if (tip === 0 || height <= BigInt(tip + DHT_LIMITS.futureBlocks)) return { ok: true };
  return refuse('future-height', `height ${height} lies above the tip ${tip}`);
}

/** DHT-16. Heights below −2^53 are as expired as any: rounding does no harm. */
function checkAge({ r, multi, height }: DhtValue, tip: number): DhtVerdict {
  if (!isExpired(resourceText(r), multi, Number(height), tip)) return { ok: true };
  return refuse('expired', `a value of height ${height} has expired at ${tip}`);
}

import { sha1 } from '@noble/hashes/legacy.js';
import { type DhtVerdict, refuse } from './codes.ts';
import { checkContent } from './content.ts';
import { DHT_LIMITS } from './limits.ts';
import { checkOwner, checkParts, checkValueSignature, checkValueTime, type ValueContext } from './signed.ts';
import { type DhtValue, decodeP, parseValue, type ReceivedValue } from './value.ts';

/** What a reader knows about a value that it asked for. */
export interface ReadContext extends ValueContext {
  /** The 20-byte target that was asked for (DHT-4). */
  readonly target: Uint8Array;
  /** Whether the content is judged as well (DHT-28); default true. Without it that is left to whoever uses the value. */
  readonly content?: boolean | undefined;
}

/**
 * Decides whether a reader takes one entry of a reply to `getData` (DHT-25 to DHT-28).
 * Deployed readers check form, signature and time, nothing else: neither that the value belongs to the target nor that its owner
 * signed it, and a value may lack what a node needs to store it; `value` is undefined then.
 * Not checked in either profile: height, size and age, which are the storing node's affair. Throws `RangeError` for a target that is not 20 bytes.
 */
export function checkReadValue(
  received: ReceivedValue,
  context: ReadContext,
): DhtVerdict<{ readonly value: DhtValue | undefined }> {
  const { profile = 'canonical', target, now, content: judgesContent = true } = context;
  if (target.length !== DHT_LIMITS.idBytes) throw new RangeError(`a target has 20 bytes, got ${target.length}`);
  const decoded = received.p && decodeP(received.p, 'reply', profile);
  if (decoded !== undefined && !decoded.ok) return decoded;
  const parts = checkParts(received);
  if (!parts.ok || decoded === undefined) return parts as Exclude<typeof parts, { ok: true }>;
  const { signed } = parts;
  const { root } = decoded;
  const parsed = parseValue(root);
  if (!parsed.ok && (profile === 'canonical' || root.kind !== 'dict')) return parsed;
  const signature = checkValueSignature(signed, context);
  if (!signature.ok) return signature;
  const time = root.getInteger('time') ?? 0n;
  if (time === 0n) return refuse('no-time', 'the time is missing or 0');
  const judged = checkValueTime(time, now);
  if (!judged.ok) return judged;
  if (!parsed.ok) return { ok: true, value: undefined };
  const { value } = parsed;
  if (profile === 'canonical') {
    if (!isTarget(value, target)) return refuse('wrong-target', 'the value belongs to another target');
    const owner = checkOwner(value, signed.sigUser);
    if (!owner.ok) return owner;
    const content = judgesContent ? checkContent(value, signed.sigUser, context) : undefined;
    if (content?.ok === false) return content;
  }
  return { ok: true, value };
}

/** DHT-26. A dictionary with other entries has another hash. */
function isTarget(value: DhtValue, target: Uint8Array): boolean {
  return sha1(value.target.raw).every((byte, index) => byte === target[index]);
}

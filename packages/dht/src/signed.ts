import { type CurveBackend, type UserDirectory, verifySignature } from '@rookery/keys';
import { decodeUtf8, type Profile } from '@rookery/wire';
import { type DhtVerdict, refuse, refuseMissing } from './codes.ts';
import { DHT_LIMITS } from './limits.ts';
import type { DhtValue, ReceivedValue, SignedValue } from './value.ts';

/** What the rules of values need to know about the world; see `checkPut` and `checkReadValue`. */
export interface ValueContext {
  /** Keys of the registered users. */
  readonly users: UserDirectory;
  /** Height of the active chain's last block. */
  readonly tip: number;
  /** Seconds since the Unix epoch. */
  readonly now: number;
  /** `canonical` if left out. */
  readonly profile?: Profile | undefined;
  /** Who does the curve work; noble if left out. */
  readonly backend?: CurveBackend | undefined;
}

/** Refuses with `missing-key` a value without signature, signer or `p`, in this order (DHT-6). */
export function checkParts(received: ReceivedValue): DhtVerdict<{ readonly signed: SignedValue }> {
  const { p, sigP, sigUser } = received;
  if (sigP === undefined) return refuseMissing('sig_p');
  if (sigUser === undefined) return refuseMissing('sig_user');
  if (p === undefined) return refuseMissing('p');
  return { ok: true, signed: { p, sigP, sigUser } };
}

/**
 * Decides whether a value is signed by the current key of its signer (DHT-10).
 * Refuses with `unknown-user` and `bad-signature`. Not checked: who the signer should be.
 */
export function checkValueSignature({ p, sigP, sigUser }: SignedValue, context: ValueContext): DhtVerdict {
  const key = context.users.keyAt(sigUser, context.tip);
  if (key === undefined) return refuse('unknown-user', 'the signer is not registered');
  const { profile = 'canonical', backend } = context;
  const verdict = verifySignature(p, sigP, key, { profile, ...(backend && { backend }) });
  return verdict.ok ? verdict : refuse('bad-signature', verdict.detail);
}

/** Refuses with `not-owner` a single value that another than the user of the target has signed (DHT-11, DHT-27). */
export function checkOwner({ multi, n }: DhtValue, sigUser: string): DhtVerdict {
  if (multi || decodeUtf8(n) === sigUser) return { ok: true };
  return refuse('not-owner', 'only the user of the target may sign a single value');
}

/** Refuses with `future-time` a time of more than two hours ahead (DHT-15). */
export function checkValueTime(time: bigint, now: number): DhtVerdict {
  if (time <= BigInt(now + DHT_LIMITS.futureSeconds)) return { ok: true };
  return refuse('future-time', `the time ${time} lies too far ahead of ${now}`);
}

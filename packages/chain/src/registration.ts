import { type CurveBackend, verifySignature } from '@rookery/keys';
import { decodeUtf8, parseSmallString, reject, type Transaction, type Verdict } from '@rookery/wire';
import type { ChainCode } from './codes.ts';
import { CHAIN_LIMITS } from './limits.ts';
import { pushAt } from './push.ts';
import { compareHashes } from './target.ts';

/** What a registration holds. */
export interface RegistrationContent {
  /** The registered name; undefined where the script is none that registers one or holds no UTF-8. */
  readonly name: string | undefined;
  /** Item 0 of the pubKey script, unchecked; undefined where the script is unusable. */
  readonly publicKey: Uint8Array | undefined;
  /** Item 1: in a replacement the signature by the old key; undefined where there is none. */
  readonly endorsement: Uint8Array | undefined;
}

/** The registration transaction that a name stands for now, on the branch that is looked at. */
export interface CurrentRegistration {
  /** Transaction id, 32 bytes in wire order. */
  readonly id: Uint8Array;
  /** Item 0 of its pubKey script; undefined where that script is unusable, so that nothing can replace it. */
  readonly publicKey: Uint8Array | undefined;
}

/** Reads what a registration holds (CHAIN-11), checking nothing. */
export function readRegistration(transaction: Transaction): RegistrationContent {
  const name = parseSmallString(transaction.userName);
  return {
    name: name === undefined ? undefined : decodeUtf8(name),
    publicKey: pushAt(transaction.pubKey, 0),
    endorsement: pushAt(transaction.pubKey, 1),
  };
}

/**
 * Decides whether a registration may replace the key `current` of its name (CHAIN-42): the old key signs the raw bytes of
 * the new one, and nothing else — neither name nor height (W2). Signatures are judged as deployed nodes judge them.
 * Codes `missing-replacement-signature`, `bad-replacement-signature`, penalty 100 (a block that breaks the rule; a pool
 * gives none). Not checked: {@link checkTransaction}, and whether the new key is a key.
 */
export function checkReplacement(
  transaction: Transaction,
  current: Uint8Array,
  backend?: CurveBackend,
): Verdict<ChainCode> {
  const { ban } = CHAIN_LIMITS.penalty;
  const { publicKey, endorsement } = readRegistration(transaction);
  if (publicKey === undefined || endorsement === undefined)
    return reject('missing-replacement-signature', 'the pubKey script has no second item', ban);
  const options = { profile: 'deployed', ...(backend === undefined ? {} : { backend }) } as const;
  return verifySignature(publicKey, endorsement, current, options).ok
    ? { ok: true }
    : reject('bad-replacement-signature', 'the new key is not signed by the current one', ban);
}

/**
 * Decides whether a registration in a block may stand, given what its name stands for before the block (CHAIN-41).
 * A free name, the very same transaction again (W1), or a valid replacement may. `id` is the transaction's own.
 * Code `name-taken`, penalty 100.
 */
export function checkName(
  transaction: Transaction,
  id: Uint8Array,
  current: CurrentRegistration | undefined,
  backend?: CurveBackend,
): Verdict<ChainCode> {
  if (current === undefined || compareHashes(id, current.id) === 0) return { ok: true };
  const replaces = current.publicKey !== undefined && checkReplacement(transaction, current.publicKey, backend).ok;
  return replaces
    ? { ok: true }
    : reject('name-taken', 'the name is registered and its key did not sign the new one', CHAIN_LIMITS.penalty.ban);
}

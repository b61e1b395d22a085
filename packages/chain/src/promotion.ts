import { type CurveBackend, type UserDirectory, verifySignature } from '@rookery/keys';
import { decodeUtf8, reject, type Transaction, transactionKind, type Verdict } from '@rookery/wire';
import type { ChainCode } from './codes.ts';
import { CHAIN_LIMITS } from './limits.ts';
import { pushAt } from './push.ts';

const EMPTY: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/** The author that needs no signature (CHAIN-40). */
export const ANONYMOUS_AUTHOR = 'nobody';

/** What a promotion shows. */
export interface Promotion {
  /** UTF-8 bytes of the text, 1 to 140 code points in a valid one. */
  readonly text: Uint8Array;
  /** Bytes of the author's name, 1 to 16 in a valid one; any bytes (W8). */
  readonly author: Uint8Array;
  /** What stands where the signature goes; empty where there is none. */
  readonly signature: Uint8Array;
}

/**
 * Reads what a promotion shows, whatever it is worth: absent pushes and unusable scripts give empty bytes, as deployed
 * nodes read them (CHAIN-11).
 */
export function readPromotion(transaction: Transaction): Promotion {
  const { message, userName } = transaction;
  return {
    text: pushAt(message, 0) ?? EMPTY,
    author: pushAt(userName, 0) ?? EMPTY,
    signature: pushAt(userName, 1) ?? EMPTY,
  };
}

/**
 * Decides whether the author of the promotion in a block at `height` is who it says (CHAIN-40). `nobody` needs no
 * signature; anybody else's key is the one registered before this block, so below `height`: a registration in the same
 * block does not count. Signatures are judged as deployed nodes judge them, and the whole message script is signed.
 * Codes `missing-promotion` (a registration), `missing-promotion-signature`, `unknown-promotion-author`,
 * `bad-promotion-signature`, penalty 100. Not checked: the rules of {@link checkTransaction}.
 */
export function checkPromotion(
  transaction: Transaction,
  height: number,
  users: UserDirectory,
  backend?: CurveBackend,
): Verdict<ChainCode> {
  const { ban } = CHAIN_LIMITS.penalty;
  if (transactionKind(transaction) !== 'promotion')
    return reject('missing-promotion', 'the transaction is a registration', ban);
  const { author, signature } = readPromotion(transaction);
  const name = decodeUtf8(author);
  if (name === ANONYMOUS_AUTHOR) return { ok: true };
  if (signature.length === 0)
    return reject('missing-promotion-signature', 'an author other than nobody must sign', ban);
  const publicKey = name === undefined ? undefined : users.keyAt(name, height - 1);
  if (publicKey === undefined)
    return reject('unknown-promotion-author', 'the author was not registered before this block', ban);
  const options = { profile: 'deployed', ...(backend === undefined ? {} : { backend }) } as const;
  return verifySignature(transaction.message, signature, publicKey, options).ok
    ? { ok: true }
    : reject('bad-promotion-signature', "the signature is not one by the author's registered key", ban);
}

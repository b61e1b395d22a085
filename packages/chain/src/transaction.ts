import {
  countCodePoints,
  type Network,
  parseSmallString,
  type Rejection,
  reject,
  type Transaction,
  type TransactionKind,
  transactionId,
  transactionKind,
  transactionSize,
  type Verdict,
} from '@rookery/wire';
import { decodeBits } from './bits.ts';
import type { ChainCode } from './codes.ts';
import { CHAIN_LIMITS } from './limits.ts';
import { NETWORKS } from './networks.ts';
import { pushAt } from './push.ts';
import { compareHashes, targetBytes } from './target.ts';
import { checkUserName } from './user-name.ts';

/** What a transaction that passed its own rules is. */
export interface CheckedTransaction {
  readonly kind: TransactionKind;
  /** 32 bytes in wire order. */
  readonly id: Uint8Array;
}

/**
 * Decides whether a transaction is valid by itself (CHAIN-11 to CHAIN-21), in the order and with the summed penalty of
 * deployed nodes. The first failing rule ends it; only a bad user name counts twice.
 * Not checked: whether the public key is a key (nor do deployed nodes, see {@link advisePublicKey}), the name's being
 * free, the author's signature of a promotion, what a pool takes.
 */
export function checkTransaction(transaction: Transaction, network: Network): Verdict<ChainCode, CheckedTransaction> {
  return checkAgainst(transaction, registrationTarget(network));
}

/** The registration target of a network as bytes in wire order, to be worked out once a block. */
export function registrationTarget(network: Network): Uint8Array {
  const decoded = decodeBits(NETWORKS[network].registrationBits);
  if (!decoded.ok) throw new RangeError(decoded.detail);
  return targetBytes(decoded.target);
}

/** {@link checkTransaction} against a target that is at hand. */
export function checkAgainst(transaction: Transaction, target: Uint8Array): Verdict<ChainCode, CheckedTransaction> {
  const { penalty, transactionBytes } = CHAIN_LIMITS;
  const kind = transactionKind(transaction);
  const fields = kind === 'promotion' ? checkPromotionFields(transaction) : checkRegistrationFields(transaction);
  if (!fields.ok) return fields;
  const size = transactionSize(transaction);
  if (size > transactionBytes)
    return reject(
      'transaction-too-large',
      `the transaction has ${size} of at most ${transactionBytes} bytes`,
      penalty.ban,
    );
  const id = transactionId(transaction);
  if (kind === 'registration' && compareHashes(id, target) > 0)
    return reject('insufficient-registration-work', 'the id of the registration is above the target', penalty.work);
  return { ok: true, kind, id };
}

/**
 * Decides whether the fields of a promotion are valid (CHAIN-12 to CHAIN-15); penalty 100 each.
 * Codes `empty-promotion`, `bad-utf8`, `promotion-too-long`, `bad-promotion-author`.
 * The characters of the author's name are not checked, nor is the signature ({@link checkPromotion} does).
 */
export function checkPromotionFields(transaction: Transaction): Verdict<ChainCode> {
  const { nameBytes, promotionCodePoints, penalty } = CHAIN_LIMITS;
  const text = pushAt(transaction.message, 0);
  if (text === undefined || text.length === 0)
    return reject('empty-promotion', 'the first push of the message is missing or empty', penalty.ban);
  const count = countCodePoints(text);
  if (count < 0) return reject('bad-utf8', 'the promoted text is not UTF-8', penalty.ban);
  if (count > promotionCodePoints)
    return reject('promotion-too-long', `the promoted text has ${count} code points, more than 140`, penalty.ban);
  const author = pushAt(transaction.userName, 0);
  if (author === undefined || author.length === 0 || author.length > nameBytes)
    return reject('bad-promotion-author', 'the first push of userName must have 1 to 16 bytes', penalty.ban);
  return { ok: true };
}

/**
 * Decides whether the fields of a registration are valid (CHAIN-16 to CHAIN-19); penalty 10 each, and 20 for a bad name.
 * Codes `missing-user-name`, `missing-public-key`, `bad-user-name-script`, `bad-user-name`.
 * Any push passes as a public key.
 */
export function checkRegistrationFields(transaction: Transaction): Verdict<ChainCode> {
  const { field } = CHAIN_LIMITS.penalty;
  if (transaction.userName.length === 0) return reject('missing-user-name', 'the userName script is empty', field);
  if (transaction.pubKey.length === 0) return reject('missing-public-key', 'the pubKey script is empty', field);
  const name = parseSmallString(transaction.userName);
  if (name === undefined) return reject('bad-user-name-script', 'the userName script is not one direct push', field);
  const verdict = checkUserName(name);
  return verdict.ok ? verdict : withPenalty(verdict, (verdict.penalty ?? 0) + field);
}

function withPenalty(rejection: Rejection<ChainCode>, penalty: number): Rejection<ChainCode> {
  return reject(rejection.code, rejection.detail, penalty);
}

import type { CurveBackend } from '@rookery/keys';
import { type Network, reject, type Transaction, type Verdict } from '@rookery/wire';
import type { ChainCode } from './codes.ts';
import { CHAIN_LIMITS } from './limits.ts';
import { type CurrentRegistration, checkReplacement } from './registration.ts';
import { type CheckedTransaction, checkTransaction } from './transaction.ts';

/** What {@link checkPoolTransaction} needs beside the transaction. */
export interface PoolContext {
  readonly network: Network;
  /** The registration that the name stands for at the tip; undefined where the name is free. */
  readonly current: CurrentRegistration | undefined;
  readonly backend?: CurveBackend | undefined;
}

/**
 * Decides whether a loose transaction may wait for a block (CHAIN-45): {@link checkTransaction}, then `loose-promotion`
 * (penalty 100), `nonstandard-version` (none; testnet takes any) and `name-taken` (none): here the transaction that the
 * name stands for already is refused too. Not checked: what the pool holds, and the rate limit.
 */
export function checkPoolTransaction(
  transaction: Transaction,
  { network, current, backend }: PoolContext,
): Verdict<ChainCode, CheckedTransaction> {
  const checked = checkTransaction(transaction, network);
  if (!checked.ok) return checked;
  if (checked.kind === 'promotion')
    return reject('loose-promotion', 'a promotion is valid in a block only', CHAIN_LIMITS.penalty.ban);
  if (network !== 'testnet' && transaction.version > CHAIN_LIMITS.poolVersion)
    return reject('nonstandard-version', `pools take no transaction of version ${transaction.version}`);
  if (current === undefined) return checked;
  const { publicKey } = current;
  return publicKey !== undefined && checkReplacement(transaction, publicKey, backend).ok
    ? checked
    : reject('name-taken', 'the name is registered and its key did not sign the new one');
}

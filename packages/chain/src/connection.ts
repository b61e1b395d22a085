import type { CurveBackend, UserDirectory } from '@rookery/keys';
import type { Block, Verdict } from '@rookery/wire';
import type { ChainCode } from './codes.ts';
import { checkPromotion } from './promotion.ts';
import { type CurrentRegistration, checkName, readRegistration } from './registration.ts';

/** What {@link checkConnection} asks about the chain that ends with the block's parent, and about no other branch. */
export interface ConnectionContext {
  /** Ids of the block's transactions as {@link checkBlock} learned them. */
  readonly ids: readonly Uint8Array[];
  /** Height of the block. */
  readonly height: number;
  readonly users: UserDirectory;
  /** The registration that a name stands for on this branch, before the block. */
  readonly current: (name: string) => CurrentRegistration | undefined;
  readonly backend?: CurveBackend | undefined;
}

/**
 * Decides whether a block may join the chain that ends with its parent: its promotion's author (CHAIN-40) and the names
 * it registers (CHAIN-41), penalty 100. The genesis block is not checked.
 * Deployed nodes ask these questions of the branch that they are leaving (W4); asked of the parent's own branch, as here,
 * the answer is the same for every node (CHAIN-44).
 */
export function checkConnection(block: Block, context: ConnectionContext): Verdict<ChainCode> {
  const { backend, current, height, ids, users } = context;
  if (height === 0) return { ok: true };
  const [promotion, ...registrations] = block.transactions;
  if (promotion === undefined || ids.length !== block.transactions.length)
    throw new RangeError('the ids must be those of the block, which has a promotion');
  const author = checkPromotion(promotion, height, users, backend);
  if (!author.ok) return author;
  for (const [at, registration] of registrations.entries()) {
    const { name } = readRegistration(registration);
    const verdict = checkName(registration, ids[at + 1]!, name === undefined ? undefined : current(name), backend);
    if (!verdict.ok) return verdict;
  }
  return { ok: true };
}

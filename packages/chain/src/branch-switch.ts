import type { CurveBackend } from '@rookery/keys';
import { type Block, type Rejection, transactionId } from '@rookery/wire';
import type { BlockBytes } from './block-bytes.ts';
import type { BlockEntry } from './block-entry.ts';
import type { BlockTree } from './block-tree.ts';
import { type ChainEffect, refusal, rejected } from './chain-effect.ts';
import type { ChainCode } from './codes.ts';
import { checkConnection } from './connection.ts';
import { registrationsOf, type UserIndex } from './user-index.ts';

/** A block on its way into the tree. */
export interface Candidate {
  readonly block: Block;
  /** Ids of its transactions. */
  readonly ids: readonly Uint8Array[];
  /** Its encoding. */
  readonly bytes: Uint8Array;
  readonly trusted: boolean;
}

/** What a switch of branches changes. */
export interface SwitchedParts {
  readonly tree: BlockTree;
  readonly users: UserIndex;
  readonly bytes: BlockBytes;
  readonly backend: CurveBackend | undefined;
}

/**
 * Makes the branch of `target` the active chain, or leaves everything as it was and tells what failed (CHAIN-44).
 * Blocks that were on the active chain before are known to be valid there and need no second look.
 */
export function switchTo(target: BlockEntry, candidate: Candidate, parts: SwitchedParts): ChainEffect[] {
  const { bytes, tree, users } = parts;
  const branch = tree.branch(target);
  const fork = target.height - branch.length;
  const left: BlockEntry[] = [];
  for (let at = tree.tip; at.height > fork; at = at.parent!) {
    users.disconnect(at.registrations);
    left.push(at);
  }
  for (const [done, entry] of branch.entries()) {
    const failure =
      entry.verdict === 'valid' ? undefined : judge(entry, entry === target ? candidate : undefined, parts);
    if (failure === undefined) {
      users.connect(entry.registrations);
      continue;
    }
    for (const connected of branch.slice(0, done).reverse()) users.disconnect(connected.registrations);
    for (const returning of left.reverse()) users.connect(returning.registrations);
    for (const failed of tree.fail(entry)) bytes.forget(failed);
    const effects = [refusal(entry.id, failure)];
    if (entry !== target)
      effects.push(rejected(target.id, 'invalid-ancestor', 'a block before it may not join the chain'));
    return effects;
  }
  tree.activate(target);
  return [];
}

/** Decides whether a block may join the chain that the user index now holds, and learns what it registers. */
function judge(
  entry: BlockEntry,
  candidate: Candidate | undefined,
  { backend, bytes, users }: SwitchedParts,
): Rejection<ChainCode> | undefined {
  const block = candidate?.block ?? bytes.block(entry);
  if (block === undefined) throw new Error('the bytes of a block that was never connected are kept');
  const ids = candidate?.ids ?? block.transactions.map(transactionId);
  if (candidate?.trusted !== true) {
    const current = (name: string) => users.current(name);
    const verdict = checkConnection(block, { ids, height: entry.height, users, current, backend });
    if (!verdict.ok) return verdict;
  }
  entry.registrations = registrationsOf(block, ids, entry.height);
  entry.verdict = 'valid';
  return undefined;
}

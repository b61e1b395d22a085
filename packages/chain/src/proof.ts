import {
  type BlockHeader,
  decodeTransaction,
  headerId,
  type Network,
  reject,
  sha256d,
  type Transaction,
  type Verdict,
  WireError,
} from '@rookery/wire';
import type { ChainCode } from './codes.ts';
import { checkWork } from './header-work.ts';
import { CHAIN_LIMITS } from './limits.ts';
import type { PowHash } from './pow-hash.ts';
import { readRegistration } from './registration.ts';
import { compareHashes } from './target.ts';
import { checkTransaction } from './transaction.ts';

/** What shows that a block holds a transaction. */
export interface RegistrationProof {
  readonly header: BlockHeader;
  readonly transaction: Transaction;
  /** Siblings from the transaction up to the Merkle root, 32 bytes each. */
  readonly branch: readonly Uint8Array[];
  /** Place of the transaction in the block. */
  readonly index: number;
}

/** What a proof must be about. */
export interface ProofContext {
  readonly network: Network;
  readonly name: string;
  readonly powHash?: PowHash | undefined;
}

/** What a proof that holds tells. */
export interface ProvenRegistration {
  /** Block id, 32 bytes in wire order; to be looked up among the headers of the best chain. */
  readonly blockId: Uint8Array;
  /** Height as the header states it. */
  readonly height: number;
  /** Item 0 of the pubKey script, unchecked; undefined where the script is unusable. */
  readonly publicKey: Uint8Array | undefined;
}

/**
 * Decides whether a proof shows that a block with work holds a valid registration of a name (CHAIN-56).
 * Codes `bad-merkle-proof` (too long, an index that does not fit it, or another root), `ambiguous-proof`,
 * `wrong-user-name`, and those of {@link checkWork} and {@link checkTransaction};
 * no penalties of its own. Not checked: that the header is part of the best chain, and that no later registration of the
 * name exists: no proof can show that.
 */
export function checkRegistrationProof(
  { header, transaction, branch, index }: RegistrationProof,
  { network, name, powHash }: ProofContext,
): Verdict<ChainCode, ProvenRegistration> {
  if (branch.length > CHAIN_LIMITS.branchHashes || !isIndexUnder(branch.length, index))
    return reject('bad-merkle-proof', 'the branch is too long for a block, or the index does not fit it');
  const checked = checkTransaction(transaction, network);
  if (!checked.ok) return checked;
  if (checked.kind !== 'registration') return reject('wrong-user-name', 'the transaction is a promotion');
  const registration = readRegistration(transaction);
  if (registration.name !== name) return reject('wrong-user-name', 'the transaction registers another name');
  let node = checked.id;
  for (const [level, sibling] of branch.entries()) {
    if (sibling.length !== node.length) return reject('bad-merkle-proof', 'a hash of the branch has not 32 bytes');
    const pair = Math.floor(index / 2 ** level) % 2 === 1 ? concatenate(sibling, node) : concatenate(node, sibling);
    if (isTransaction(pair, network))
      return reject(
        'ambiguous-proof',
        'a node of the branch is itself a transaction, so the block may hold that instead',
      );
    node = sha256d(pair);
  }
  if (compareHashes(node, header.merkleRoot) !== 0)
    return reject('bad-merkle-proof', 'the branch does not lead to the Merkle root of the header');
  const work = checkWork(header, network, powHash);
  if (!work.ok) return work;
  return { ok: true, blockId: headerId(header), height: header.height, publicKey: registration.publicKey };
}

function isIndexUnder(levels: number, index: number): boolean {
  return Number.isSafeInteger(index) && index >= 0 && index < 2 ** levels;
}

/**
 * A valid transaction of exactly 64 bytes can be passed off as the node above two hashes, since the key bytes are free:
 * whoever mines one could "prove" a transaction that no block holds.
 */
function isTransaction(node: Uint8Array, network: Network): boolean {
  if (node.length !== CHAIN_LIMITS.nodeBytes) return false;
  try {
    const { value, consumed } = decodeTransaction(node);
    return consumed === node.length && checkTransaction(value, network).ok;
  } catch (error) {
    if (error instanceof WireError) return false;
    throw error;
  }
}

function concatenate(left: Uint8Array, right: Uint8Array): Uint8Array {
  const both = new Uint8Array(left.length + right.length);
  both.set(left);
  both.set(right, left.length);
  return both;
}

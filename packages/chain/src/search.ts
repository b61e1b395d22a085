import {
  type BlockHeader,
  encodeHeader,
  encodeTransaction,
  type Network,
  type Transaction,
  transactionId,
  transactionKind,
} from '@rookery/wire';
import { decodeBits } from './bits.ts';
import { CHAIN_LIMITS } from './limits.ts';
import { searchNonce } from './nonce-search.ts';
import { type PowHash, scryptPowHash } from './pow-hash.ts';
import { compareHashes, targetBytes } from './target.ts';
import { registrationTarget } from './transaction.ts';

const NONCE_BYTES = 4;

/** The nonces that a search looks at, both ends included; several searchers may share them out. */
export interface NonceRange {
  /** Default 0. */
  readonly first?: number;
  /** Default 2^32 − 1. */
  readonly last?: number;
}

/** Where a search stands: plain data, to be kept and taken up later. */
export interface WorkSearch<T> {
  /** What the work is for; its own nonce does not matter. */
  readonly subject: T;
  /** The first nonce that was not tried. */
  readonly next: number;
  readonly last: number;
  /** The subject with the nonce that shows the work; undefined while there is none. */
  readonly found: T | undefined;
  /** What the hash must stay below (registrations) or may reach (headers): 32 bytes in wire order. */
  readonly target: Uint8Array;
}

/**
 * Starts the search for a registration's work (CHAIN-52). Throws `TypeError` for a promotion, which needs none, and
 * `RangeError` for a bad range.
 */
export function startRegistrationSearch(
  transaction: Transaction,
  network: Network,
  range: NonceRange = {},
): WorkSearch<Transaction> {
  if (transactionKind(transaction) !== 'registration') throw new TypeError('a promotion needs no work');
  return { subject: transaction, ...nonces(range), found: undefined, target: registrationTarget(network) };
}

/**
 * Tries up to `tries` nonces more and tells where the search then stands (CHAIN-52): it is over when `found` is there or
 * `next` has passed `last`. An id equal to the target would be valid, but is not taken: deployed miners do not either.
 */
export function stepRegistrationSearch(search: WorkSearch<Transaction>, tries: number): WorkSearch<Transaction> {
  const last = lastOf(search, tries);
  if (last === undefined) return search;
  const encoded = encodeTransaction(search.subject);
  const prefix = encoded.subarray(0, encoded.length - NONCE_BYTES);
  const nonce = searchNonce(prefix, search.next, last, search.target);
  if (nonce === undefined) return { ...search, next: last + 1 };
  const found = { ...search.subject, nonce };
  if (compareHashes(transactionId(found), search.target) >= 0) throw new Error('the search and the hash disagree');
  return { ...search, next: nonce + 1, found };
}

/**
 * Starts the search for a header's work (CHAIN-55). Throws `RangeError` for bits that no work can meet or a bad range.
 */
export function startBlockSearch(header: BlockHeader, range: NonceRange = {}): WorkSearch<BlockHeader> {
  const decoded = decodeBits(header.bits);
  if (!decoded.ok) throw new RangeError(decoded.detail);
  return { subject: header, ...nonces(range), found: undefined, target: targetBytes(decoded.target) };
}

/** Tries up to `tries` nonces more, as {@link stepRegistrationSearch} does; a hash equal to the target is taken (CHAIN-55). */
export function stepBlockSearch(
  search: WorkSearch<BlockHeader>,
  tries: number,
  powHash: PowHash = scryptPowHash,
): WorkSearch<BlockHeader> {
  const last = lastOf(search, tries);
  if (last === undefined) return search;
  for (let nonce = search.next; nonce <= last; nonce += 1) {
    const found = { ...search.subject, nonce };
    if (compareHashes(powHash(encodeHeader(found)), search.target) <= 0) return { ...search, next: nonce + 1, found };
  }
  return { ...search, next: last + 1 };
}

/** Tells whether a search is over: it has found, or has nothing left to try. */
export function isSearchOver(search: WorkSearch<unknown>): boolean {
  return search.found !== undefined || search.next > search.last;
}

function nonces({ first = 0, last = CHAIN_LIMITS.nonce }: NonceRange): { next: number; last: number } {
  const isNonce = (value: number) => Number.isInteger(value) && value >= 0 && value <= CHAIN_LIMITS.nonce;
  if (!isNonce(first) || !isNonce(last) || first > last) throw new RangeError('first and last must be nonces in order');
  return { next: first, last };
}

function lastOf(search: WorkSearch<unknown>, tries: number): number | undefined {
  if (!Number.isSafeInteger(tries) || tries < 1) throw new RangeError('tries must be a positive integer');
  return isSearchOver(search) ? undefined : Math.min(search.last, search.next + tries - 1);
}

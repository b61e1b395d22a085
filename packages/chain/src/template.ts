import type { CurveBackend, UserDirectory } from '@rookery/keys';
import { type Block, merkleRoot, type Transaction, transactionId } from '@rookery/wire';
import { promotionTransaction, type Signer } from './build.ts';
import { CHAIN_LIMITS } from './limits.ts';
import { checkPromotion } from './promotion.ts';
import { type CurrentRegistration, checkName } from './registration.ts';
import type { PooledTransaction } from './transaction-pool.ts';

/** What deployed miners push after their counter (CHAIN-54). */
const MINER_TAG: Uint8Array = /* @__PURE__ */ Uint8Array.from([0x2f, 0x50, 0x32, 0x53, 0x48, 0x2f]);

/** What the next block is to be like. */
export interface BlockTemplate {
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** The promoted text, 1 to 140 code points. */
  readonly message: string;
  /** A registered user who signs it; default `nobody`, who does not. */
  readonly author?: (Signer & { readonly name: string }) | undefined;
  /** Bytes that tell this miner's blocks apart; deployed miners take 4 random ones. */
  readonly salt?: Uint8Array | undefined;
  /** A counter, to be raised when all nonces of a block are spent; a safe integer from 0 on, default 1. */
  readonly extraNonce?: number | undefined;
  /** Largest size of the block, in bytes; default 12,500. */
  readonly maxBytes?: number | undefined;
}

/** Where a new block goes. */
interface BlockPlace {
  readonly prev: Uint8Array;
  readonly height: number;
  /** Seconds since the Unix epoch. */
  readonly time: number;
  readonly bits: number;
}

/** What is known of the chain that a new block extends. */
interface TemplateContext {
  readonly maxBytes: number;
  readonly reservedBytes: number;
  readonly users: UserDirectory;
  readonly current: (name: string) => CurrentRegistration | undefined;
  readonly backend: CurveBackend | undefined;
}

/**
 * Builds a block without its work (CHAIN-55): the promotion, then of the waiting registrations, given by rising id, the first
 * of each name that may be connected and for which there is room. Its nonce is 0.
 * Throws `RangeError` for a promotion that the rules refuse at this place.
 */
export function buildBlock(
  request: BlockTemplate,
  place: BlockPlace,
  waiting: Iterable<PooledTransaction>,
  { maxBytes, reservedBytes, users, current, backend }: TemplateContext,
): Block {
  const { author, extraNonce = 1, message: text, salt } = request;
  const extra = [littleEndian(extraNonce), MINER_TAG];
  const signer = author === undefined ? {} : { author: backend === undefined ? author : { backend, ...author } };
  const promotion = promotionTransaction({ text, extra, ...signer, ...(salt === undefined ? {} : { salt }) });
  const authored = checkPromotion(promotion, place.height, users, backend);
  if (!authored.ok) throw new RangeError(authored.detail);
  const transactions: Transaction[] = [promotion];
  const ids = [transactionId(promotion)];
  const names = new Set<string>();
  let size = reservedBytes;
  for (const { bytes, id, name, transaction } of waiting) {
    if (names.has(name) || size + bytes.length >= Math.min(maxBytes, CHAIN_LIMITS.blockBytes)) continue;
    if (!checkName(transaction, id, current(name), backend).ok) continue;
    names.add(name);
    transactions.push(transaction);
    ids.push(id);
    size += bytes.length;
  }
  const { prev, height, time, bits } = place;
  const version = CHAIN_LIMITS.blockVersion;
  return { header: { version, height, prev, merkleRoot: merkleRoot(ids), time, bits, nonce: 0 }, transactions };
}

/** A counter as a script number: as few bytes as hold it, least significant first, the top bit of the last one clear. */
function littleEndian(value: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError('extraNonce must be a safe integer from 0 on');
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0; rest = Math.floor(rest / 256)) bytes.push(rest % 256);
  if ((bytes.at(-1) ?? 0) > 127) bytes.push(0);
  return Uint8Array.from(bytes);
}

/** The counter after this one; the bytes of any other push count as a number too. */
export function nextCounter(counter: Uint8Array): Uint8Array {
  const value = counter.reduceRight((sum, byte) => sum * 256 + byte, 0) + 1;
  return littleEndian(Number.isSafeInteger(value) ? value : 0);
}

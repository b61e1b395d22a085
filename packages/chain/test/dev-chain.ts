import { bytesToHex } from '@noble/hashes/utils.js';
import { type CurveBackend, defaultBackend } from '@rookery/keys';
import {
  type Block,
  type BlockHeader,
  encodeBlock,
  headerId,
  merkleRoot,
  type Transaction,
  transactionId,
} from '@rookery/wire';
import {
  genesisBlock,
  LIMIT_BITS,
  type PowHash,
  promotionTransaction,
  registrationTransaction,
  startRegistrationSearch,
  stepRegistrationSearch,
} from '../src/index.ts';

/** Every header of the dev network shows enough work by this hash, so that blocks need not be mined. */
export const noWork: PowHash = () => new Uint8Array(32);

/** A backend that remembers which signatures it has judged: tests that rebuild the same chain check each but once. */
export function rememberingBackend(): CurveBackend {
  const judged = new Map<string, boolean>();
  const backend = defaultBackend();
  return {
    ...backend,
    matches: (digest, compact, recovery, publicKey) => {
      const key = [digest, compact, Uint8Array.of(recovery), publicKey].map(bytesToHex).join(' ');
      const known = judged.get(key) ?? backend.matches(digest, compact, recovery, publicKey);
      judged.set(key, known);
      return known;
    },
  };
}

/** A block of the dev network with what tests ask about it. */
export interface DevBlock {
  readonly id: Uint8Array;
  readonly header: BlockHeader;
  readonly block: Block;
  readonly bytes: Uint8Array;
}

function devBlock(block: Block): DevBlock {
  return { id: headerId(block.header), header: block.header, block, bytes: encodeBlock(block) };
}

/** The first block. */
export const genesis: DevBlock = devBlock(genesisBlock('dev'));

/** Milliseconds at which every block of these tests may exist. */
export const NOW = (genesis.header.time + 100_000_000) * 1000;

/** A secret of 32 equal bytes and its public key. */
export function keyPair(byte: number): { readonly secret: Uint8Array; readonly publicKey: Uint8Array } {
  const secret = new Uint8Array(32).fill(byte);
  return { secret, publicKey: defaultBackend().derivePublicKey(secret, true) };
}

/** A registration with its work done; `by` is the key that it replaces. */
export function registration(name: string, key: number, by?: number): Transaction {
  const { publicKey } = keyPair(key);
  const replaces = by === undefined ? {} : { replaces: { secret: keyPair(by).secret } };
  let search = startRegistrationSearch(registrationTransaction({ name, publicKey, ...replaces }), 'dev');
  while (search.found === undefined) search = stepRegistrationSearch(search, 8);
  return search.found;
}

/** What a test wants of a block. */
export interface BlockWish {
  readonly registrations?: readonly Transaction[];
  readonly text?: string;
  readonly promotion?: Transaction;
  readonly header?: Partial<BlockHeader>;
}

/** A block on another one. */
export function blockOn(
  parent: DevBlock,
  { registrations = [], text = 'test', promotion, header }: BlockWish = {},
): DevBlock {
  const transactions = [promotion ?? promotionTransaction({ text }), ...registrations];
  const { height, time } = parent.header;
  const plain = {
    version: 2,
    height: height + 1,
    prev: parent.id,
    merkleRoot: merkleRoot(transactions.map(transactionId)),
    time: time + 600,
    bits: LIMIT_BITS,
    nonce: 0,
  };
  return devBlock({ header: { ...plain, ...header }, transactions });
}

/** Blocks on each other, the lowest first; `text` tells one branch from another. */
export function branchOn(parent: DevBlock, count: number, text = 'branch'): DevBlock[] {
  const blocks: DevBlock[] = [];
  for (let last = parent; blocks.length < count; last = blocks.at(-1)!) blocks.push(blockOn(last, { text }));
  return blocks;
}

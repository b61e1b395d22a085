import {
  blockSize,
  decodeBlock,
  decodeUtf8,
  parseSmallString,
  sha256d,
  transactionId,
  transactionKind,
} from '@rookery/wire';
import { parsePrintedId, printedId } from '../../bytes.ts';
import type { TwisterNode } from '../../node.ts';
import { promotedPost, promotionOf } from '../../posts/promotions.ts';
import { RpcError } from '../errors.ts';
import type { Method } from '../method.ts';
import { Real, type RpcObject, type RpcValue } from '../value.ts';

/** The exponent at which a target counts as difficulty 1, and the mantissa. */
const UNIT_EXPONENT = 29;
const UNIT_MANTISSA = 0xffff;

const getBlockCount: Method = {
  name: 'getblockcount',
  usage: '',
  summary: 'Height of the best block.',
  arity: [0, 0],
  call: (_, { users }) => users.tip.height,
};

const getBestBlockHash: Method = {
  name: 'getbestblockhash',
  usage: '',
  summary: 'Id of the best block.',
  arity: [0, 0],
  isPublic: true,
  call: (_, { users }) => printedId(users.tip.id),
};

const getBlockHash: Method = {
  name: 'getblockhash',
  usage: '<index>',
  summary: 'Id of the block of the best chain at a height.',
  arity: [1, 1],
  call(params, { users }) {
    const id = users.blockIdAt(params.integer(0));
    if (id === undefined) throw new RpcError('misc', 'Block number out of range.');
    return printedId(id);
  },
};

const getBlock: Method = {
  name: 'getblock',
  usage: '<hash> [verbose=true]',
  summary: 'A block, or its bytes in hexadecimal if verbose is false.',
  arity: [1, 2],
  isPublic: true,
  call(params, node) {
    const id = parsePrintedId(params.text(0));
    const verbose = params.booleanOr(1, true);
    const bytes = id === undefined ? undefined : node.users.blockBytes(id);
    if (id === undefined || bytes === undefined) throw new RpcError('invalidAddressOrKey', 'Block not found');
    return verbose ? blockToJson(id, bytes, node) : Buffer.from(bytes).toString('hex');
  },
};

const getDifficulty: Method = {
  name: 'getdifficulty',
  usage: '',
  summary: 'Difficulty of the best block.',
  arity: [0, 0],
  call: (_, { users }) => difficultyOf(users.tip.bits),
};

const getRawMemPool: Method = {
  name: 'getrawmempool',
  usage: '',
  summary: 'Ids of the registrations that wait for a block.',
  arity: [0, 0],
  call: (_, { users }) => users.pool().map(printedId),
};

const getSpamPosts: Method = {
  name: 'getspamposts',
  usage: '<count> [max_id] [since_id]',
  summary:
    'Promoted messages of the best chain by rising height, each run of the same one once; max_id and since_id are heights.',
  arity: [1, 3],
  call(params, { users }) {
    const count = params.integer(0);
    const most = params.integerOr(1, -1);
    const since = Math.max(params.integerOr(2, -1), -1);
    const posts: RpcValue[] = [];
    let last: RpcValue = null;
    const { height: tip } = users.tip;
    for (let height = most === -1 ? tip : Math.min(most, tip); height > since && posts.length < count; height -= 1) {
      const bytes = users.blockBytes(users.blockIdAt(height)!);
      if (bytes === undefined) continue;
      const block = decodeBlock(bytes).value;
      const { text, user } = promotionOf(block);
      if (text === last) continue;
      last = text;
      // Height 0 reads as unset there, so the first block's message carries the tip.
      const shown = promotedPost(text, user, height === 0 ? tip : height, block.header.time) as {
        readonly userpost: RpcObject;
      };
      posts.unshift(height === 0 ? { sig_userpost: '', userpost: { ...shown.userpost, k: 1 } } : (shown as RpcObject));
    }
    return posts;
  },
};

/** Methods about the registration chain. */
export const BLOCK_METHODS: readonly Method[] = [
  getBlockCount,
  getBestBlockHash,
  getBlockHash,
  getBlock,
  getDifficulty,
  getRawMemPool,
  getSpamPosts,
];

/** The difficulty that compact bits stand for, as twisterd reckons it. */
export function difficultyOf(bits: number): Real {
  const mantissa = bits & 0xff_ffff;
  return new Real((UNIT_MANTISSA / mantissa) * 256 ** (UNIT_EXPONENT - (bits >>> 24)));
}

function blockToJson(id: Uint8Array, bytes: Uint8Array, { users }: TwisterNode): RpcObject {
  const block = decodeBlock(bytes).value;
  const { header, transactions } = block;
  const activeHeight = users.heightOf(id);
  const { height = 0 } = users.entry(id) ?? {};
  const promotion = promotionOf(block);
  const registrations = transactions.filter((transaction) => transactionKind(transaction) === 'registration');
  const names = registrations.map((transaction) => parseSmallString(transaction.userName) ?? new Uint8Array());
  const next = activeHeight === undefined ? undefined : users.blockIdAt(activeHeight + 1);
  return {
    hash: printedId(id),
    confirmations: activeHeight === undefined ? 0 : users.tip.height - activeHeight + 1,
    size: blockSize(block),
    height,
    version: header.version,
    merkleroot: printedId(header.merkleRoot),
    tx: transactions.map((transaction) => printedId(transactionId(transaction))),
    spamMessage: promotion.text,
    spamUser: promotion.user,
    userhashes: names.map(userHash),
    usernames: names.map((name) => decodeUtf8(name) ?? name),
    time: header.time,
    nonce: header.nonce,
    bits: header.bits.toString(16).padStart(8, '0'),
    difficulty: difficultyOf(header.bits),
    ...(height === 0 ? {} : { previousblockhash: printedId(header.prev) }),
    ...(next === undefined ? {} : { nextblockhash: printedId(next) }),
  };
}

/** The hash that stands for a registration in some answers: of its name, with the length before it. */
export function userHash(name: Uint8Array): string {
  return printedId(sha256d(Uint8Array.from([name.length, ...name])));
}

import { hexToBytes } from '@noble/hashes/utils.js';
import {
  checkBlock,
  checkCheckpointVote,
  checkPromotion,
  checkReplacement,
  checkTransaction,
  checkUserName,
  decodeBits,
  encodeBits,
  medianTime,
  minWork,
  nextBits,
  type SoftCheckpoint,
  workOfBits,
} from '@rookery/chain';
import { decodeBlock, decodeCheckpointVote, decodeTransaction } from '@rookery/wire';
import {
  asInteger,
  BadRequest,
  bytes,
  type Input,
  integer,
  isObject,
  listOf,
  network,
  optionalBytes,
  optionalInteger,
  showBytes,
  users,
} from '../input.ts';
import { type Answer, fromVerdict, type Operation, type Operations, ok, refused } from '../operation.ts';

const UINT32_MAX = 0xffff_ffff;
const TARGET_BYTES = 32;
const MEDIAN_TIMES = 11;

/** Reads a field that is uint32 on the wire. */
function uint32(input: Input, name: string): number {
  const value = integer(input, name);
  if (value < 0 || value > UINT32_MAX) throw new BadRequest(`${name} must be an unsigned 32-bit integer`);
  return value;
}

/** Reads an integer that may be left out, or be null where there is none. */
function integerOrNone(input: Input, name: string): number | undefined {
  return input[name] === null ? undefined : optionalInteger(input, name);
}

/** The last soft checkpoint: its height alone, or height and hash. */
function lastSoft(input: Input): SoftCheckpoint | undefined {
  const value = input.lastSoft;
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) return { height: asInteger(value, 'lastSoft') };
  return { height: integer(value, 'height'), hash: optionalBytes(value, 'hash') };
}

function decodeTarget(input: Input): bigint {
  const target = bytes(input, 'target');
  if (target.length !== TARGET_BYTES) throw new BadRequest(`target must have ${TARGET_BYTES} bytes`);
  return BigInt(`0x${showBytes(target)}`);
}

function showTarget(target: bigint): string {
  return showBytes(hexToBytes(target.toString(16).padStart(2 * TARGET_BYTES, '0')));
}

/**
 * A check that refuses where one of the fields is left out: it stands for one missing on the wire, or for one of the judging side that
 * nothing agrees with.
 */
function check(codes: Readonly<Record<string, string>>, judge: Operation): Operation {
  return (input, context) => {
    const missing = Object.keys(codes).find((name) => input[name] === undefined);
    return missing === undefined ? judge(input, context) : refused(codes[missing]!);
  };
}

/** Deployed nodes score every refused block, some with 0. */
function scored(answer: Answer): Answer {
  return 'reject' in answer ? refused(answer.reject.code, answer.reject.penalty ?? 0) : answer;
}

/** The operations of the registration chain. */
export const chainOperations: Operations = {
  'username.check': check({ name: 'bad-user-name' }, (input) => fromVerdict(checkUserName(bytes(input, 'name')))),

  'bits.decode': (input) =>
    fromVerdict(decodeBits(uint32(input, 'bits')), ({ target }) => ({ target: showTarget(target) })),

  'bits.encode': (input) => ok({ bits: encodeBits(decodeTarget(input)) }),

  'work.ofBits': (input) => ok({ work: workOfBits(uint32(input, 'bits')).toString() }),

  'work.min': (input) => ok({ bits: minWork(uint32(input, 'bits'), integer(input, 'elapsed')) }),

  'difficulty.next': (input) => {
    const context = {
      height: integer(input, 'prevHeight'),
      time: integer(input, 'prevTime'),
      bits: uint32(input, 'prevBits'),
      firstTime: integerOrNone(input, 'firstTime'),
      newTime: integerOrNone(input, 'time'),
      lastBits: integerOrNone(input, 'lastBits'),
    };
    return ok({ bits: nextBits(network(input), context) });
  },

  'time.median': (input) => {
    const times = listOf(input, 'times', asInteger);
    if (times.length < 1 || times.length > MEDIAN_TIMES) throw new BadRequest('times must hold 1 to 11 times');
    return ok({ time: medianTime(times) });
  },

  'tx.check': check({ bytes: 'truncated' }, (input) => {
    const rules = network(input);
    return fromVerdict(checkTransaction(decodeTransaction(bytes(input, 'bytes')).value, rules), () => ({}));
  }),

  'tx.replaces': (input, { backend }) => {
    const current = bytes(input, 'current');
    return fromVerdict(checkReplacement(decodeTransaction(bytes(input, 'bytes')).value, current, backend));
  },

  'promotion.check': check(
    { bytes: 'truncated', height: 'unknown-promotion-author', users: 'unknown-promotion-author' },
    (input, { backend }) => {
      const height = integer(input, 'height');
      const directory = users(input);
      return fromVerdict(checkPromotion(decodeTransaction(bytes(input, 'bytes')).value, height, directory, backend));
    },
  ),

  'checkpoint.vote.check': check(
    { bytes: 'truncated', tip: 'vote-too-early', users: 'bad-vote-signature' },
    (input, { backend }) => {
      const tip = integer(input, 'tip');
      const context = { network: network(input), tip, users: users(input, tip), lastSoft: lastSoft(input), backend };
      return fromVerdict(checkCheckpointVote(decodeCheckpointVote(bytes(input, 'bytes')).value, context));
    },
  ),

  'block.check': check({ bytes: 'truncated', now: 'time-too-new' }, (input) => {
    const context = { network: network(input), now: integer(input, 'now') };
    return scored(fromVerdict(checkBlock(decodeBlock(bytes(input, 'bytes')).value, context), () => ({})));
  }),
};

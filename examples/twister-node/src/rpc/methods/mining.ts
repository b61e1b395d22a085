import { countCodePoints } from '@rookery/wire';
import { RpcError } from '../errors.ts';
import type { Method } from '../method.ts';
import type { RpcValue } from '../value.ts';
import { difficultyOf } from './blocks.ts';

/** Longest promoted text, in code points. */
const LONGEST_TEXT = 140;
const UNLIMITED = -1;

const setGenerate: Method = {
  name: 'setgenerate',
  usage: '<generate> [genproclimit]',
  summary:
    'Switches the production of blocks on or off; at most genproclimit threads, -1 as many as there are processors.',
  arity: [1, 2],
  call(params, { pool, producer }): RpcValue {
    const isOn = params.boolean(0);
    const limit = params.integerOr(1, UNLIMITED);
    producer.set(isOn && limit !== 0 ? Math.min(limit < 0 ? pool.size : limit, pool.size) : 0);
    return null;
  },
};

const getGenerate: Method = {
  name: 'getgenerate',
  usage: '',
  summary: 'Whether blocks are produced.',
  arity: [0, 0],
  call: (_, { producer }) => producer.threads > 0,
};

const getMiningInfo: Method = {
  name: 'getmininginfo',
  usage: '',
  summary: 'How the production of blocks is doing.',
  arity: [0, 0],
  call: (_, { options, producer, users }) => ({
    blocks: users.tip.height,
    currentblocksize: 0,
    currentblocktx: 0,
    difficulty: difficultyOf(users.tip.bits),
    errors: '',
    generate: producer.threads > 0,
    genproclimit: producer.threads === 0 ? UNLIMITED : producer.threads,
    hashespersec: 0,
    pooledtx: users.pool().length,
    testnet: options.network === 'testnet',
  }),
};

const setSpamMsg: Method = {
  name: 'setspammsg',
  usage: '<username> <msg> [add|remove|replace]',
  summary: 'Sets what blocks produced here promote, and who signs it.',
  arity: [2, 3],
  call(params, { producer }): RpcValue {
    const user = params.text(0);
    const bytes = params.bytes(1);
    const operation = params.textOr(2, 'replace');
    const length = countCodePoints(bytes);
    if (length < 0) throw new RpcError('internal', 'spam message invalid utf8');
    if (length === 0) throw new RpcError('internal', 'empty spam message');
    if (length > LONGEST_TEXT) throw new RpcError('internal', 'spam message too big');
    const text = params.text(1);
    const others = producer.texts.filter((other) => other !== text);
    if (operation === 'add') producer.texts = [...others, text];
    else if (operation === 'remove') producer.texts = others;
    else if (operation === 'replace') producer.texts = [text];
    else throw new RpcError('invalidParameter', 'unknown operation');
    producer.promoter = user;
    return [...producer.texts];
  },
};

const getSpamMsg: Method = {
  name: 'getspammsg',
  usage: '',
  summary: 'What blocks produced here promote, after the name of who signs it.',
  arity: [0, 0],
  call: (_, { producer: { defaultText, promoter, texts } }) => [
    promoter,
    ...(texts.length === 0 ? [defaultText] : texts),
  ],
};

const setPreferredSpamLang: Method = {
  name: 'setpreferredspamlang',
  usage: '<langcode>',
  summary: "Sets the language of promoted messages to be shown, or 'none'.",
  arity: [1, 1],
  call(params, { promotions }): RpcValue {
    promotions.language = params.text(0);
    return null;
  },
};

const getPreferredSpamLang: Method = {
  name: 'getpreferredspamlang',
  usage: '',
  summary: 'The language of promoted messages to be shown.',
  arity: [0, 0],
  call: (_, { promotions }) => promotions.language,
};

/** Methods about the production of blocks and what they promote. */
export const MINING_METHODS: readonly Method[] = [
  setGenerate,
  getGenerate,
  getMiningInfo,
  setSpamMsg,
  getSpamMsg,
  setPreferredSpamLang,
  getPreferredSpamLang,
];

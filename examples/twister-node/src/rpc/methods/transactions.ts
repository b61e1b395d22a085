import { readRegistration, registrationTransaction } from '@rookery/chain';
import { isPublicKeySyntax } from '@rookery/keys';
import {
  decodeBlock,
  decodeTransaction,
  decodeUtf8,
  encodeScript,
  encodeTransaction,
  parseScriptItems,
  type Transaction,
  transactionId,
  WireError,
} from '@rookery/wire';
import { printedId } from '../../bytes.ts';
import { mineTransaction } from '../../work/registrar.ts';
import { RpcError } from '../errors.ts';
import type { Method } from '../method.ts';
import type { Params } from '../params.ts';
import type { RpcObject } from '../value.ts';
import { userHash } from './blocks.ts';

const HEX = /^(?:[0-9a-fA-F]{2})+$/;

const getRawTransaction: Method = {
  name: 'getrawtransaction',
  usage: '<username> [verbose=0]',
  summary: 'The registration of a user, in hexadecimal, or as an object if verbose is not 0.',
  arity: [1, 2],
  call(params, node) {
    const name = params.text(0);
    const verbose = params.integerOr(1, 0) !== 0;
    const last = node.users.user(name)?.history.at(-1);
    const id = last === undefined ? undefined : node.users.blockIdAt(last.height);
    const bytes = id === undefined ? undefined : node.users.blockBytes(id);
    if (last === undefined || id === undefined || bytes === undefined)
      throw new RpcError('invalidAddressOrKey', 'No information available about transaction');
    const block = decodeBlock(bytes).value;
    const transaction = block.transactions[last.index]!;
    const hex = Buffer.from(encodeTransaction(transaction)).toString('hex');
    if (!verbose) return hex;
    const { time } = block.header;
    const confirmations = 1 + node.users.tip.height - last.height;
    const place = { blockhash: printedId(id), height: last.height, confirmations, time, blocktime: time };
    return { hex, ...transactionToJson(transaction), ...place };
  },
};

const createRawTransaction: Method = {
  name: 'createrawtransaction',
  usage: '<username> <pubKey> [signedByOldKey]',
  summary: 'Builds a registration and does its work; it is neither kept nor sent.',
  arity: [2, 3],
  async call(params, node) {
    if (typeof params.value(0) !== 'string') throw new RpcError('invalidParameter', 'username must be string');
    const name = params.text(0);
    const publicKey = hexOf(params, 1, 'pubkey');
    if (!isPublicKeySyntax(publicKey)) throw new RpcError('internal', 'pubkey is not valid');
    const transaction = built(name, publicKey);
    const items = params.count > 2 ? [publicKey, hexOf(params, 2, 'signedByOldKey')] : [publicKey];
    const bytes = await mineTransaction(name, { ...transaction, pubKey: encodeScript(items) }, node);
    if (bytes === undefined) throw new RpcError('internal', 'no nonce shows the work');
    return Buffer.from(bytes).toString('hex');
  },
};

const decodeRawTransaction: Method = {
  name: 'decoderawtransaction',
  usage: '<hex string>',
  summary: 'Shows a transaction.',
  arity: [1, 1],
  call: (params) => transactionToJson(readTransaction(hexOf(params, 0, 'argument'))),
};

const sendRawTransaction: Method = {
  name: 'sendrawtransaction',
  usage: '<hex string>',
  summary: 'Sends a registration to the network and returns its id.',
  arity: [1, 1],
  call(params, node) {
    const bytes = hexOf(params, 0, 'parameter');
    const transaction = readTransaction(bytes);
    const id = transactionId(transaction);
    const current = node.users.user(readRegistration(transaction).name ?? '')?.history.at(-1);
    if (current !== undefined && Buffer.compare(current.id, id) === 0)
      throw new RpcError('invalidAddressOrKey', 'transaction already in block chain');
    if (!node.chain.submit(bytes)) throw new RpcError('deserialization', 'TX rejected');
    return printedId(id);
  },
};

/** Methods about transactions. */
export const TRANSACTION_METHODS: readonly Method[] = [
  getRawTransaction,
  createRawTransaction,
  decodeRawTransaction,
  sendRawTransaction,
];

function transactionToJson(transaction: Transaction): RpcObject {
  const name = parseScriptItems(transaction.userName)?.[0] ?? new Uint8Array();
  const text = parseScriptItems(transaction.message)?.[0] ?? new Uint8Array();
  const items = parseScriptItems(transaction.pubKey);
  return {
    txid: userHash(name),
    version: transaction.version,
    message: decodeUtf8(text) ?? text,
    username: decodeUtf8(name) ?? name,
    ...(items === undefined ? {} : { pubKey: items.map((item) => Buffer.from(item).toString('hex')) }),
    // A signed number there.
    nonce: transaction.nonce | 0,
  };
}

function built(name: string, publicKey: Uint8Array): Transaction {
  try {
    return registrationTransaction({ name, publicKey });
  } catch (error) {
    if (error instanceof RangeError) throw new RpcError('internal', error.message);
    throw error;
  }
}

function readTransaction(bytes: Uint8Array): Transaction {
  try {
    return decodeTransaction(bytes).value;
  } catch (error) {
    if (error instanceof WireError) throw new RpcError('deserialization', 'TX decode failed');
    throw error;
  }
}

function hexOf(params: Params, index: number, name: string): Uint8Array {
  const value = params.value(index);
  const text = typeof value === 'string' ? value : '';
  if (!HEX.test(text)) throw new RpcError('invalidParameter', `${name} must be hexadecimal string (not '${text}')`);
  return new Uint8Array(Buffer.from(text, 'hex'));
}

import {
  blockSize,
  decodeBlock,
  decodeHeader,
  decodeMessage,
  decodeShortUrl,
  decodeTransaction,
  decodeUtf8,
  encodeHeader,
  encodeMessage,
  encodeScript,
  encodeShortUrl,
  encodeTransaction,
  extractPartialMerkle,
  foldMerkleBranch,
  merkleBranch,
  merkleRoot,
  parseScriptItems,
  parseSmallString,
  type ScriptItem,
  type Transaction,
  transactionId,
  transactionKind,
  WIRE_LIMITS,
} from '@rookery/wire';
import { asHeader, showHeader } from '../header-json.ts';
import {
  asBytes,
  asObject,
  BadRequest,
  bigint,
  bytes,
  type Input,
  integer,
  listOf,
  network,
  showBytes,
  text,
} from '../input.ts';
import { type Operations, ok, refused } from '../operation.ts';
import { payloadOperations } from './payloads.ts';

/** A pushed item: bytes, or `{"n": integer}` for a number of 64 bits. */
function asScriptItem(value: unknown, name: string): ScriptItem {
  return typeof value === 'string' ? asBytes(value, name) : bigint(asObject(value, name), 'n');
}

function asHash(value: unknown, name: string): Uint8Array {
  const hash = asBytes(value, name);
  if (hash.length !== WIRE_LIMITS.hashBytes) throw new BadRequest(`${name} must have ${WIRE_LIMITS.hashBytes} bytes`);
  return hash;
}

function txIds(input: Input): Uint8Array[] {
  const ids = listOf(input, 'txIds', asHash);
  if (ids.length === 0) throw new BadRequest('txIds must not be empty');
  return ids;
}

/** The name that a transaction carries: of a registration its one push, of a promotion the first of several. */
function userOf(transaction: Transaction): string | null {
  const name =
    transactionKind(transaction) === 'registration'
      ? parseSmallString(transaction.userName)
      : parseScriptItems(transaction.userName)?.[0];
  return (name && decodeUtf8(name)) ?? null;
}

function showTransaction(transaction: Transaction): object {
  return {
    version: transaction.version,
    message: showBytes(transaction.message),
    userName: showBytes(transaction.userName),
    pubKey: showBytes(transaction.pubKey),
    nonce: transaction.nonce,
    id: showBytes(transactionId(transaction)),
    kind: transactionKind(transaction),
    user: userOf(transaction),
    items: parseScriptItems(transaction.pubKey)?.map(showBytes) ?? null,
  };
}

/** Serialisation of the chain, Merkle trees, messages with their payloads, and short URLs. */
export const wireOperations: Operations = {
  'script.encode': (input) => ok({ bytes: showBytes(encodeScript(listOf(input, 'items', asScriptItem))) }),
  'script.items': (input) => {
    const items = parseScriptItems(bytes(input, 'bytes'));
    return items === undefined ? refused('unusable-script') : ok({ items: items.map(showBytes) });
  },

  'tx.decode': (input) => {
    const { value, consumed } = decodeTransaction(bytes(input, 'bytes'));
    return ok({ ...showTransaction(value), consumed });
  },
  'tx.encode': (input) => {
    const encoded = encodeTransaction({
      version: integer(input, 'version'),
      message: bytes(input, 'message'),
      userName: bytes(input, 'userName'),
      pubKey: bytes(input, 'pubKey'),
      nonce: integer(input, 'nonce'),
    });
    return ok({ bytes: showBytes(encoded) });
  },

  'header.decode': (input) => ok(showHeader(decodeHeader(bytes(input, 'bytes')))),
  'header.encode': (input) => ok({ bytes: showBytes(encodeHeader(asHeader(input))) }),
  'block.decode': (input) => {
    const { value, consumed } = decodeBlock(bytes(input, 'bytes'));
    return ok({
      header: showHeader(value.header),
      txIds: value.transactions.map((transaction) => showBytes(transactionId(transaction))),
      size: blockSize(value),
      consumed,
    });
  },

  'merkle.root': (input) => ok({ root: showBytes(merkleRoot(txIds(input))) }),
  'merkle.branch': (input) => {
    const ids = txIds(input);
    const index = integer(input, 'index');
    if (index < 0 || index >= ids.length) throw new BadRequest('index must lie within txIds');
    return ok({ branch: merkleBranch(ids, index).map(showBytes) });
  },
  'merkle.verify': (input) => {
    const txId = asHash(input.txId, 'txId');
    const root = asHash(input.root, 'root');
    const branch = listOf(input, 'branch', asHash);
    const index = integer(input, 'index');
    if (index < 0) return refused('bad-merkle-proof');
    const folded = foldMerkleBranch(txId, branch, index);
    return showBytes(folded) === showBytes(root) ? ok() : refused('bad-merkle-proof');
  },
  'partialMerkle.extract': (input) => {
    const { root, matches } = extractPartialMerkle({
      totalTx: integer(input, 'totalTx'),
      hashes: listOf(input, 'hashes', asHash),
      flags: bytes(input, 'flags'),
    });
    return ok({
      root: showBytes(root),
      matches: matches.map(({ index, txId }) => ({ index, txId: showBytes(txId) })),
    });
  },

  'message.decode': (input) => {
    const { value, consumed } = decodeMessage(bytes(input, 'bytes'), network(input));
    return ok({ command: value.command, payload: showBytes(value.payload), consumed });
  },
  'message.encode': (input) =>
    ok({ bytes: showBytes(encodeMessage(network(input), text(input, 'command'), bytes(input, 'payload'))) }),

  'shorturl.encode': (input) => ok({ url: encodeShortUrl({ uid: integer(input, 'uid'), k: integer(input, 'k') }) }),
  'shorturl.decode': (input) => ok(decodeShortUrl(text(input, 'url'), 'deployed')),

  ...payloadOperations,
};

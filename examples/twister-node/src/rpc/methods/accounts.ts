import { decodeWif, encodeWif, KeysError, type SecretKey } from '@rookery/keys';
import { decodeTransaction, transactionId } from '@rookery/wire';
import { printedId } from '../../bytes.ts';
import type { TwisterNode } from '../../node.ts';
import { mineRegistration } from '../../work/registrar.ts';
import { RpcError } from '../errors.ts';
import type { Method } from '../method.ts';
import type { RpcValue } from '../value.ts';

const GROUP_MARK = '*';

const createWalletUser: Method = {
  name: 'createwalletuser',
  usage: '<username> [replacekey=false]',
  summary:
    'Makes a key for a new user, or another one for a registered user, and returns its secret; publish it with sendnewusertransaction.',
  arity: [1, 2],
  call(params, node) {
    const name = params.text(0);
    const replaces = params.booleanOr(1, false);
    const present = node.wallet.key(name);
    if (present !== undefined && !replaces)
      throw new RpcError('invalidAccountName', 'Error: this username exists in wallet');
    if (present === undefined && replaces)
      throw new RpcError('invalidAccountName', 'Error: replacekey given but old key not in wallet');
    if (!replaces && node.users.user(name) !== undefined)
      throw new RpcError('invalidAccountName', 'Error: this username exists in tx database');
    const key = replaces ? node.wallet.replace(name) : node.wallet.create(name);
    return encodeWif(key!, node.options.network);
  },
};

const sendNewUserTransaction: Method = {
  name: 'sendnewusertransaction',
  usage: '<username>',
  summary:
    'Does the work of a registration with the key of createwalletuser, sends it to the network and returns its id.',
  arity: [1, 1],
  async call(params, node) {
    if (typeof params.value(0) !== 'string') throw new RpcError('invalidParameter', 'username must be string');
    const name = params.text(0);
    if (node.wallet.key(name) === undefined)
      throw new RpcError('invalidAccountName', 'Error: username must exist in wallet');
    const replaces = node.wallet.endorser(name) !== undefined;
    const isRegistered = node.users.user(name) !== undefined;
    if (!replaces && isRegistered)
      throw new RpcError('invalidAccountName', 'Error: this username exists in tx database');
    if (replaces && !isRegistered)
      throw new RpcError('invalidAccountName', 'Error: key replacemente requires old key in tx database');
    const bytes = await mine(name, node);
    if (!node.chain.submit(bytes)) throw new RpcError('deserialization', 'TX rejected');
    if (replaces) node.wallet.forgetReplacement(name);
    return printedId(transactionId(decodeTransaction(bytes).value));
  },
};

const listWalletUsers: Method = {
  name: 'listwalletusers',
  usage: '',
  summary: 'Names of the users of whom there are keys.',
  arity: [0, 0],
  isPublic: true,
  call(_, node) {
    if (node.options.publicServer) return [];
    return node.wallet.keys().flatMap(({ label }) => (label.startsWith(GROUP_MARK) ? [] : [label]));
  },
};

const importPrivKey: Method = {
  name: 'importprivkey',
  usage: '<secret> <username> [rescan=true] [allow_new_user=false]',
  summary: 'Takes in the key of a registered user, or with allow_new_user of one who is not registered yet.',
  arity: [2, 4],
  call(params, node): RpcValue {
    const wif = params.text(0);
    const name = params.text(1);
    const rescans = params.booleanOr(2, true);
    const allowsNew = params.booleanOr(3, false);
    const secret = readSecret(wif, node);
    const registered = node.users.keyAt(name, Number.MAX_SAFE_INTEGER);
    if (registered === undefined && !allowsNew)
      throw new RpcError('invalidAddressOrKey', 'User must exist (or allow_new_user flag must be set)');
    const publicKey = node.backend.derivePublicKey(secret.secret, secret.compressed);
    if (registered !== undefined && Buffer.compare(registered, publicKey) !== 0) {
      const message = 'Private key mismatch to existing public key (wrong username?)';
      throw new RpcError('invalidAddressOrKey', message);
    }
    if (node.wallet.has(publicKey)) return null;
    node.wallet.add(name, secret);
    node.swarms.join(name);
    if (rescans) node.inbox.rescan(node.following.of(name));
    return null;
  },
};

const dumpPrivKey: Method = {
  name: 'dumpprivkey',
  usage: '<username>',
  summary: 'The secret of a user of the wallet.',
  arity: [1, 1],
  call(params, node) {
    const key = node.wallet.key(params.text(0));
    if (key === undefined) throw new RpcError('invalidAddressOrKey', 'Username not found');
    return encodeWif(key, node.options.network);
  },
};

const dumpPubKey: Method = {
  name: 'dumppubkey',
  usage: '<username>',
  summary: 'The registered public key of a user, empty for one who is not registered.',
  arity: [1, 1],
  call(params, node) {
    const publicKey = node.users.keyAt(params.text(0), Number.MAX_SAFE_INTEGER);
    return publicKey === undefined ? '' : Buffer.from(publicKey).toString('hex');
  },
};

/** Methods about the keys of users. */
export const ACCOUNT_METHODS: readonly Method[] = [
  createWalletUser,
  sendNewUserTransaction,
  listWalletUsers,
  importPrivKey,
  dumpPrivKey,
  dumpPubKey,
];

async function mine(name: string, node: TwisterNode): Promise<Uint8Array> {
  try {
    const bytes = await mineRegistration(name, node);
    if (bytes !== undefined) return bytes;
    if (node.pool.isClosed) throw new RpcError('misc', 'the node is being stopped');
  } catch (error) {
    // twisterd does the work for a name that nobody takes and is refused by its own pool then.
    if (!(error instanceof RangeError)) throw error;
  }
  throw new RpcError('deserialization', 'TX rejected');
}

function readSecret(wif: string, { options }: TwisterNode): SecretKey {
  try {
    return decodeWif(wif, options.network);
  } catch (error) {
    if (error instanceof KeysError) throw new RpcError('invalidAddressOrKey', 'Invalid private key');
    throw error;
  }
}

import { KeysError, recoverSigner, signTyped } from '@rookery/keys';
import { RpcError } from '../errors.ts';
import type { Method } from '../method.ts';

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

const signMessage: Method = {
  name: 'signmessage',
  usage: '<username> <message>',
  summary: 'Signs a text; one that could pass for a key, a post or a value is refused.',
  arity: [2, 2],
  call(params, node) {
    const key = node.wallet.key(params.text(0));
    const text = params.text(1);
    if (key === undefined) throw new RpcError('invalidAccountName', 'Error: no such user in wallet');
    try {
      const { backend } = node;
      const signature = signTyped({ type: 'text', text }, key.secret, { compressed: key.compressed, backend });
      return Buffer.from(signature).toString('base64');
    } catch (error) {
      if (error instanceof KeysError) throw new RpcError('invalidAddressOrKey', 'Sign failed');
      throw error;
    }
  },
};

const verifyMessage: Method = {
  name: 'verifymessage',
  usage: '<username> <signature> <message>',
  summary: 'Whether a user has signed a text.',
  arity: [3, 3],
  call(params, node) {
    const name = params.text(0);
    const signature = params.text(1);
    const message = params.bytes(2);
    const publicKey = node.wallet.key(name)?.publicKey ?? node.users.keyAt(name, Number.MAX_SAFE_INTEGER);
    if (publicKey === undefined)
      throw new RpcError('invalidAccountName', 'Error: this username does not exist in tx database');
    if (!BASE64.test(signature)) throw new RpcError('invalidAddressOrKey', 'Malformed base64 encoding');
    const bytes = new Uint8Array(Buffer.from(signature, 'base64'));
    const signer = recoverSigner(message, bytes, { profile: 'deployed', backend: node.backend });
    return signer !== undefined && Buffer.compare(signer, publicKey) === 0;
  },
};

/** Methods about signed texts. */
export const SIGNING_METHODS: readonly Method[] = [signMessage, verifyMessage];

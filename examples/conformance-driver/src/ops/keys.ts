import {
  checkSignatureForm,
  decodeWif,
  encodeAddress,
  encodeWif,
  isSecret,
  keyId,
  messageDigest,
  recoverSigner,
  verifySignature,
} from '@rookery/keys';
import { signRaw } from '@rookery/keys/raw';
import * as read from '../input.ts';
import { fromVerdict, type Operations, ok, refused } from '../operation.ts';

export const keysOperations: Operations = {
  'key.fromWif': (input, { backend }) => {
    const network = read.network(input);
    const { secret, compressed } = decodeWif(read.text(input, 'wif'), network);
    const publicKey = backend.derivePublicKey(secret, compressed);
    const id = keyId(publicKey);
    return ok({
      secret: read.showBytes(secret),
      compressed,
      publicKey: read.showBytes(publicKey),
      keyId: read.showBytes(id),
      address: encodeAddress(id, network),
    });
  },

  'key.toWif': (input) => {
    const secret = read.bytes(input, 'secret');
    const compressed = read.boolean(input, 'compressed');
    const network = read.network(input);
    return isSecret(secret) ? ok({ wif: encodeWif({ secret, compressed }, network) }) : refused('bad-secret');
  },

  'sign.digest': (input) => ok({ digest: read.showBytes(messageDigest(read.bytes(input, 'message'))) }),

  'sign.create': (input, { backend }) => {
    const secret = read.bytes(input, 'secret');
    const compressed = read.boolean(input, 'compressed');
    const message = read.bytes(input, 'message');
    if (!isSecret(secret)) return refused('bad-secret');
    return ok({ signature: read.showBytes(signRaw(message, secret, compressed, backend)) });
  },

  'sign.recover': (input, { backend }) => {
    const message = read.bytes(input, 'message');
    const signature = read.bytes(input, 'signature');
    const profile = read.profile(input);
    const form = checkSignatureForm(signature, profile);
    if (!form.ok) return fromVerdict(form);
    const publicKey = recoverSigner(message, signature, { profile, backend });
    if (publicKey === undefined) return refused('bad-signature');
    return ok({ publicKey: read.showBytes(publicKey), keyId: read.showBytes(keyId(publicKey)) });
  },

  'sign.verify': (input, { backend }) => {
    const profile = read.profile(input);
    const message = read.bytes(input, 'message');
    const signature = read.bytes(input, 'signature');
    return fromVerdict(verifySignature(message, signature, read.bytes(input, 'publicKey'), { profile, backend }));
  },
};

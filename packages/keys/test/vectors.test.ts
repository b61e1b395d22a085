import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  decodeWif,
  defaultBackend,
  encodeAddress,
  encodeWif,
  KeysError,
  keyId,
  messageDigest,
  recoverSigner,
  verifySignature,
} from '../src/index.ts';
import { signRaw } from '../src/raw.ts';
import { hex, unhex } from './arbitraries.ts';

interface Input {
  readonly wif: string;
  readonly secret: string;
  readonly compressed: boolean;
  readonly network: 'main' | 'testnet';
  readonly message: string;
  readonly signature: string;
  readonly publicKey: string;
  readonly profile?: 'canonical' | 'deployed';
}
interface Case {
  readonly id: string;
  readonly op: string;
  readonly in: Input;
  readonly out?: object;
  readonly reject?: { readonly code: string };
}

function verifiedOrCode({ message, signature, publicKey, profile = 'canonical' }: Input): object {
  const verdict = verifySignature(unhex(message), unhex(signature), unhex(publicKey), { profile });
  return verdict.ok ? {} : { code: verdict.code };
}

const operations: Readonly<Record<string, (input: Input) => object>> = {
  'key.fromWif': ({ wif, network }) => {
    const { secret, compressed } = decodeWif(wif, network);
    const publicKey = defaultBackend().derivePublicKey(secret, compressed);
    const id = keyId(publicKey);
    const address = encodeAddress(id, network);
    return { secret: hex(secret), compressed, publicKey: hex(publicKey), keyId: hex(id), address };
  },
  'key.toWif': ({ secret, compressed, network }) => ({
    wif: encodeWif({ secret: unhex(secret), compressed }, network),
  }),
  'sign.digest': ({ message }) => ({ digest: hex(messageDigest(unhex(message))) }),
  'sign.create': ({ message, secret, compressed }) => ({
    signature: hex(signRaw(unhex(message), unhex(secret), compressed)),
  }),
  'sign.recover': ({ message, signature, profile = 'canonical' }) => {
    const publicKey = recoverSigner(unhex(message), unhex(signature), { profile });
    return publicKey ? { publicKey: hex(publicKey), keyId: hex(keyId(publicKey)) } : {};
  },
  'sign.verify': verifiedOrCode,
};

function outcome({ op, in: input }: Case): object {
  try {
    return operations[op]!(input);
  } catch (error) {
    if (error instanceof KeysError) return { code: error.code };
    if (error instanceof RangeError) return { code: 'bad-secret' };
    throw error;
  }
}

const folder = new URL('../../../spec/vectors/keys/', import.meta.url);

describe.each(readdirSync(folder))('vectors keys/%s', (name) => {
  const { tests } = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as { tests: readonly Case[] };

  it.each(tests.map((one) => [one.id, one] as const))('%s', (_, one) => {
    const result = outcome(one);
    if (one.out !== undefined) expect(result).toMatchObject(one.out);
    else if (one.op === 'sign.recover') expect(result).toEqual({});
    else expect(result).toEqual({ code: one.reject?.code });
  });
});

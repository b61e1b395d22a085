import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EciesError, encryptEnvelope, openEnvelope } from '../src/index.ts';
import { hex, unhex } from './hex.ts';

interface Input {
  readonly publicKey: string;
  readonly plaintext: string;
  readonly ephemeralSecret: string;
  readonly secret: string;
  readonly key: string;
  readonly mac: string;
  readonly orig: number | string;
  readonly body: string;
  readonly profile: 'canonical' | 'deployed';
}
interface Case {
  readonly id: string;
  readonly op: string;
  readonly in: Input;
  readonly out?: object;
  readonly reject?: { readonly code: string };
}

function encrypt({ publicKey, plaintext, ephemeralSecret }: Input): object {
  try {
    const { key, mac, orig, body } = encryptEnvelope(unhex(publicKey), unhex(plaintext), unhex(ephemeralSecret));
    return { key: hex(key), mac: hex(mac), orig, body: hex(body) };
  } catch (error) {
    if (error instanceof EciesError) return { code: error.code };
    if (error instanceof RangeError) return { code: 'bad-secret' };
    throw error;
  }
}

function decrypt({ secret, key, mac, orig, body, profile }: Input): object {
  const envelope = { key: unhex(key), mac: unhex(mac), orig: Number(orig), body: unhex(body) };
  const verdict = openEnvelope(envelope, unhex(secret), { profile });
  return verdict.ok ? { plaintext: hex(verdict.plaintext) } : { code: verdict.code };
}

describe.each(['encrypt', 'decrypt'] as const)('vectors ecies/%s', (name) => {
  const path = new URL(`../../../spec/vectors/ecies/${name}.json`, import.meta.url);
  const { tests } = JSON.parse(readFileSync(path, 'utf8')) as { tests: readonly Case[] };

  it.each(tests.map((one) => [one.id, one] as const))('%s', (_, one) => {
    const result = name === 'encrypt' ? encrypt(one.in) : decrypt(one.in);
    expect(result).toEqual(one.out ?? { code: one.reject?.code });
  });
});

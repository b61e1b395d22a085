import { hexToBytes } from '@noble/hashes/utils.js';
import { type BencodeInput, type BencodeNode, bencodeDict, decodeBencode, encodeBencode } from '@rookery/wire';
import { describe, expect, test } from 'vitest';
import { checkGet } from '../src/index.ts';
import { readCaptured } from './world.ts';

function x(fields: Readonly<Record<string, BencodeInput>>): BencodeNode {
  return decodeBencode(encodeBencode(bencodeDict(fields))).value;
}

const target = { n: 'alice', r: 'profile', t: 's' };

test('a request names its target (DHT-24)', () => {
  expect(checkGet(x({ target }))).toMatchObject({ ok: true, multi: false, justToken: false });
  expect(checkGet(x({ target: { ...target, t: 'm' }, justtoken: 1 }))).toMatchObject({ multi: true, justToken: true });
  expect(checkGet(x({ target, justtoken: 0 }))).toMatchObject({ justToken: false });
  expect(checkGet(x({ target, justtoken: 'yes' }))).toMatchObject({ justToken: false });
});

test('faults in their order (DHT-24)', () => {
  expect(checkGet(x({}))).toMatchObject({ code: 'missing-key', krpcError: "missing 'target' key" });
  expect(checkGet(x({ target: { r: '', t: 's' } }))).toMatchObject({ krpcError: "missing 'n' key" });
  expect(checkGet(x({ target: { ...target, t: 'x', z: 1 } }))).toMatchObject({ code: 'bad-target' });
  expect(checkGet(x({ target: { ...target, t: 'x' } }))).toMatchObject({
    code: 'bad-target-kind',
    krpcError: 'invalid target.t value',
  });
  expect(checkGet(decodeBencode(Uint8Array.of(0x6c, 0x65)).value)).toMatchObject({ code: 'missing-key' });
});

describe('captured requests and their answers', () => {
  interface Case {
    readonly name: string;
    readonly request: string;
    readonly reply: string | null;
  }
  const { clientCases } = readCaptured<{ clientCases: Case[] }>('dht.json');
  const gets = clientCases.filter(({ request }) => request.includes('373a67657444617461'));

  test.each(gets.map(({ name, request, reply }) => [name, request, reply!] as const))('%s', (_, request, reply) => {
    const verdict = checkGet(decodeBencode(hexToBytes(request)).value.getDict('x')!);
    const answer = decodeBencode(hexToBytes(reply)).value.getList('e')?.items()[1]?.text;
    expect(verdict.ok ? undefined : verdict.krpcError).toBe(answer);
  });
});

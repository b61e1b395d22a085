import { sha1 } from '@noble/hashes/legacy.js';
import { hexToBytes } from '@noble/hashes/utils.js';
import { type BencodeNode, decodeBencode } from '@rookery/wire';
import { expect, test } from 'vitest';
import { checkReadValue, decodeP, parseValue, type SignedValue } from '../src/index.ts';
import { readCaptured, world } from './world.ts';

interface CapturedDht {
  readonly clientCases: readonly { readonly name: string; readonly reply: string | null }[];
  readonly passive: readonly { readonly kind: string; readonly hex: string }[];
}

function entriesOf(reply: string): SignedValue[] {
  const data = decodeBencode(hexToBytes(reply)).value.getDict('r')?.getList('data');
  return (data?.items() ?? []).map((entry: BencodeNode) => ({
    p: entry.getDict('p')!.raw,
    sigP: entry.getBytes('sig_p')!,
    sigUser: entry.getText('sig_user')!,
  }));
}

function codeOf(value: SignedValue): string {
  const decoded = decodeP(value.p, 'reply');
  const parsed = decoded.ok ? parseValue(decoded.root) : decoded;
  if (!parsed.ok) return parsed.code;
  const verdict = checkReadValue(value, { ...world(), target: sha1(parsed.value.target.raw) });
  return verdict.ok ? 'accepted' : verdict.code;
}

test('every honest value that a deployed daemon served is taken; a scripted one without a post is not (DHT-25 to DHT-28)', () => {
  const { clientCases, passive } = readCaptured<CapturedDht>('dht.json');
  const replies = [
    ...clientCases.map(({ name, reply }) => ({ name, reply })),
    ...passive.filter(({ kind }) => kind === 'reply_to_getData').map(({ kind, hex }) => ({ name: kind, reply: hex })),
  ];
  const judged = replies.flatMap(({ name, reply }) =>
    reply === null ? [] : entriesOf(reply).map((value) => [name, codeOf(value)] as const),
  );
  expect(judged.length).toBeGreaterThan(4);
  for (const [name, code] of judged)
    expect([name, code]).toEqual([name, name.includes('after_put') ? 'bad-post' : 'accepted']);
});

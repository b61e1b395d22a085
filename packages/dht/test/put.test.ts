import { sha1 } from '@noble/hashes/legacy.js';
import { hexToBytes } from '@noble/hashes/utils.js';
import { bencodeDict, decodeBencode, encodeBencode, encodeUtf8 } from '@rookery/wire';
import { describe, expect, test } from 'vitest';
import { checkPut, type DhtCode, type ReceivedValue } from '../src/index.ts';
import { fields, NOW, readCaptured, signed, TIP, value, world } from './world.ts';

function codeOf(received: ReceivedValue, profile: 'canonical' | 'deployed'): DhtCode | 'accepted' {
  const verdict = checkPut(received, { ...world(), profile });
  return verdict.ok ? 'accepted' : verdict.code;
}

/** What both profiles say, canonical first. */
function codesOf(received: ReceivedValue): (DhtCode | 'accepted')[] {
  return [codeOf(received, 'canonical'), codeOf(received, 'deployed')];
}

const refused = (code: DhtCode): DhtCode[] => [code, code];
const text = (bencode: string): Uint8Array => encodeUtf8(bencode);

test('an honest value is accepted and taken apart', () => {
  const put = value();
  const verdict = checkPut(put, world());
  expect(verdict).toMatchObject({ ok: true, value: { multi: false, seq: 5n, height: 28n, time: BigInt(NOW) } });
  expect(verdict.ok && verdict.target).toEqual(sha1(text('d1:n5:alice1:r7:profile1:t1:se')));
});

describe('the error of a refusal is the one that the captured daemon answered (DHT-19)', () => {
  interface Case {
    readonly name: string;
    readonly request: string;
    readonly reply: string | null;
  }
  const { clientCases } = readCaptured<{ clientCases: Case[] }>('dht.json');
  const puts = clientCases.filter(({ name }) => name.startsWith('putData'));

  test.each(puts.map(({ name, request, reply }) => [name, request, reply!] as const))('%s', (_, request, reply) => {
    const x = decodeBencode(hexToBytes(request)).value.getDict('x')!;
    const answer = decodeBencode(hexToBytes(reply)).value.getList('e')?.items()[1]?.text;
    const received = { p: x.getDict('p')!.raw, sigP: x.getBytes('sig_p')!, sigUser: x.getText('sig_user')! };
    const verdict = checkPut(received, { ...world(), profile: 'deployed' });
    expect(verdict.ok ? undefined : verdict.krpcError).toBe(answer);
  });
});

describe('keys are looked for in the order of deployed nodes (DHT-6)', () => {
  const complete = fields();
  const steps: readonly (readonly [key: string, received: ReceivedValue])[] = [
    ['sig_p', {}],
    ['sig_user', { sigP: new Uint8Array(65) }],
    ['p', { sigP: new Uint8Array(65), sigUser: 'alice' }],
    ['p', signed(text('le'), 'alice')],
    ['v', signed(text('de'), 'alice')],
    ['time', signed(text('d1:v1:xe'), 'alice')],
    ['time', value({ ...complete, time: 'soon' })],
    ['height', value({ ...complete, height: undefined })],
    ['height', value({ ...complete, height: '28', target: undefined })],
    ['target', value({ ...complete, target: 'alice' })],
    ['n', value({ ...complete, target: {} })],
    ['r', value({ ...complete, target: { n: 'alice', r: 7, t: 's' } })],
    ['t', value({ ...complete, target: { n: 'alice', r: 'profile', x: 's' } })],
  ];

  test.each(steps)('%s (%#)', (key, received) => {
    for (const profile of ['canonical', 'deployed'] as const) {
      const verdict = checkPut(received, { ...world(), profile });
      expect(verdict).toMatchObject({ ok: false, code: 'missing-key', krpcError: `missing '${key}' key` });
    }
  });
});

test('a single value holds 8,192 bytes, a multi value 768 (DHT-7)', () => {
  const filled = (size: number, kind: string): ReceivedValue => {
    const target = { n: 'alice', r: 'custom', t: kind };
    const bare = encodeBencode(bencodeDict(fields({ target, v: new Uint8Array(size - 200) })));
    return value({ target, v: new Uint8Array(size - 200 + size - bare.length) });
  };
  expect(filled(8192, 's').p?.length).toBe(8192);
  expect(codesOf(filled(8192, 's'))).toEqual(['accepted', 'accepted']);
  expect(codesOf(filled(8193, 's'))).toEqual(refused('too-big'));
  expect(codeOf(filled(768, 'm'), 'deployed')).toBe('accepted');
  expect(codesOf(filled(769, 'm'))).toEqual(refused('too-big'));
});

test('a target dictionary has three entries (DHT-8)', () => {
  const target = { n: 'alice', r: 'profile', t: 's', z: '1' };
  expect(codesOf(value({ target }))).toEqual(refused('bad-target'));
});

describe('the token (DHT-9)', () => {
  test('is asked for by target, after the form and before the signature', () => {
    const targets: Uint8Array[] = [];
    const checkToken = (target: Uint8Array): boolean => targets.push(target) < 0;
    expect(checkPut(signed(value().p, 'bob'), { ...world(), checkToken })).toMatchObject({
      code: 'bad-token',
      krpcError: 'invalid token',
    });
    expect(targets).toEqual([sha1(text('d1:n5:alice1:r7:profile1:t1:se'))]);
    checkPut(value({ target: { n: 'alice', r: 'profile', t: 's', z: '1' } }), { ...world(), checkToken });
    expect(targets.length).toBe(1);
  });

  test('that is good changes nothing', () => {
    expect(checkPut(value(), { ...world(), checkToken: () => true }).ok).toBe(true);
  });
});

test('a replaced key signs nothing any more (DHT-10)', () => {
  const target = { n: 'dave', r: 'profile', t: 's' };
  const put = value({ target, height: 24 }, 'dave');
  expect(codesOf(put)).toEqual(['accepted', 'accepted']);
  expect(checkPut({ ...put }, world(25))).toMatchObject({ code: 'bad-signature' });
});

test('a single value belongs to its signer, a multi value to anybody (DHT-11)', () => {
  expect(codesOf(value({}, 'bob'))).toEqual(refused('not-owner'));
  expect(codesOf(value({ target: { n: new Uint8Array([0xff]), r: 'x', t: 's' } }))).toEqual(refused('not-owner'));
  expect(codeOf(value({ target: { n: 'word', r: 'hashtag', t: 'm' } }, 'bob'), 'deployed')).toBe('accepted');
});

test('a kind that is neither s nor m is single (DHT-6)', () => {
  for (const t of ['x', '', 'mm', 'M']) {
    expect(codesOf(value({ target: { n: 'alice', r: 'custom', t } }))).toEqual(['accepted', 'accepted']);
    expect(codesOf(value({ target: { n: 'alice', r: 'custom', t } }, 'bob'))).toEqual(refused('not-owner'));
    expect(codesOf(value({ target: { n: 'alice', r: 'custom', t }, seq: undefined }))).toEqual(refused('missing-seq'));
  }
});

test('a resource name has up to 32 bytes (DHT-12)', () => {
  const target = (length: number): object => ({ target: { n: 'alice', r: 'r'.repeat(length), t: 's' } });
  expect(codesOf(value(target(32) as never))).toEqual(['accepted', 'accepted']);
  expect(codesOf(value(target(33) as never))).toEqual(refused('resource-too-long'));
});

test('a sequence number is from 0 on, and below 2^31 in the canonical profile (DHT-13)', () => {
  expect(codesOf(value({ seq: 0 }))).toEqual(['accepted', 'accepted']);
  expect(codesOf(value({ seq: -1 }))).toEqual(refused('missing-seq'));
  expect(codesOf(value({ seq: 'five' }))).toEqual(refused('missing-seq'));
  expect(codesOf(value({ seq: 2 ** 31 - 1 }))).toEqual(['accepted', 'accepted']);
  expect(codesOf(value({ seq: 2 ** 31 }))).toEqual(['seq-too-large', 'accepted']);
  expect(codesOf(value({ seq: 0x7fff_ffff_ffff_ffffn }))).toEqual(['seq-too-large', 'accepted']);
});

test('heights are compared at 64 bits, and have no lower bound (DHT-14)', () => {
  expect(codesOf(value({ height: TIP + 1 }))).toEqual(['accepted', 'accepted']);
  expect(codesOf(value({ height: TIP + 2 }))).toEqual(refused('future-height'));
  expect(codesOf(value({ height: 2 ** 32 }))).toEqual(refused('future-height'));
  expect(codesOf(value({ height: -0x7fff_ffff_ffff_ffffn }))).toEqual(['accepted', 'accepted']);
});

test('times are compared at 64 bits, and have no lower bound (DHT-15)', () => {
  expect(codesOf(value({ time: NOW + 7200 }))).toEqual(['accepted', 'accepted']);
  expect(codesOf(value({ time: NOW + 7201 }))).toEqual(refused('future-time'));
  expect(codesOf(value({ time: 2 ** 32 }))).toEqual(refused('future-time'));
  expect(codesOf(value({ time: -1 }))).toEqual(['accepted', 'accepted']);
});

describe('encoding (DHT-5)', () => {
  const target = '6:targetd1:n5:alice1:r7:profile1:t1:se';
  const lenient: readonly (readonly [what: string, bencode: string])[] = [
    ['unsorted keys', `d3:seqi5e6:heighti28e${target}4:timei${NOW}e1:v1:xe`],
    ['a key twice', `d6:heighti28e3:seqi5e3:seqi9e${target}4:timei${NOW}e1:v1:xe`],
    ['a padded integer', `d6:heighti028e3:seqi5e${target}4:timei${NOW}e1:v1:xe`],
    [
      'an integer of 20 digits, which reads as 0',
      `d6:heighti99999999999999999999e3:seqi5e${target}4:timei${NOW}e1:v1:xe`,
    ],
    ['letters for an integer', `d6:heightihighe3:seqi5e${target}4:timei${NOW}e1:v1:xe`],
    ['a padded length of a key', `d06:heighti28e3:seqi5e${target}4:timei${NOW}e1:v1:xe`],
  ];

  test.each(lenient)('%s is taken by deployed nodes only', (_, bencode) => {
    expect(codesOf(signed(text(bencode), 'alice'))).toEqual(['not-canonical', 'accepted']);
  });

  test('a padded length of a value hides its key from deployed nodes', () => {
    const p = text(`d6:heighti28e3:seqi5e6:targetd1:n05:alice1:r7:profile1:t1:se4:timei${NOW}e1:v1:xe`);
    expect(codesOf(signed(p, 'alice'))).toEqual(['not-canonical', 'missing-key']);
  });

  test('lists may nest as deep as a reply leaves room for, deployed as deep as a request does', () => {
    const nested = (levels: number): ReceivedValue =>
      signed(
        text(`d6:heighti28e3:seqi5e${target}4:timei${NOW}e1:v${'l'.repeat(levels)}${'e'.repeat(levels)}e`),
        'alice',
      );
    expect(codesOf(nested(5))).toEqual(['accepted', 'accepted']);
    expect(codesOf(nested(6))).toEqual(['not-canonical', 'accepted']);
    expect(codesOf(nested(7))).toEqual(['not-canonical', 'accepted']);
    expect(codesOf(nested(8))).toEqual(refused('not-bencode'));
  });

  test('a value holds as many values as its packet leaves room for', () => {
    // p, height, seq, target, n, r, t, time and v are nine.
    const items = (count: number): ReceivedValue => value({ v: Array.from({ length: count - 9 }, () => 1) });
    expect(codesOf(items(487))).toEqual(['accepted', 'accepted']);
    expect(codesOf(items(488))).toEqual(['not-canonical', 'accepted']);
    expect(codesOf(items(489))).toEqual(['not-canonical', 'accepted']);
    expect(codesOf(items(490))).toEqual(refused('not-bencode'));
  });

  test('-2^63 reads as 0 in deployed nodes and would be served so', () => {
    const least = -0x8000_0000_0000_0000n;
    expect(codesOf(value({ height: least }))).toEqual(['not-canonical', 'accepted']);
    expect(codesOf(value({ v: { a: [1, [least]] } }))).toEqual(['not-canonical', 'accepted']);
    expect(codesOf(value({ v: String(least) }))).toEqual(['accepted', 'accepted']);
    expect(codesOf(value({ height: least + 1n }))).toEqual(['accepted', 'accepted']);
  });

  test('further keys are no fault', () => {
    expect(codesOf(value({ zzz: 'more' }))).toEqual(['accepted', 'accepted']);
  });
});

test('the age of a value is judged at the tip (DHT-16)', () => {
  const old = value({ target: { n: 'alice', r: 'custom', t: 's' } });
  expect(checkPut(old, world(28 + 2016)).ok).toBe(true);
  expect(checkPut(old, world(28 + 2017))).toMatchObject({ code: 'expired', krpcError: 'value has expired' });
  expect(checkPut(old, { ...world(28 + 2017), profile: 'deployed' }).ok).toBe(true);
});

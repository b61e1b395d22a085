import { dhtTarget, encodeUtf8 } from '@rookery/wire';
import { describe, expect, test } from 'vitest';
import { checkReadValue, type ReceivedValue } from '../src/index.ts';
import { NOW, signed, value, world } from './world.ts';

const profileOfAlice = dhtTarget(encodeUtf8('alice'), 'profile', 's');

function codesOf(received: ReceivedValue, target: Uint8Array = profileOfAlice): string[] {
  return (['canonical', 'deployed'] as const).map((profile) => {
    const verdict = checkReadValue(received, { ...world(), profile, target });
    return verdict.ok ? 'accepted' : verdict.code;
  });
}

test('an honest value is taken and taken apart', () => {
  const verdict = checkReadValue(value(), { ...world(), target: profileOfAlice });
  expect(verdict).toMatchObject({ ok: true, value: { seq: 5n } });
});

test('a value of another target, or of another user, is dropped by canonical readers (DHT-26, DHT-27)', () => {
  expect(codesOf(value({ target: { n: 'alice', r: 'avatar', t: 's' } }))).toEqual(['wrong-target', 'accepted']);
  expect(codesOf(value({ target: { n: 'alice', r: 'profile', t: 'm' } }))).toEqual(['wrong-target', 'accepted']);
  expect(codesOf(value({ target: { n: 'alice', r: 'profile', t: 's', x: '' } }))).toEqual(['wrong-target', 'accepted']);
  expect(codesOf(value({}, 'bob'))).toEqual(['not-owner', 'accepted']);
});

test('the time must be there, not 0, and not far ahead (DHT-25)', () => {
  expect(codesOf(value({ time: 0 }))).toEqual(['no-time', 'no-time']);
  expect(codesOf(value({ time: NOW + 7200 }))).toEqual(['accepted', 'accepted']);
  expect(codesOf(value({ time: NOW + 7201 }))).toEqual(['future-time', 'future-time']);
  expect(codesOf(value({ time: -5 }))).toEqual(['accepted', 'accepted']);
  expect(codesOf(value({ time: undefined }))).toEqual(['missing-key', 'no-time']);
});

test('what only a storing node needs may be missing for deployed readers', () => {
  const p = encodeUtf8(`d4:timei${NOW}ee`);
  const verdict = checkReadValue(signed(p, 'alice'), { ...world(), profile: 'deployed', target: profileOfAlice });
  expect(verdict).toEqual({ ok: true, value: undefined });
  expect(codesOf(signed(p, 'alice'))).toEqual(['missing-key', 'accepted']);
});

test('height, size, name, sequence number and age are not the reader’s affair', () => {
  const target = dhtTarget(encodeUtf8('alice'), 'r'.repeat(40), 's');
  const odd = { target: { n: 'alice', r: 'r'.repeat(40), t: 's' }, height: 10 ** 6, v: new Uint8Array(9000) };
  expect(codesOf(value({ ...odd, seq: undefined }), target)).toEqual(['accepted', 'accepted']);
  expect(codesOf(value({ ...odd, seq: 2 ** 40, height: -(10 ** 6) }), target)).toEqual(['accepted', 'accepted']);
});

describe('parts that are missing (DHT-6)', () => {
  const { p, sigP, sigUser } = value();

  test.each([
    ['sig_p', { p, sigUser }],
    ['sig_user', { p, sigP }],
    ['p', { sigP, sigUser }],
    ['p', { p: encodeUtf8('i1e'), sigP, sigUser }],
  ])('%s', (key, received) => {
    expect(codesOf(received)).toEqual(['missing-key', 'missing-key']);
    const verdict = checkReadValue(received, { ...world(), target: profileOfAlice });
    expect(verdict.ok ? '' : verdict.detail).toContain(key);
  });
});

test('a value may not nest deeper than a reply leaves room for (DHT-5)', () => {
  const nested = (levels: number): ReceivedValue =>
    signed(
      encodeUtf8(
        `d6:heighti28e3:seqi5e6:targetd1:n5:alice1:r7:profile1:t1:se4:timei${NOW}e1:v${'l'.repeat(levels)}${'e'.repeat(levels)}e`,
      ),
      'alice',
    );
  expect(codesOf(nested(5))).toEqual(['accepted', 'accepted']);
  expect(codesOf(nested(6))).toEqual(['not-bencode', 'not-bencode']);
});

test('content is left to whoever uses the value where that is asked for (DHT-28)', () => {
  const target = dhtTarget(encodeUtf8('sometag'), 'hashtag', 'm');
  const tagged = value({ seq: undefined, target: { n: 'sometag', r: 'hashtag', t: 'm' }, v: encodeUtf8('no post') });
  expect(checkReadValue(tagged, { ...world(), target })).toMatchObject({ ok: false, code: 'bad-post' });
  expect(checkReadValue(tagged, { ...world(), target, content: false })).toMatchObject({ ok: true });
  const other = { ...world(), target: profileOfAlice, content: false };
  expect(checkReadValue(tagged, other)).toMatchObject({ ok: false, code: 'wrong-target' });
  expect(checkReadValue(value({}, 'bob'), other)).toMatchObject({ ok: false, code: 'not-owner' });
});

test('a target of another length is misuse', () => {
  expect(() => checkReadValue(value(), { ...world(), target: new Uint8Array(19) })).toThrow(RangeError);
});

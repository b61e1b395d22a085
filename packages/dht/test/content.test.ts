import type { BencodeValue } from '@rookery/wire';
import { describe, expect, test } from 'vitest';
import { checkPut, checkReadValue, type SignedValue } from '../src/index.ts';
import { capturedPost, newPost, value, world } from './world.ts';

const alice0 = capturedPost('alice', 0);
const bob1 = capturedPost('bob', 1);
const carol1 = capturedPost('carol', 1);

function single(r: string, v: BencodeValue, n = 'alice'): SignedValue {
  return value({ target: { n, r, t: 's' }, v }, n);
}

function multi(r: string, n: string, v: BencodeValue, sigUser: string): SignedValue {
  return value({ seq: undefined, target: { n, r, t: 'm' }, v }, sigUser);
}

/** The verdict of the canonical profile on a put; the reader's must be the same, and deployed nodes take all of them. */
function judge(put: SignedValue): string {
  const verdict = checkPut(put, world());
  const deployed = checkPut(put, { ...world(), profile: 'deployed' });
  if (!deployed.ok) return `deployed nodes refuse it: ${deployed.detail}`;
  const read = checkReadValue(put, { ...world(), target: deployed.target });
  const code = verdict.ok ? 'accepted' : verdict.code;
  return read.ok === verdict.ok && (read.ok || read.code === code) ? code : `reader: ${read.ok || read.code}`;
}

describe('posts in single values (DHT-17)', () => {
  test('the owner’s post under its number, and as status and swarm', () => {
    expect(judge(single('post0', alice0))).toBe('accepted');
    expect(judge(single('status', alice0))).toBe('accepted');
    expect(judge(single('swarm', alice0))).toBe('accepted');
    expect(judge(single('post1', bob1, 'bob'))).toBe('accepted');
  });

  test('another number, another author, a changed post, no post', () => {
    expect(judge(single('post1', alice0))).toBe('bad-post');
    expect(judge(single('post00', alice0))).toBe('accepted');
    expect(judge(single('post4294967296', alice0))).toBe('bad-post');
    expect(judge(single('status', bob1))).toBe('bad-post');
    expect(judge(single('post0', alice0, 'bob'))).toBe('bad-post');
    expect(judge(single('status', new Uint8Array()))).toBe('bad-post');
    expect(judge(single('status', []))).toBe('bad-post');
    expect(judge(single('post0', 7n))).toBe('bad-post');
    expect(judge(single('status', { entries: [] }))).toBe('bad-post');
  });

  test('more posts than the owner may have', () => {
    expect(judge(single('post50', newPost('alice', { k: 50 })))).toBe('accepted');
    expect(judge(single('post51', newPost('alice', { k: 51 })))).toBe('bad-post');
  });

  test('other resources hold anything', () => {
    for (const r of ['profile', 'avatar', 'following1', 'custom', 'poster1', 'postscript', 'status2', 'post']) {
      expect(judge(single(r, new Uint8Array(3)))).toBe('accepted');
    }
  });
});

describe('posts in multi values (DHT-18)', () => {
  test('mention and hashtag', () => {
    expect(judge(multi('mention', 'alice', alice0, 'alice'))).toBe('accepted');
    expect(judge(multi('mention', 'alice', bob1, 'bob'))).toBe('accepted');
    expect(judge(multi('hashtag', 'test', alice0, 'alice'))).toBe('accepted');
    expect(judge(multi('hashtag', 'rt', carol1, 'carol'))).toBe('accepted');
    expect(judge(multi('mention', 'bob', alice0, 'alice'))).toBe('unrelated-post');
    expect(judge(multi('hashtag', 'alice', alice0, 'alice'))).toBe('unrelated-post');
    expect(judge(multi('hashtag', 'tes', alice0, 'alice'))).toBe('unrelated-post');
    expect(judge(multi('hashtag', '', alice0, 'alice'))).toBe('unrelated-post');
  });

  test('replies and retweets', () => {
    expect(judge(multi('replies0', 'alice', bob1, 'bob'))).toBe('accepted');
    expect(judge(multi('replies1', 'alice', bob1, 'bob'))).toBe('unrelated-post');
    expect(judge(multi('replies0', 'bob', bob1, 'bob'))).toBe('unrelated-post');
    expect(judge(multi('replies0', 'alice', alice0, 'alice'))).toBe('unrelated-post');
    expect(judge(multi('rts0', 'alice', carol1, 'carol'))).toBe('accepted');
    expect(judge(multi('rts0', 'carol', carol1, 'carol'))).toBe('unrelated-post');
    expect(judge(multi('rts1', 'alice', carol1, 'carol'))).toBe('unrelated-post');
    expect(judge(multi('replies0', 'alice', carol1, 'carol'))).toBe('unrelated-post');
  });

  test('the signer is the author', () => {
    expect(judge(multi('mention', 'alice', bob1, 'alice'))).toBe('bad-post');
    expect(judge(multi('hashtag', 'test', alice0, 'bob'))).toBe('bad-post');
  });

  test('a target that no post has to do with', () => {
    for (const r of ['tracker', 'favs0', 'replies', 'replies00', 'rts', 'rtsx', 'custom', 'mention1', 'Mention', '']) {
      expect(judge(multi(r, 'alice', alice0, 'alice'))).toBe('unrelated-post');
    }
  });

  test('a word that was cut between msg and msg2', () => {
    const post = newPost('alice', { msg: `${'x'.repeat(135)} @bo`, msg2: 'b hello' });
    expect(judge(multi('mention', 'bob', post, 'alice'))).toBe('accepted');
    expect(judge(multi('mention', 'bo', post, 'alice'))).toBe('unrelated-post');
  });

  test('words lower-cased by either rule', () => {
    const post = newPost('alice', { msg: '#ÄRGER' });
    expect(judge(multi('hashtag', 'Ärger', post, 'alice'))).toBe('accepted');
    expect(judge(multi('hashtag', 'ärger', post, 'alice'))).toBe('accepted');
    expect(judge(multi('hashtag', 'ÄRGER', post, 'alice'))).toBe('unrelated-post');
  });

  test('a word that is no text', () => {
    const target = { n: new Uint8Array([0xff]), r: 'hashtag', t: 'm' };
    expect(checkPut(value({ seq: undefined, target, v: alice0 }), world())).toMatchObject({ code: 'unrelated-post' });
  });
});

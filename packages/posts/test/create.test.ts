import { envelopeFromNode } from '@rookery/ecies';
import { verifySignature } from '@rookery/keys';
import { type BencodeNode, decodePost, encodeBencode, encodeUtf8 } from '@rookery/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkComment,
  checkPost,
  createDirectMessage,
  createFavourite,
  createPost,
  createPrivateFavourite,
  createReply,
  createRetweet,
  createShortUrl,
  heightForPost,
  isEquivocation,
  joinText,
  type NewPost,
  originalOf,
  type PostHeader,
  resourcesOf,
  signPost,
} from '../src/index.ts';
import { backend, NOW, secretOf, TIP, users } from './arbitraries.ts';
import { bytesOf, CAPTURED_TIP, capturedPost, capturedSecret, capturedUsers } from './captured.ts';

const PROFILES = ['canonical', 'deployed'] as const;

function captured(user: string, k: number): BencodeNode {
  return decodePost(bytesOf(capturedPost(user, k).raw)).userpost;
}

function headerOf(userpost: BencodeNode): PostHeader {
  const lastK = userpost.getNumber('lastk');
  return {
    user: userpost.getText('n')!,
    k: userpost.getNumber('k')!,
    height: userpost.getNumber('height')!,
    time: userpost.getNumber('time')!,
    ...(lastK === undefined ? {} : { lastK }),
  };
}

function textOf(userpost: BencodeNode): string {
  return joinText({ msg: userpost.getText('msg')!, msg2: userpost.getText('msg2') ?? '' });
}

function envelopeOf(userpost: BencodeNode, key: 'dm' | 'pfav') {
  const read = envelopeFromNode(userpost.getDict(key)!);
  if (!read.ok) throw new Error(read.detail);
  return read.envelope;
}

const hello = originalOf(decodePost(bytesOf(capturedPost('alice', 0).raw)));

describe('what deployed producers wrote is written byte for byte (POST-28)', () => {
  test.each<[string, number, (userpost: BencodeNode) => NewPost]>([
    ['alice', 0, (post) => createPost(headerOf(post), textOf(post))],
    ['alice', 1, (post) => createReply(headerOf(post), textOf(post), { user: 'bob', k: 1 })],
    ['alice', 2, (post) => createPost(headerOf(post), textOf(post))],
    ['alice', 5, (post) => createDirectMessage(headerOf(post), envelopeOf(post, 'dm'))],
    ['bob', 3, (post) => createFavourite(headerOf(post), hello, textOf(post))],
    ['bob', 4, (post) => createPrivateFavourite(headerOf(post), envelopeOf(post, 'pfav'))],
    ['bob', 9, (post) => createShortUrl(headerOf(post), post.getText('url')!)],
    ['carol', 1, (post) => createRetweet(headerOf(post), hello, textOf(post))],
  ])('%s %i', (user, k, create) => {
    const { signedBytes, wort } = capturedPost(user, k);
    const made = create(captured(user, k));
    expect(encodeBencode(made.userpost)).toEqual(bytesOf(signedBytes));
    expect(made.comment && encodeBencode(made.comment)).toEqual(wort && bytesOf(wort.signedBytes));

    const piece = signPost(made, capturedSecret(user), { backend });
    for (const profile of PROFILES) {
      const context = { profile, user, k, tip: CAPTURED_TIP, users: capturedUsers(), backend };
      expect(checkPost(piece, context)).toMatchObject({ ok: true });
    }
  });

  test('a retweet without comment: the signature that bob made holds over ours', () => {
    const header = { user: 'bob', k: 2, height: 22, time: 1795241953, lastK: 1 };
    const signature =
      '1f9908e5982e6e5f1496f71898da0d1bdb1e6bfe005273344b1d209c6208107e45' +
      '386f718e26d6ebe337aa939f4d0c34ff0011bb9bd6ff631f7d084c0584a2f360';
    const { userpost, comment } = createRetweet(header, hello);
    const key = capturedUsers().keyAt('bob', 22)!;
    expect(comment).toBeUndefined();
    expect(verifySignature(encodeBencode(userpost), bytesOf(signature), key, { backend })).toEqual({ ok: true });
  });
});

const texts = fc.string({ unit: 'grapheme', maxLength: 160 });
const headers = fc
  .record({ k: fc.integer({ min: 1, max: 90 }), lastK: fc.option(fc.nat({ max: 0 }), { nil: undefined }) })
  .map(
    ({ k, lastK }): PostHeader => ({
      user: 'alice',
      k,
      height: heightForPost(TIP),
      time: NOW,
      ...(lastK === undefined ? {} : { lastK }),
    }),
  );

/** One post of each kind; the original is by bob. */
function made(header: PostHeader, text: string, kind: number): NewPost {
  const theirs = createPost({ user: 'bob', k: 3, height: 20, time: NOW - 100 }, text);
  const original = originalOf(decodePost(signPost(theirs, secretOf('bob'), { backend })));
  const envelope = { key: new Uint8Array(33).fill(2), mac: new Uint8Array(64), body: new Uint8Array(32), orig: 20 };
  return [
    () => createPost(header, text),
    () => createReply(header, text, { user: 'bob', k: 3 }),
    () => createRetweet(header, original, [...text].slice(0, 20).join('')),
    () => createFavourite(header, original, ''),
    () => createDirectMessage(header, envelope),
    () => createPrivateFavourite(header, envelope),
    () => createShortUrl(header, 'https://example.com/', 'text/html'),
  ][kind]!();
}

describe('what is made', () => {
  test('is accepted by both profiles, and its kind is its flag', () => {
    const flags = [[], ['reply'], ['rt'], ['fav'], ['dm'], ['pfav'], []];
    fc.assert(
      fc.property(headers, texts, fc.nat({ max: 6 }), (header, text, kind) => {
        fc.pre(Buffer.byteLength(text) < 500);
        const piece = signPost(made(header, text, kind), secretOf('alice'), { backend });
        for (const profile of PROFILES) {
          const verdict = checkPost(piece, { profile, user: 'alice', k: header.k, tip: TIP, users, now: NOW, backend });
          expect(verdict).toMatchObject({ ok: true, flags: flags[kind] });
        }
      }),
    );
  });

  test('is put where its kind belongs (POST-29)', () => {
    const header = { user: 'alice', k: 5, height: 20, time: NOW };
    const counts = [0, 1, 2, 3, 4, 5, 6].map((kind) => {
      const post = decodePost(signPost(made(header, 'see #Tag and @bob', kind), secretOf('alice'), { backend }));
      return resourcesOf(post).map(({ r, t, seq }) => `${r}/${t}${seq === undefined ? '' : `/${seq}`}`);
    });
    const own = ['post5/s/1', 'status/s/5'];
    const words = ['hashtag/m', 'mention/m'];
    expect(counts).toEqual([
      [...own, ...words],
      [...own, 'replies3/m', ...words],
      [...own, 'rts3/m', ...words],
      [],
      [],
      [],
      own,
    ]);
  });

  test.each<[string, () => unknown]>([
    ['a negative number', () => createPost({ user: 'alice', k: -1, height: 1, time: 1 }, 'x')],
    ['a height with a fraction', () => createPost({ user: 'alice', k: 1, height: 1.5, time: 1 }, 'x')],
    ['lastK that is not below k', () => createPost({ user: 'alice', k: 1, height: 1, time: 1, lastK: 1 }, 'x')],
    [
      'a reply to a negative number',
      () => createReply({ user: 'alice', k: 1, height: 1, time: 1 }, 'x', { user: 'bob', k: -1 }),
    ],
    ['half a character', () => createPost({ user: 'alice', k: 1, height: 1, time: 1 }, '\ud800')],
    [
      'a piece over 2048 bytes',
      () => signPost(createPost({ user: 'alice', k: 1, height: 1, time: 1 }, 'x'.repeat(2000)), secretOf('alice')),
    ],
    [
      'an original that is not canonical',
      () => originalOf(decodePost(encodeUtf8('d12:sig_userpost1:x8:userpostd1:ki07eee'), 'deployed')),
    ],
  ])('%s is a mistake of the caller', (_, make) => {
    expect(make).toThrow(RangeError);
  });
});

describe('the comment of a retweet (POST-21)', () => {
  const users = capturedUsers();
  const retweet = decodePost(bytesOf(capturedPost('carol', 1).raw));

  test('can be retweeted by itself', () => {
    const checked = checkComment(retweet, { tip: CAPTURED_TIP, users, backend });
    if (!checked.ok) throw new Error(checked.detail);
    const again = createRetweet({ user: 'bob', k: 5, height: 28, time: NOW }, checked.original);
    const piece = signPost(again, capturedSecret('bob'), { backend });
    for (const profile of PROFILES) {
      const context = { profile, user: 'bob', k: 5, tip: CAPTURED_TIP, users, backend };
      expect(checkPost(piece, context)).toMatchObject({ ok: true, flags: ['rt'] });
    }
  });

  test('is refused where it is not signed', () => {
    const bytes = retweet.bytes.slice();
    bytes[retweet.root.get('sig_wort')!.end - 1]! ^= 1;
    expect(checkComment(decodePost(bytes), { tip: CAPTURED_TIP, users, backend })).toMatchObject({
      code: 'bad-retweet-signature',
    });
    const plain = decodePost(bytesOf(capturedPost('alice', 0).raw));
    expect(checkComment(plain, { tip: CAPTURED_TIP, users, backend })).toMatchObject({ code: 'missing-field' });
  });
});

describe('equivocation (POST-25)', () => {
  const post = (text: string, k = 5) =>
    decodePost(signPost(createPost({ user: 'alice', k, height: 20, time: NOW }, text), secretOf('alice'), { backend }));

  test('two texts of one number are evidence, in either order', () => {
    expect(isEquivocation(post('one'), post('two'))).toBe(true);
    expect(isEquivocation(post('two'), post('one and more'))).toBe(true);
  });

  test('the same post, another number and another signature are none', () => {
    const resigned = { ...post('one'), signature: new Uint8Array(65) };
    expect(isEquivocation(post('one'), post('one'))).toBe(false);
    expect(isEquivocation(post('one'), post('one', 6))).toBe(false);
    expect(isEquivocation(post('one'), resigned)).toBe(false);
  });
});

import type { CurveBackend } from '@rookery/keys';
import { signRaw } from '@rookery/keys/raw';
import { encodeUtf8, type Profile } from '@rookery/wire';
import { describe, expect, test } from 'vitest';
import { checkPost, isForged, type PostCode } from '../src/index.ts';
import { backend, type Fields, NOW, pieceOf, secretOf, signatureOf, TIP, users } from './arbitraries.ts';
import { bytesOf, CAPTURED_TIP, capturedPost, capturedPosts, capturedUsers } from './captured.ts';

const PROFILES: readonly Profile[] = ['canonical', 'deployed'];

/** A backend that counts how often it is asked about a signature. */
function counting(): { readonly backend: CurveBackend; readonly asked: () => number } {
  let asked = 0;
  const matches: CurveBackend['matches'] = (...given) => {
    asked += 1;
    return backend.matches(...given);
  };
  return { backend: { ...backend, matches }, asked: () => asked };
}

const good: Fields = { n: 'alice', k: 7, height: 39, time: NOW, msg: 'hello' };

function judge(fields: Fields, given: CurveBackend = backend, signer = 'alice') {
  return checkPost(pieceOf(fields, signer), { user: 'alice', k: 7, tip: TIP, users, now: NOW, backend: given });
}

describe.each(PROFILES)('%s', (profile) => {
  test('a piece cut at any byte is refused', () => {
    for (const { user, k, raw } of capturedPosts.slice(0, 3)) {
      const bytes = bytesOf(raw);
      for (let length = 0; length < bytes.length; length += 1) {
        const context = { profile, user, k, tip: CAPTURED_TIP, users: capturedUsers(), backend };
        const verdict = checkPost(bytes.subarray(0, length), context);
        expect(verdict).toMatchObject({ ok: false, code: length === 0 ? 'bad-size' : 'bad-encoding' });
      }
    }
  });

  test.each([
    ['lists inside each other', 'l'.repeat(2048)],
    ['dictionaries inside each other', 'd1:a'.repeat(512)],
    ['lists that close', `${'l'.repeat(1024)}${'e'.repeat(1024)}`],
    ['a length beyond all bytes', `d${'9'.repeat(2000)}:`],
    ['an integer without end', `di${'9'.repeat(2000)}`],
    ['many empty keys', `d${'0:0:'.repeat(500)}e`],
    ['a dictionary in the place of the signature', 'd12:sig_userpostde8:userpostdee'],
    ['an empty signature', 'd12:sig_userpost0:8:userpostdee'],
  ])('%s are refused without curve work', (_, text) => {
    const { backend: counted, asked } = counting();
    expect(checkPost(encodeUtf8(text), { profile, user: 'alice', k: 7, tip: TIP, users, backend: counted }).ok).toBe(
      false,
    );
    expect(asked()).toBe(0);
  });

  test('a huge input is refused by its size', () => {
    const verdict = checkPost(new Uint8Array(50_000_000), { profile, user: 'alice', k: 7, tip: TIP, users });
    expect(verdict).toMatchObject({ ok: false, code: 'bad-size' });
  });

  test('a user, number or tip that no post can have is refused', () => {
    const bytes = bytesOf(capturedPost('alice', 0).raw);
    const context = { profile, tip: CAPTURED_TIP, users: capturedUsers(), backend };
    expect(checkPost(bytes, { ...context, user: '\ud800', k: 0 })).toMatchObject({ code: 'wrong-user' });
    expect(checkPost(bytes, { ...context, user: '', k: 0 })).toMatchObject({ code: 'wrong-user' });
    for (const k of [-1, Number.NaN, 0.5, 2 ** 60]) {
      expect(checkPost(bytes, { ...context, user: 'alice', k })).toMatchObject({ code: 'wrong-number' });
    }
  });
});

describe('a canonical rule that costs nothing comes before the signature', () => {
  const retweeted: Fields = { n: 'bob', k: 1, height: 20, time: NOW, msg: 'original' };
  const rt = (inner: Fields): Fields => ({ ...good, rt: inner as never, sig_rt: signatureOf(inner, 'bob') });
  const envelope = { key: new Uint8Array(33), mac: new Uint8Array(64), body: new Uint8Array(32), orig: 20 };

  test.each<[PostCode, string, Fields]>([
    ['wrong-type', 'n is a number', { ...good, n: 5 }],
    ['wrong-type', 'k is text', { ...good, k: '7' }],
    ['wrong-type', 'msg is a list', { ...good, msg: [] }],
    ['wrong-type', 'mimetype is a number', { ...good, mimetype: 1 }],
    ['wrong-type', 'sig_fav is a number', { ...good, sig_fav: 1 }],
    ['wrong-type', 'dm is text', { ...good, dm: 'x' }],
    ['missing-field', 'no n', { ...good, n: undefined }],
    ['missing-field', 'no k', { ...good, k: undefined }],
    ['missing-field', 'no height', { ...good, height: undefined }],
    ['bad-utf8', 'msg2 is not UTF-8', { ...good, msg2: Uint8Array.of(0xc0, 0xaf) }],
    ['bad-time', 'no time', { ...good, time: undefined }],
    ['bad-time', 'time 0', { ...good, time: 0 }],
    ['bad-time', 'time in the future', { ...good, time: NOW + 7201 }],
    ['bad-lastk', 'lastk is k', { ...good, lastk: 7 }],
    ['bad-lastk', 'lastk beyond 2^53', { ...good, lastk: 2n ** 60n }],
    ['bad-reply', 'no name', { ...good, reply: { k: 1 } }],
    ['bad-reply', 'no number', { ...good, reply: { n: 'bob' } }],
    ['bad-reply', 'name of 17', { ...good, reply: { k: 1, n: 'a'.repeat(17) } }],
    ['bad-reply', 'empty name', { ...good, reply: { k: 1, n: '' } }],
    ['bad-reply', 'name is a number', { ...good, reply: { k: 1, n: 1 } }],
    ['mixed-kinds', 'dm and pfav', { ...good, dm: envelope, pfav: envelope }],
    ['mixed-kinds', 'rt and dm', { ...rt(retweeted), dm: envelope }],
    ['bad-envelope', 'key of 65', { ...good, dm: { ...envelope, key: new Uint8Array(65) } }],
    ['bad-envelope', 'no mac', { ...good, dm: { ...envelope, mac: undefined } }],
    ['bad-envelope', 'body of 20', { ...good, pfav: { ...envelope, body: new Uint8Array(20) } }],
    ['bad-envelope', 'negative orig', { ...good, pfav: { ...envelope, orig: -1 } }],
    ['bad-embedded-post', 'rt of nobody', rt({ ...retweeted, n: 'nobody' })],
    ['bad-embedded-post', 'rt without number', rt({ ...retweeted, k: undefined })],
    ['bad-embedded-post', 'rt above the ceiling', rt({ ...retweeted, k: 81 })],
    ['bad-embedded-post', 'rt from the future', rt({ ...retweeted, height: 42 })],
    ['bad-embedded-post', 'rt of 141 characters', rt({ ...retweeted, msg: 'x'.repeat(141) })],
    ['bad-embedded-post', 'rt of a mixed post', rt({ ...retweeted, dm: envelope, pfav: envelope })],
    ['bad-embedded-post', 'rt without time', rt({ ...retweeted, time: undefined })],
    ['bad-embedded-post', 'rt of a rt of nothing', rt({ ...retweeted, rt: {} })],
  ])('%s: %s', (code, _, fields) => {
    const { backend: counted, asked } = counting();
    expect(judge(fields, counted)).toMatchObject({ ok: false, code });
    expect(asked()).toBe(0);
  });
});

test('unknown keys are no fault, empty texts are none, padding of browser clients is none', () => {
  const envelope = { key: new Uint8Array(33), mac: new Uint8Array(64), body: new Uint8Array(48), orig: 32 };
  expect(judge({ ...good, unknown: ['x'], '': 1 })).toMatchObject({ ok: true, flags: [] });
  expect(judge({ ...good, msg: '', msg2: '' })).toMatchObject({ ok: true });
  expect(judge({ ...good, msg: undefined })).toMatchObject({ ok: true });
  expect(judge({ ...good, msg: '', dm: envelope })).toMatchObject({ ok: true, flags: ['dm'] });
  expect(judge({ ...good, lastk: -1, reply: { k: 0, n: 'bob', more: 1 } })).toMatchObject({
    ok: true,
    flags: ['reply'],
  });
});

test('for deployed nodes dm hides pfav, and a dictionary of another type is none', () => {
  const context = { user: 'alice', k: 7, tip: TIP, users, backend, profile: 'deployed' } as const;
  const both = pieceOf({ ...good, dm: {}, pfav: {}, reply: {} }, 'alice');
  expect(checkPost(both, context)).toMatchObject({ ok: true, flags: ['dm', 'reply'] });
  const texts = pieceOf({ ...good, dm: 'x', rt: 'x', fav: 'x', reply: 'x', pfav: {} }, 'alice');
  expect(checkPost(texts, context)).toMatchObject({ ok: true, flags: ['pfav'] });
});

test('only an earlier post binds the height', () => {
  const piece = pieceOf({ ...good, height: 20 }, 'alice');
  const judged = [6, 7, 8].map((k) => {
    const context = { user: 'alice', k: 7, tip: TIP, users, backend, previous: { k, height: 21 } };
    return checkPost(piece, context).ok;
  });
  expect(judged).toEqual([false, true, true]);
});

describe('readings of deployed nodes', () => {
  /** A piece around any bytes, signed by alice. */
  function raw(userpost: string): Uint8Array {
    const signature = signRaw(encodeUtf8(userpost), secretOf('alice'), true, backend);
    const start = encodeUtf8('d12:sig_userpost65:');
    return Uint8Array.of(...start, ...signature, ...encodeUtf8(`8:userpost${userpost}e`));
  }

  test.each<[string, string, PostCode | undefined, PostCode]>([
    ['the first of two names counts', 'd6:heighti39e1:ki7e1:n5:alice1:n3:bobe', undefined, 'not-canonical'],
    ['the second name does not', 'd6:heighti39e1:ki7e1:n3:bob1:n5:alicee', 'wrong-user', 'not-canonical'],
    ['a length with a zero in front hides its key', 'd6:heighti39e1:ki7e1:n05:alicee', 'wrong-user', 'not-canonical'],
    ['digits that are none read as 0', 'd6:heighti39e1:ki7xe1:n5:alicee', 'wrong-number', 'not-canonical'],
    ['a height that is text is absent', 'd6:height2:391:ki7e1:n5:alicee', 'bad-height', 'wrong-type'],
    ['a number that is text is absent', 'd6:heighti39e1:k1:71:n5:alicee', 'wrong-number', 'wrong-type'],
    ['a text that is a number is empty', 'd6:heighti39e1:ki7e3:msgi5e1:n5:alicee', undefined, 'wrong-type'],
  ])('%s', (_, userpost, deployed, canonical) => {
    const context = { user: 'alice', k: 7, tip: TIP, users, backend };
    const verdict = checkPost(raw(userpost), { ...context, profile: 'deployed' });
    expect(verdict.ok ? undefined : verdict.code).toBe(deployed);
    expect(checkPost(raw(userpost), context)).toMatchObject({ ok: false, code: canonical });
  });
});

describe('signatures', () => {
  const signer = (depth: number) => (depth % 2 === 0 ? 'alice' : 'bob');
  /** Retweets inside each other, the innermost signed by `last`. */
  function chain(length: number, last = signer(length)): Fields {
    let fields: Fields = { n: signer(length), k: 7, height: 20, time: NOW };
    for (let depth = length; depth > 0; depth -= 1) {
      const signature = signatureOf(fields, depth === length ? last : signer(depth));
      fields = { n: signer(depth - 1), k: 7, height: 20, time: NOW, rt: fields as never, sig_rt: signature };
    }
    return fields;
  }

  test('each embedded post costs one check, and a piece has room for few', () => {
    const { backend: counted, asked } = counting();
    expect(judge(chain(5), counted)).toMatchObject({ ok: true, flags: ['rt'] });
    expect(asked()).toBe(6);
    expect(pieceOf(chain(20), 'alice').length).toBeGreaterThan(2048);
  });

  test('a bad one is found at every depth', () => {
    expect(judge(chain(1, 'alice'))).toMatchObject({ code: 'bad-retweet-signature' });
    expect(judge(chain(2, 'bob'))).toMatchObject({ code: 'bad-embedded-post' });
    expect(judge(chain(5, 'alice'))).toMatchObject({ code: 'bad-embedded-post' });
    expect(judge(chain(5), backend, 'bob')).toMatchObject({ code: 'bad-signature' });
  });

  test('a retweet of a post made with a replaced key stays valid, up to the number of its time', () => {
    const old = { n: 'carol', k: 70, height: 29, time: NOW };
    const fields = { ...good, rt: old as never, sig_rt: signatureOf(old, 'carol_old') };
    expect(users.registeredAt('carol')).toBe(30);
    expect(judge(fields)).toMatchObject({ ok: true });
    const tooHigh = { ...old, k: 2 * (TIP - 12) + 21 };
    expect(judge({ ...good, rt: tooHigh, sig_rt: signatureOf(tooHigh, 'carol_old') })).toMatchObject({
      code: 'bad-embedded-post',
    });
  });

  test('above the tip a failing signature proves nothing', () => {
    const ahead = judge({ ...good, height: TIP + 1 }, backend, 'bob');
    expect(ahead).toMatchObject({ code: 'no-key' });
    const here = judge({ ...good, height: TIP }, backend, 'bob');
    expect(here).toMatchObject({ code: 'bad-signature' });
    expect([ahead, here].map((verdict) => !verdict.ok && isForged(verdict.code))).toEqual([false, true]);
  });

  test('a registered key that is none is no key', () => {
    const broken = { ...users, keyAt: () => Uint8Array.of(1, 2, 3) };
    const context = { user: 'alice', k: 7, tip: TIP, users: broken, backend };
    for (const profile of PROFILES) {
      expect(checkPost(pieceOf(good, 'alice'), { ...context, profile })).toMatchObject({ code: 'no-key' });
    }
  });
});

test('only a bad signature of the author is a forgery', () => {
  const others: readonly PostCode[] = [
    'bad-retweet-signature',
    'bad-size',
    'no-key',
    'scalar-out-of-range',
    'wrong-number',
  ];
  expect(isForged('bad-signature')).toBe(true);
  expect(others.some(isForged)).toBe(false);
});

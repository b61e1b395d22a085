import { type BencodeInput, bencodeDict, encodeBencode, encodeScript, encodeUtf8 } from '@rookery/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultBackend, KeysError, purposesOf, type Signable, signTyped, verifySignature } from '../src/index.ts';
import { signableBytes } from '../src/signable.ts';
import { hex, secrets, word, words } from './arbitraries.ts';
import { captured, capturedPosts } from './captured.ts';

const backend = defaultBackend();
const secret = word(42n);
const publicKey = backend.derivePublicKey(secret, true);
const post = { n: 'alice', k: 1, height: 20, msg: 'hi', time: 1_400_000_000 };
const value = { target: { n: 'alice', r: 'post1', t: 's' }, v: 1, time: 1_400_000_000, height: 20, seq: 1 };

function refusal(signable: Signable): string {
  try {
    signableBytes(signable, backend);
    return 'none';
  } catch (error) {
    if (error instanceof KeysError) return error.code;
    throw error;
  }
}

function dict(fields: Readonly<Record<string, BencodeInput | undefined>>) {
  return bencodeDict(fields);
}

describe('typed signing', () => {
  const things: readonly Signable[] = [
    { type: 'post', userpost: dict(post) },
    { type: 'dht-value', p: dict(value) },
    { type: 'new-key', publicKey },
    { type: 'promotion', messageScript: encodeScript([encodeUtf8('hello [en]')]) },
    { type: 'checkpoint', height: 60_000, hash: word(7n) },
    { type: 'text', text: 'hello' },
  ];

  it.each(things)('signs a $type so that it verifies', (thing) => {
    const signature = signTyped(thing, secret);
    expect(verifySignature(signableBytes(thing, backend), signature, publicKey)).toEqual({ ok: true });
  });

  it('signs for an uncompressed key with its header', () => {
    const signature = signTyped({ type: 'text', text: 'hello' }, secret, { compressed: false });
    expect(verifySignature(encodeUtf8('hello'), signature, backend.derivePublicKey(secret, false))).toEqual({
      ok: true,
    });
  });

  it('gives each thing no other purpose than its own', () => {
    for (const thing of things) {
      const purposes = purposesOf(signableBytes(thing, backend));
      expect(purposes).toEqual(thing.type === 'text' ? [] : [thing.type]);
    }
  });

  it('knows the purpose of captured bytes', () => {
    for (const { signedBytes } of capturedPosts())
      expect(purposesOf(Buffer.from(signedBytes, 'hex'))).toEqual(['post']);
    const { users } = captured<{ users: Record<string, { registrations: { pubKey: string }[] }> }>('keys.json');
    for (const { registrations } of Object.values(users)) {
      for (const { pubKey } of registrations) expect(purposesOf(Buffer.from(pubKey, 'hex'))).toEqual(['new-key']);
    }
  });
});

describe('what typed signing refuses', () => {
  const { n: _n, ...nameless } = post;
  const { v: _v, ...empty } = value;
  const { target: _target, ...aimless } = value;
  const refused: readonly (readonly [name: string, signable: Signable])[] = [
    ['a post without author', { type: 'post', userpost: dict(nameless) }],
    ['a post with an author of 17 bytes', { type: 'post', userpost: dict({ ...post, n: 'a'.repeat(17) }) }],
    ['a post whose number is text', { type: 'post', userpost: dict({ ...post, k: '1' }) }],
    ['a post with a negative height', { type: 'post', userpost: dict({ ...post, height: -1 }) }],
    ['a post that has a target', { type: 'post', userpost: dict({ ...post, target: {} }) }],
    ['a post that is a list', { type: 'post', userpost: [encodeUtf8('n')] }],
    ['a post with unsorted keys', { type: 'post', userpost: { entries: [...dict(post).entries].reverse() } }],
    [
      'a post with a key twice',
      { type: 'post', userpost: { entries: dict(post).entries.flatMap((one) => [one, one]) } },
    ],
    ['a value without content', { type: 'dht-value', p: dict(empty) }],
    ['a value without target', { type: 'dht-value', p: dict(aimless) }],
    [
      'a value with four parts of target',
      { type: 'dht-value', p: dict({ ...value, target: { ...value.target, x: '' } }) },
    ],
    ['a value that has an author', { type: 'dht-value', p: dict({ ...value, n: 'alice' }) }],
    ['a value that has a number', { type: 'dht-value', p: dict({ ...value, k: 1 }) }],
    ['a key that is no point', { type: 'new-key', publicKey: Uint8Array.of(2, ...word(5n)) }],
    ['a key of 34 bytes', { type: 'new-key', publicKey: Uint8Array.of(2, ...word(1n), 0) }],
    ['a hybrid key', { type: 'new-key', publicKey: hybrid() }],
    ['a promotion without text', { type: 'promotion', messageScript: Uint8Array.of(0) }],
    [
      'a promotion of two pushes',
      { type: 'promotion', messageScript: encodeScript([encodeUtf8('a'), encodeUtf8('b')]) },
    ],
    ['a promotion with a longer prefix', { type: 'promotion', messageScript: Uint8Array.of(0x4c, 1, 0x61) }],
    ['a promotion cut short', { type: 'promotion', messageScript: Uint8Array.of(2, 0x61) }],
    ['a promotion that is not UTF-8', { type: 'promotion', messageScript: Uint8Array.of(1, 0xff) }],
    [
      'a promotion of 141 characters',
      { type: 'promotion', messageScript: encodeScript([encodeUtf8('ä'.repeat(141))]) },
    ],
    ['a vote for half a block', { type: 'checkpoint', height: 6, hash: new Uint8Array(31) }],
    ['a vote for a negative height', { type: 'checkpoint', height: -6, hash: word(1n) }],
    ['a vote whose height reads as a promotion', { type: 'checkpoint', height: 0x4142, hash: word(1n) }],
    ['text that is a dictionary', { type: 'text', text: 'd1:n5:alicee' }],
    ['text that begins with a dictionary', { type: 'text', text: 'd1:ki1ee and more' }],
    ['text that is an unsorted dictionary', { type: 'text', text: 'd1:n1:a1:k1:be' }],
    ['text of 33 bytes that look like a key', { type: 'text', text: `\u0002${'a'.repeat(32)}` }],
    ['text of 65 bytes that look like a key', { type: 'text', text: `\u0004${'a'.repeat(64)}` }],
    ['text that is a script', { type: 'text', text: '\u0005hello' }],
    ['text that is a vote', { type: 'text', text: `V ${'a'.repeat(32)}` }],
    ['text with half a character', { type: 'text', text: 'a\ud800b' }],
  ];

  it.each(refused)('%s', (_, signable) => {
    expect(refusal(signable)).toBe('not-signable');
    expect(() => signTyped(signable, secret)).toThrow(KeysError);
  });

  it('nothing that people write', () => {
    const texts = [
      '',
      'hello',
      'Hello, world! This is a sentence of ordinary length, ending with a full stop.',
      'dude',
      'déjà vu',
      '漢字',
    ];
    for (const text of texts) expect(refusal({ type: 'text', text })).toBe('none');
  });

  it('a secret out of range, as misuse', () => {
    expect(() => signTyped({ type: 'text', text: 'hello' }, word(0n))).toThrow(RangeError);
  });
});

function hybrid(): Uint8Array {
  const key = backend.derivePublicKey(secret, false);
  key[0] = 6 + ((key[64] as number) & 1);
  return key;
}

describe('laws of typed signing (KEY-18)', () => {
  const names = fc.string({ minLength: 1, maxLength: 8 }).map((text) => encodeUtf8(text.replace(/[^a-z]/g, 'x')));
  const fields = fc.dictionary(
    fc.constantFrom('n', 'k', 'v', 'msg', 'target', 'time', 'height', 'seq', 'x'),
    fc.oneof(fc.nat(), fc.string({ unit: 'grapheme-ascii' })),
  );
  const signables: fc.Arbitrary<Signable> = fc.oneof(
    fc.record({
      type: fc.constant('post' as const),
      userpost: fc.tuple(fields, names).map(([extra, n]) => dict({ ...extra, n, k: 1, height: 2 })),
    }),
    fc.record({
      type: fc.constant('dht-value' as const),
      p: fields.map((extra) => dict({ ...value, ...extra, target: value.target })),
    }),
    fc.record({
      type: fc.constant('new-key' as const),
      publicKey: secrets.map((one) => backend.derivePublicKey(one, one[31]! < 128)),
    }),
    fc.record({
      type: fc.constant('promotion' as const),
      messageScript: fc.oneof(
        fc.uint8Array({ maxLength: 80 }),
        fc.string().map((text) => encodeScript([encodeUtf8(text)])),
      ),
    }),
    fc.record({ type: fc.constant('checkpoint' as const), height: fc.oneof(fc.nat(200), fc.nat()), hash: words }),
    fc.record({
      type: fc.constant('text' as const),
      text: fc.oneof(fc.string(), fc.string({ minLength: 30, maxLength: 70 })),
    }),
  );

  it('what is signed for one purpose serves no other', () => {
    fc.assert(
      fc.property(signables, (signable) => {
        if (refusal(signable) !== 'none') return;
        const purposes = purposesOf(signableBytes(signable, backend));
        expect(purposes.filter((purpose) => purpose !== signable.type)).toEqual([]);
      }),
    );
  });

  it('two things of different kinds never cover the same bytes', () => {
    fc.assert(
      fc.property(signables, signables, (one, two) => {
        if (one.type === two.type || refusal(one) !== 'none' || refusal(two) !== 'none') return;
        expect(hex(signableBytes(one, backend))).not.toBe(hex(signableBytes(two, backend)));
      }),
    );
  });

  it('no text covers the bytes of another thing', () => {
    fc.assert(
      fc.property(signables, (signable) => {
        if (refusal(signable) !== 'none' || signable.type === 'text') return;
        const text = Buffer.from(signableBytes(signable, backend)).toString('utf8');
        if (Buffer.from(text, 'utf8').equals(signableBytes(signable, backend))) {
          expect(refusal({ type: 'text', text })).toBe('not-signable');
        }
      }),
    );
  });

  it('a post and a value are told apart whatever they hold', () => {
    const both = dict({ ...post, ...value });
    expect(purposesOf(encodeBencode(both)).sort()).toEqual(['dht-value', 'post']);
    expect(refusal({ type: 'post', userpost: both })).toBe('not-signable');
    expect(refusal({ type: 'dht-value', p: both })).toBe('not-signable');
  });

  it('deep nesting and huge lengths are no way to another purpose', () => {
    expect(purposesOf(encodeUtf8('l'.repeat(100_000)))).toEqual([]);
    expect(purposesOf(encodeUtf8(`d1:a${'l'.repeat(5_000)}${'e'.repeat(5_000)}e`))).toEqual([]);
    expect(purposesOf(encodeUtf8('d99999999999999999999:'))).toEqual([]);
  });
});

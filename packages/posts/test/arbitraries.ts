import { createNobleBackend, directoryOf, type UserDirectory } from '@rookery/keys';
import { signRaw } from '@rookery/keys/raw';
import { type BencodeInput, bencodeDict, encodeBencode, encodePost } from '@rookery/wire';
import fc from 'fast-check';

export const backend = createNobleBackend();
export const TIP = 40;
export const NOW = 1_800_000_000;

const secrets: Readonly<Record<string, Uint8Array>> = {
  alice: new Uint8Array(32).fill(1),
  bob: new Uint8Array(32).fill(2),
  carol_old: new Uint8Array(32).fill(3),
  carol: new Uint8Array(32).fill(4),
};
const keyOf = (name: string): Uint8Array => backend.derivePublicKey(secretOf(name), true);

export function secretOf(name: string): Uint8Array {
  const secret = secrets[name];
  if (secret === undefined) throw new Error(`${name} has no secret`);
  return secret;
}

/** alice from block 5, bob from 10, carol from 12 with a key that she replaced in block 30. */
export const users: UserDirectory = directoryOf([
  { name: 'alice', keys: [{ height: 5, publicKey: keyOf('alice') }] },
  { name: 'bob', keys: [{ height: 10, publicKey: keyOf('bob') }] },
  {
    name: 'carol',
    keys: [
      { height: 12, publicKey: keyOf('carol_old') },
      { height: 30, publicKey: keyOf('carol') },
    ],
  },
]);

/** Signs any fields as somebody, without asking whether they make a post. */
export function pieceOf(fields: Readonly<Record<string, BencodeInput | undefined>>, signer: string): Uint8Array {
  const userpost = bencodeDict(fields);
  return encodePost({ userpost, signature: signatureOf(fields, signer) });
}

export function signatureOf(fields: Readonly<Record<string, BencodeInput | undefined>>, signer: string): Uint8Array {
  return signRaw(encodeBencode(bencodeDict(fields)), secretOf(signer), true, backend);
}

export type Fields = Record<string, BencodeInput | undefined>;

const sometimes = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 2 });
const envelope = fc
  .record({ blocks: fc.nat({ max: 6 }), orig: fc.nat({ max: 96 }) })
  .map(({ blocks, orig }): BencodeInput => {
    const body = new Uint8Array(16 * blocks);
    return { key: new Uint8Array(33).fill(2), mac: new Uint8Array(64), body, orig: Math.min(orig, body.length) };
  });

/** Fields of an honest post, all but its author. */
const honestFields: fc.Arbitrary<Fields> = fc
  .record({
    k: fc.integer({ min: 0, max: 40 }),
    height: fc.integer({ min: 30, max: TIP + 1 }),
    time: fc.constantFrom(1, NOW - 5, NOW, NOW + 7200),
    msg: sometimes(fc.string({ unit: 'grapheme', maxLength: 40 })),
    msg2: sometimes(fc.string({ unit: 'grapheme', maxLength: 40 })),
    back: sometimes(fc.integer({ min: 1, max: 50 })),
    reply: sometimes(fc.record({ n: fc.constantFrom('bob', 'a_1'), k: fc.nat() })),
    kind: sometimes(fc.constantFrom('dm', 'pfav')),
    envelope,
    url: sometimes(fc.webUrl()),
  })
  .map(({ back, kind, envelope: content, ...fields }) => ({
    ...fields,
    lastk: back && fields.k - back,
    ...(kind && { [kind]: content }),
  }));

/** One field made wrong, in ways that some rule or some quirk is about. */
const faults: fc.Arbitrary<Fields> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('k', 'height', 'time', 'lastk'),
      fc.constantFrom<BencodeInput | undefined>(
        ...[
          undefined,
          -1,
          0,
          41,
          42,
          91,
          2 ** 31,
          2 ** 32 + 7,
          -(2 ** 32) + 7,
          NOW + 7201,
          9223372036854775807n,
          'text',
          [],
        ],
      ),
    )
    .map(([key, value]) => ({ [key]: value })),
  fc
    .tuple(
      fc.constantFrom('msg', 'msg2', 'url', 'n', 'unknown'),
      fc.constantFrom<BencodeInput>(7, { a: 1 }, Uint8Array.of(0xc0, 0xaf), 'ä'.repeat(140), 'ä'.repeat(141), 'nobody'),
    )
    .map(([key, value]) => ({ [key]: value })),
  fc
    .tuple(
      fc.constantFrom('dm', 'pfav', 'reply', 'rt', 'fav', 'sig_rt', 'sig_fav'),
      fc.constantFrom<BencodeInput>('text', 7, {}, { n: 'Bob', k: 1 }, { n: 'bob', k: -1 }, { n: 'bob', k: 1 }),
    )
    .map(([key, value]) => ({ [key]: value })),
);

interface Signed {
  readonly fields: Fields;
  readonly signer: string;
}

/** Nearly always the author signs. */
const signerOf = (name: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 15, arbitrary: fc.constant(name) },
    { weight: 1, arbitrary: fc.constantFrom('alice', 'carol_old') },
  );

const plain: fc.Arbitrary<Signed> = fc
  .tuple(fc.constantFrom('alice', 'bob', 'carol'), honestFields, fc.option(faults, { freq: 2, nil: {} }))
  .chain(([name, fields, fault]) =>
    signerOf(name).map((signer) => ({ fields: { n: name, ...fields, ...fault }, signer })),
  );

function around(inner: fc.Arbitrary<Signed>): fc.Arbitrary<Signed> {
  return fc.tuple(plain, inner, fc.constantFrom('rt', 'fav')).map(([outer, { fields, signer }, kind]) => {
    const embedded = { [kind]: bencodeDict(fields), [`sig_${kind}`]: signatureOf(fields, signer) };
    return { fields: { ...outer.fields, dm: undefined, pfav: undefined, ...embedded }, signer: outer.signer };
  });
}

/** Posts of which some are acceptable, some hold one or two others. */
export const signedPosts: fc.Arbitrary<Signed> = fc.oneof(
  { weight: 4, arbitrary: plain },
  { weight: 2, arbitrary: around(plain) },
  { weight: 1, arbitrary: around(around(plain)) },
);

/** Suite `keys`: the captured keys and signatures, published values, and numbers at the edges computed with OpenSSL. */
import { createECDH, createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeBencode } from '@rookery/wire';
import type { Fields, Json, VectorCase, VectorDocument, VectorFile } from './format.ts';
import { RECOVERIES, RECOVERY_MESSAGE, type Recovery, SIGNATURES } from './keys-constants.ts';

interface KeyPair {
  readonly wif: string;
  readonly privHex: string;
  readonly pubHex: string;
}
interface CapturedPosts {
  readonly keys: Readonly<Record<string, readonly KeyPair[]>>;
  readonly groupKeys: Readonly<Record<string, KeyPair>>;
  readonly posts: readonly {
    readonly user: string;
    readonly k: number;
    readonly signedBytes: string;
    readonly signedHash: string;
    readonly signature: string;
    readonly recoveredPubKey: string;
  }[];
}
interface CapturedUsers {
  readonly users: Readonly<
    Record<
      string,
      {
        readonly registrations: readonly {
          readonly pubKey: string;
          readonly signedByOldKey?: string;
          readonly recoveredOldKey?: string;
        }[];
      }
    >
  >;
}
interface NewUsers {
  readonly users: readonly ({ readonly name: string } & KeyPair)[];
}
interface RejectedPosts {
  readonly cases: readonly { readonly name: string; readonly raw: string; readonly error: string | null }[];
}
type Expected = { readonly out: Json } | { readonly reject: string };

const DAEMONS = 'captured from twisterd 0.9.40 on a private chain';
const PUBLISHED = 'the browser client’s published test page, and RFC 6979 and base58check computed apart';
const FOX = Buffer.from('The quick brown fox jumps over the lazy dog').toString('hex');

/** The pair that the browser client publishes for tests; key id and address were computed apart. */
const PUBLISHED_KEY = {
  wif: 'KxQfV51HeY7dsML7jZonw1KxoEWrQ4f93QaQua2RZFNHc4d1VpkL',
  publicKey: '02f3cfac52291c219fd42a6b842b9d2db99a81f6207118a9635029cef8984d7beb',
  keyId: '5ea353387c94b697fe40485e1395218b1b999e5d',
  address: '19dQB4Lo7JsFd8quuAMf1hoQLfboZuFosB',
};
/** A signature of the fox sentence that the same page publishes. */
const PUBLISHED_SIGNATURE =
  '1f4b552cb138f761bf6567c13f16575d5a43e295d0cc494e1bf189a2f10c26ffee58a9db245481a4f69d154239f6cadad16272d76c9b91c50fbb4513415dcfaa26';
/** A post of the main network with its signature, published there too. */
const PUBLISHED_POST = {
  message: Buffer.from(
    'd6:heighti66495e1:ki442e5:lastki441e3:msg66:sucessfully decrypted my first ECIES testvector in javascript! \\o/1:n8:mfreitas4:timei1418265500ee',
  ).toString('hex'),
  signature:
    '1fb7922b8d6283168037d578cc4bed6c0af4e76d26db154bc5df881c5db3cfc74f969e90c3f76ee2cebc1ddd9b09ddf4b1e97040f9fe4dad749fcab6eb6fb5e984',
  publicKey: '03bc75d34b1cb18646591567c441a4b7c35cf3fe37fd4cd8e6699b0c12ee11b9b4',
};
const ORDER = 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141';

const NOTES: VectorDocument['notes'] = {
  'base58-syntax': { bugClass: 'lenient parsing', description: 'A text that is not quite a secret.' },
  'bit-flip': { bugClass: 'missing check', description: 'One bit of a good signature is changed.' },
  form: {
    bugClass: 'wrong key form',
    description: 'The header states the other serialisation than the registered one.',
  },
  header: { bugClass: 'lenient header', description: 'A header byte that no deployed node takes.' },
  'high-s': { bugClass: 'too strict', description: 'Deployed signers write s above n/2 half the time.' },
  length: { bugClass: 'crash on bad input', description: 'A signature or key of another length.' },
  'not-a-key': { bugClass: 'W7', description: 'Bytes that were registered although they are no key.' },
  unreduced: { bugClass: 'W22', description: 'r or s outside of 1 … n−1, which deployed nodes reduce.' },
};

function read<T>(captured: string, name: string): T {
  return JSON.parse(readFileSync(join(captured, 'twister', name), 'utf8')) as T;
}

function vector(
  id: string,
  rule: string,
  comment: string,
  call: { readonly op: string; readonly in: Fields },
  expected: Expected,
  flags: readonly string[] = [],
): VectorCase {
  const base = { id: `keys-${id}`, rule, level: 'MUST' as const, comment, flags, ...call };
  if ('out' in expected) return { ...base, result: 'valid', out: expected.out };
  return { ...base, result: 'invalid', reject: { code: expected.reject } };
}

export function keysFiles(captured: string): readonly VectorFile[] {
  const posts = read<CapturedPosts>(captured, 'posts.json');
  const { users } = read<NewUsers>(captured, 'new-users.json');
  const registered = read<CapturedUsers>(captured, 'keys.json');
  const refused = read<RejectedPosts>(captured, 'posts-rejects.json');
  return [
    document('wif', `${DAEMONS}; ${PUBLISHED}`, [...wifs(posts, users), ...badWifs()]),
    document('digest', DAEMONS, digests(posts)),
    document('sign', PUBLISHED, deterministicSignatures()),
    document('verify', `${DAEMONS}; ${PUBLISHED}`, [
      ...capturedSignatures(posts, registered),
      ...refusedSignatures(posts, refused),
      ...changedSignatures(posts),
    ]),
    document('recover', `${DAEMONS}; edges computed with OpenSSL 3`, [...recoveries(posts), ...edges()]),
  ];
}

function document(name: string, source: string, tests: readonly VectorCase[]): VectorFile {
  const used = new Set(tests.flatMap(({ flags }) => flags));
  const notes = Object.fromEntries(Object.entries(NOTES).filter(([flag]) => used.has(flag)));
  return { path: `keys/${name}.json`, content: { suite: 'keys', specVersion: 1, source, notes, tests } };
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function keyIdOf(publicKey: string): string {
  return createHash('ripemd160')
    .update(sha256(Buffer.from(publicKey, 'hex')))
    .digest('hex');
}

/** Base58 of a payload with its checksum, by division. */
function base58Check(
  payload: string,
  checksum: string = sha256(sha256(Buffer.from(payload, 'hex'))).toString('hex', 0, 4),
): string {
  const digits = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
  const bytes = Buffer.from(payload + checksum, 'hex');
  let text = '';
  for (let rest = BigInt(`0x${bytes.toString('hex')}`); rest > 0n; rest /= 58n)
    text = digits[Number(rest % 58n)] + text;
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return '1'.repeat(zeros) + text;
}

function wifs({ keys, groupKeys }: CapturedPosts, newUsers: NewUsers['users']): VectorCase[] {
  const named: [string, KeyPair][] = [
    ...Object.entries(keys).flatMap(([name, pairs]) =>
      pairs.map((pair, index): [string, KeyPair] => [`${name}-${index}`, pair]),
    ),
    ...Object.entries(groupKeys).map(([name, pair]): [string, KeyPair] => [name, pair]),
    ...newUsers.map((pair): [string, KeyPair] => [pair.name, pair]),
  ];
  const pairs = named.flatMap(([name, { wif, privHex, pubHex }]) => [
    vector(`from-wif-${slug(name)}`, 'KEY-3', `the secret of ${name}`, call('key.fromWif', { wif, network: 'main' }), {
      out: { secret: privHex, compressed: true, publicKey: pubHex, keyId: keyIdOf(pubHex) },
    }),
    vector(`to-wif-${slug(name)}`, 'KEY-3', `the secret of ${name}`, toWif(privHex, true, 'main'), { out: { wif } }),
  ]);
  const { wif, ...rest } = PUBLISHED_KEY;
  const published = vector(
    'from-wif-published',
    'KEY-4',
    'with key id and address',
    call('key.fromWif', { wif, network: 'main' }),
    {
      out: { ...rest, compressed: true },
    },
  );
  const one = `${'00'.repeat(31)}01`;
  const forms = (['main', 'testnet'] as const).flatMap((network) => {
    const prefix = network === 'main' ? '80' : 'ef';
    return [true, false].map((compressed) => {
      const text = base58Check(`${prefix}${one}${compressed ? '01' : ''}`);
      const name = `to-wif-${network}-${compressed ? 'compressed' : 'uncompressed'}`;
      return vector(name, 'KEY-3', `the secret 1 on ${network}`, toWif(one, compressed, network), {
        out: { wif: text },
      });
    });
  });
  const long = base58Check(`80${one}`);
  const uncompressed = vector(
    'from-wif-uncompressed',
    'KEY-2',
    'the key id is that of the 65-byte form',
    call('key.fromWif', { wif: long, network: 'main' }),
    { out: { secret: one, compressed: false, publicKey: GENERATOR, keyId: keyIdOf(GENERATOR) } },
  );
  return [...pairs, published, ...forms, uncompressed];
}

/** The generator, public key of the secret 1 (SEC 2). */
const GENERATOR =
  '0479be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8';

function call(op: string, fields: Fields): { readonly op: string; readonly in: Fields } {
  return { op, in: fields };
}

function toWif(secret: string, compressed: boolean, network: string): { readonly op: string; readonly in: Fields } {
  return call('key.toWif', { secret, compressed, network });
}

function badWifs(): VectorCase[] {
  const secret = '11'.repeat(32);
  const good = base58Check(`80${secret}01`);
  const texts: readonly (readonly [name: string, comment: string, wif: string, code: string])[] = [
    ['changed', 'one character is another', good.replace(/.$/, good.endsWith('2') ? '3' : '2'), 'bad-checksum'],
    ['checksum', 'a checksum of zeros', base58Check(`80${secret}01`, '00000000'), 'bad-checksum'],
    ['zero', 'base58 has no 0', `0${good.slice(1)}`, 'bad-base58'],
    ['ell', 'base58 has no l', `${good.slice(0, 20)}l${good.slice(21)}`, 'bad-base58'],
    ['space', 'spaces are not skipped', ` ${good}`, 'bad-base58'],
    ['long', 'far longer than a secret', good.repeat(40), 'bad-base58'],
    ['testnet', 'the prefix of testnet', base58Check(`ef${secret}01`), 'wrong-network'],
    ['address', 'an address', PUBLISHED_KEY.address, 'wrong-network'],
    ['mark', 'the mark is 02', base58Check(`80${secret}02`), 'bad-wif'],
    ['short', '31 bytes', base58Check(`80${secret.slice(2)}`), 'bad-wif'],
    ['two-marks', '34 bytes', base58Check(`80${secret}0101`), 'bad-wif'],
    ['secret-zero', 'the secret 0', base58Check(`80${'00'.repeat(32)}01`), 'bad-secret'],
    ['secret-n', 'the secret n', base58Check(`80${ORDER}01`), 'bad-secret'],
  ];
  return [
    ...texts.map(([name, comment, wif, code]) =>
      vector(
        `from-wif-reject-${name}`,
        'KEY-3',
        comment,
        call('key.fromWif', { wif, network: 'main' }),
        { reject: code },
        ['base58-syntax'],
      ),
    ),
    vector('to-wif-reject-zero', 'KEY-3', 'the secret 0', toWif('00'.repeat(32), true, 'main'), {
      reject: 'bad-secret',
    }),
    vector('to-wif-reject-n', 'KEY-3', 'the secret n', toWif(ORDER, true, 'main'), { reject: 'bad-secret' }),
    vector('to-wif-reject-short', 'KEY-3', '31 bytes', toWif('11'.repeat(31), true, 'main'), { reject: 'bad-secret' }),
  ];
}

function digests({ posts }: CapturedPosts): VectorCase[] {
  const reversed = (text: string): string => Buffer.from(text, 'hex').reverse().toString('hex');
  const own = (bytes: Buffer): string => {
    const size = bytes.length < 253 ? Buffer.of(bytes.length) : Buffer.of(0xfd, bytes.length & 255, bytes.length >> 8);
    return sha256(sha256(Buffer.concat([Buffer.from('\x18twister Signed Message:\n'), size, bytes]))).toString('hex');
  };
  const fox = 'c9c558d851bc50b6f81bc6275ab4afb4f3fa3681b6182c2cba9a9cf187317d6a';
  return [
    ...posts.map(({ user, k, signedBytes, signedHash }) =>
      vector(`digest-${user}-${k}`, 'KEY-5', `post ${k} of ${user}`, call('sign.digest', { message: signedBytes }), {
        out: { digest: signedHash },
      }),
    ),
    vector('digest-sentence', 'KEY-5', 'a published sentence', call('sign.digest', { message: FOX }), {
      out: { digest: reversed(fox) },
    }),
    ...[0, 252, 253, 256, 65535].map((length) => {
      const message = Buffer.alloc(length, 0x61);
      return vector(
        `digest-length-${length}`,
        'KEY-5',
        `${length} bytes`,
        call('sign.digest', { message: message.toString('hex') }),
        {
          out: { digest: own(message) },
        },
      );
    }),
  ];
}

function deterministicSignatures(): VectorCase[] {
  const good = SIGNATURES.map(({ name, secret, compressed, message, signature }) =>
    vector(`sign-${name}`, 'KEY-11', name, call('sign.create', { secret, compressed, message }), {
      out: { signature },
    }),
  );
  const bad = [
    ['zero', '00'.repeat(32)],
    ['n', ORDER],
    ['short', '11'.repeat(31)],
  ].map(([name, secret]) =>
    vector(
      `sign-reject-${name}`,
      'KEY-11',
      'no secret',
      call('sign.create', { secret: secret!, compressed: true, message: FOX }),
      {
        reject: 'bad-secret',
      },
    ),
  );
  return [...good, ...bad];
}

function verify(
  message: string,
  signature: string,
  publicKey: string,
  profile?: 'deployed',
): { readonly op: string; readonly in: Fields } {
  return call('sign.verify', { message, signature, publicKey, ...(profile && { profile }) });
}

function capturedSignatures({ posts }: CapturedPosts, { users }: CapturedUsers): VectorCase[] {
  const highS = (signature: string): boolean =>
    signature.slice(66, 130) > '7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0';
  return [
    ...posts.map(({ user, k, signedBytes, signature, recoveredPubKey }) =>
      vector(
        `verify-${user}-${k}`,
        'KEY-10',
        `post ${k} of ${user}`,
        verify(signedBytes, signature, recoveredPubKey),
        { out: {} },
        highS(signature) ? ['high-s'] : [],
      ),
    ),
    vector(
      'verify-published',
      'KEY-10',
      'a published signature',
      verify(FOX, PUBLISHED_SIGNATURE, PUBLISHED_KEY.publicKey),
      {
        out: {},
      },
    ),
    vector(
      'verify-published-post',
      'KEY-10',
      'a post of the main network',
      verify(PUBLISHED_POST.message, PUBLISHED_POST.signature, PUBLISHED_POST.publicKey),
      { out: {} },
    ),
    ...Object.entries(users).flatMap(([name, { registrations }]) =>
      registrations.flatMap(({ pubKey, signedByOldKey, recoveredOldKey }) =>
        signedByOldKey === undefined || recoveredOldKey === undefined
          ? []
          : [
              vector(
                `verify-new-key-${name}`,
                'KEY-14',
                `the replacement of the key of ${name}`,
                verify(pubKey, signedByOldKey, recoveredOldKey),
                { out: {} },
              ),
            ],
      ),
    ),
  ];
}

/** Posts that the daemon refused for their signature, and the one that it took although s was replaced by n − s. */
function refusedSignatures({ keys }: CapturedPosts, { cases }: RejectedPosts): VectorCase[] {
  const publicKey = keys.alice![0]!.pubHex;
  const codes: Readonly<Record<string, string | undefined>> = {
    bad_signature: 'bad-signature',
    signature_other_user: 'bad-signature',
    sig_header_34_recid3: 'bad-signature-format',
    sig_other_s_parity_flipped_recid: undefined,
  };
  return cases
    .filter(({ name }) => name in codes)
    .map(({ name, raw }) => {
      const root = decodeBencode(Buffer.from(raw, 'hex'), { profile: 'deployed' }).value;
      const message = Buffer.from(root.getDict('userpost')!.raw).toString('hex');
      const signature = Buffer.from(root.getBytes('sig_userpost')!).toString('hex');
      const code = codes[name];
      const expected = code === undefined ? { out: {} } : { reject: code };
      const rule = code === 'bad-signature-format' ? 'KEY-7' : 'KEY-10';
      return vector(`verify-${slug(name)}`, rule, name, verify(message, signature, publicKey), expected);
    });
}

function changedSignatures({ posts, keys }: CapturedPosts): VectorCase[] {
  const { signedBytes: message, signature, recoveredPubKey: key } = posts[0]!;
  const header = Number.parseInt(signature.slice(0, 2), 16);
  const withHeader = (value: number): string => value.toString(16).padStart(2, '0') + signature.slice(2);
  const long = uncompressedOf(keys.alice![0]!.privHex);
  const hybrid = (6 + (Number.parseInt(long.slice(-2), 16) & 1)).toString(16).padStart(2, '0') + long.slice(2);
  const flipped = (at: number): string => {
    const bytes = Buffer.from(signature, 'hex');
    bytes[at] = bytes[at]! ^ 1;
    return bytes.toString('hex');
  };
  const refuse = (
    name: string,
    rule: string,
    comment: string,
    wrong: { readonly signature?: string; readonly key?: string; readonly message?: string },
    code: string,
    flag: string,
  ): VectorCase =>
    vector(
      `verify-reject-${name}`,
      rule,
      comment,
      verify(wrong.message ?? message, wrong.signature ?? signature, wrong.key ?? key),
      { reject: code },
      [flag],
    );
  return [
    refuse('other-message', 'KEY-10', 'one byte more', { message: `${message}00` }, 'bad-signature', 'bit-flip'),
    refuse('r', 'KEY-10', 'a bit of r', { signature: flipped(32) }, 'bad-signature', 'bit-flip'),
    refuse('s', 'KEY-10', 'a bit of s', { signature: flipped(64) }, 'bad-signature', 'bit-flip'),
    refuse(
      'parity',
      'KEY-10',
      'the other recovery id',
      { signature: withHeader(31 + ((header - 31) ^ 1)) },
      'bad-signature',
      'bit-flip',
    ),
    ...[27, 28].map((value) =>
      refuse(
        `form-${value}`,
        'KEY-10',
        'the header of a 65-byte key',
        { signature: withHeader(value) },
        'bad-signature',
        'form',
      ),
    ),
    refuse(
      'registered-long',
      'KEY-10',
      'the same key registered with 65 bytes',
      { key: long },
      'bad-signature',
      'form',
    ),
    refuse(
      'registered-hybrid',
      'KEY-10',
      'the same key in hybrid form',
      { key: hybrid, signature: withHeader(header - 4) },
      'bad-signature',
      'form',
    ),
    vector(
      'verify-long',
      'KEY-10',
      'a 65-byte key and its header',
      verify(message, withHeader(header - 4), long),
      { out: {} },
      ['form'],
    ),
    ...[0, 26, 30, 34, 35, 255].map((value) =>
      refuse(
        `header-${value}`,
        'KEY-7',
        `header ${value}`,
        { signature: withHeader(value) },
        'bad-signature-format',
        'header',
      ),
    ),
    ...[0, 64, 66].map((length) =>
      refuse(
        `length-${length}`,
        'KEY-6',
        `${length} bytes`,
        { signature: signature.padEnd(132, '0').slice(0, 2 * length) },
        'bad-signature-format',
        'length',
      ),
    ),
    ...(
      [
        ['empty', ''],
        ['short', key.slice(0, 64)],
        ['prefix', `05${key.slice(2)}`],
        ['long-prefix', `02${long.slice(2)}`],
        ['text', Buffer.from('not a key').toString('hex')],
      ] as const
    ).map(([name, bytes]) =>
      refuse(`key-${name}`, 'KEY-1', 'registered bytes that are no key', { key: bytes }, 'bad-key', 'not-a-key'),
    ),
    refuse(
      'key-off-curve',
      'KEY-10',
      'a key that is no point',
      { key: `02${'00'.repeat(31)}05` },
      'bad-signature',
      'not-a-key',
    ),
  ];
}

function uncompressedOf(secret: string): string {
  const pair = createECDH('secp256k1');
  pair.setPrivateKey(secret, 'hex');
  return pair.getPublicKey('hex', 'uncompressed');
}

function recoveries({ posts }: CapturedPosts): VectorCase[] {
  const published = vector(
    'recover-published',
    'KEY-9',
    'a published signature',
    call('sign.recover', { message: FOX, signature: PUBLISHED_SIGNATURE }),
    { out: { publicKey: PUBLISHED_KEY.publicKey, keyId: PUBLISHED_KEY.keyId } },
  );
  return [
    published,
    ...posts.map(({ user, k, signedBytes, signature, recoveredPubKey }) =>
      vector(
        `recover-${user}-${k}`,
        'KEY-9',
        `post ${k} of ${user}`,
        call('sign.recover', { message: signedBytes, signature }),
        { out: { publicKey: recoveredPubKey, keyId: keyIdOf(recoveredPubKey) } },
      ),
    ),
  ];
}

function edges(): VectorCase[] {
  return RECOVERIES.flatMap((recovery) => [
    edge(recovery, 'deployed', 'recover'),
    edge(recovery, 'canonical', 'recover'),
    ...(recovery.publicKey === undefined
      ? []
      : [edge(recovery, 'deployed', 'verify'), edge(recovery, 'canonical', 'verify')]),
  ]);
}

function edge(
  { name, comment, r, s, recovery, publicKey }: Recovery,
  profile: 'canonical' | 'deployed',
  act: 'recover' | 'verify',
): VectorCase {
  const inRange = [r, s].every((word) => word < ORDER && !/^0+$/.test(word));
  const input = { message: RECOVERY_MESSAGE, signature: (31 + recovery).toString(16) + r + s, profile };
  const fields = act === 'verify' ? { ...input, publicKey: publicKey! } : input;
  const id = `${act}-edge-${name}-${profile}`;
  const flags = inRange ? [] : ['unreduced'];
  if (profile === 'canonical' && !inRange) {
    return vector(id, 'KEY-8', comment, call(`sign.${act}`, fields), { reject: 'scalar-out-of-range' }, flags);
  }
  if (publicKey === undefined) {
    return vector(id, 'KEY-9', comment, call(`sign.${act}`, fields), { reject: 'bad-signature' }, flags);
  }
  const out = act === 'verify' ? {} : { publicKey, keyId: keyIdOf(publicKey) };
  return vector(id, 'KEY-9', comment, call(`sign.${act}`, fields), { out }, flags);
}

function slug(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

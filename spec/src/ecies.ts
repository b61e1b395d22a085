/** Suite `ecies`: captured direct messages, a published envelope, and envelopes made with OpenSSL. */
import { createCipheriv, createECDH, createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BencodeValue, decodeBencode } from '@rookery/wire';
import type { Fields, Json, VectorCase, VectorDocument, VectorFile } from './format.ts';

interface CapturedMessages {
  readonly dms: readonly {
    readonly user: string;
    readonly k: number;
    readonly ecies: { readonly key: string; readonly mac: string; readonly orig: number; readonly body: string };
    readonly recipientPrivHex: string;
    readonly plaintext: string;
  }[];
}
/** An envelope as the operations take it; each part may be spoiled. */
type Envelope = { readonly key: string; readonly mac: string; readonly orig: number | string; readonly body: string };
type Expected = { readonly out: Json } | { readonly reject: string };
type Profile = 'canonical' | 'deployed';

const DAEMONS = 'captured from twisterd 0.9.40 on a private chain';
const OPENSSL = 'made with OpenSSL, the library of deployed nodes, through node:crypto';

/** The envelope that the browser client publishes for tests, and the secret that it uses throughout. */
const PUBLISHED = {
  key: '0337cf4c9db7e37943fab38c5e700c9c96c33a14bbe493f2bf3f49d8d9f5d7ef99',
  mac: '811fcddf475b9aecf6f6cc2930024372dfad48ac731e347ac7fc0670ba51404fd39df704b7a32b4b69a05e781e58f88fd24cee111eba2bff2e8cb6b40de037f1',
  orig: 43,
  body: '2a1d32be3c58f869c92ef3cb784d0439b65892929f43b2995d26a391f3e1baaf5ded64662d80a1d43babeeab5eb93649',
};
const PUBLISHED_SECRET = '2378e67dc6c2c78858b014f0d327ccbbc5779f7772692da9cc7678081fd8c2ab';
const FOX = hexOf('The quick brown fox jumps over the lazy dog');
const ORDER = 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141';

const NOTES: VectorDocument['notes'] = {
  'mac-only': { bugClass: 'partial comparison', description: 'The MAC differs in one byte or in its length.' },
  'orig-bounds': { bugClass: 'W19', description: 'A length that has nothing to do with the body.' },
  padding: { bugClass: 'W25', description: 'Other programs pad in other ways; padding says nothing.' },
  lenient: {
    bugClass: 'lenient parsing',
    description: 'Plaintexts that only the lenient reading takes for a dictionary.',
  },
  'key-form': { bugClass: 'point encodings', description: 'Deployed nodes take every encoding of a point.' },
  'odd-shape': { bugClass: 'W18', description: 'A length that no sender writes.' },
  'wrong-recipient': { bugClass: 'missing check', description: 'Another secret than the recipient’s.' },
};

function hexOf(text: string | Buffer): string {
  return Buffer.from(text as string).toString('hex');
}

function vector(
  id: string,
  rule: string,
  comment: string,
  call: { readonly op: string; readonly in: Fields },
  expected: Expected,
  flags: readonly string[] = [],
): VectorCase {
  const base = { id: `ecies-${id}`, rule, level: 'MUST' as const, comment, flags, ...call };
  if ('out' in expected) return { ...base, result: 'valid', out: expected.out };
  return { ...base, result: 'invalid', reject: { code: expected.reject } };
}

export function eciesFiles(captured: string): readonly VectorFile[] {
  const path = join(captured, 'twister', 'direct-messages.json');
  const messages = JSON.parse(readFileSync(path, 'utf8')) as CapturedMessages;
  return [
    document('encrypt', OPENSSL, encryptions()),
    document('decrypt', `${DAEMONS}; the browser client’s published test page; ${OPENSSL}`, [
      ...capturedEnvelopes(messages),
      ...madeEnvelopes(),
    ]),
    document('plaintext', `${DAEMONS}; stated by ECIES-9 to ECIES-14`, [
      ...capturedPlaintexts(messages),
      ...plaintexts(),
    ]),
  ];
}

function document(name: string, source: string, tests: readonly VectorCase[]): VectorFile {
  const used = new Set(tests.flatMap(({ flags }) => flags));
  const notes = Object.fromEntries(Object.entries(NOTES).filter(([flag]) => used.has(flag)));
  return { path: `ecies/${name}.json`, content: { suite: 'ecies', specVersion: 1, source, notes, tests } };
}

function publicKeyOf(secret: string, form: 'compressed' | 'uncompressed' | 'hybrid' = 'compressed'): string {
  const pair = createECDH('secp256k1');
  pair.setPrivateKey(secret, 'hex');
  return pair.getPublicKey('hex', form);
}

/** Encrypts as deployed nodes do; `padTo` is the plaintext with another padding than zeros. */
function seal(
  plaintext: Buffer,
  recipient: string,
  ephemeral: string,
  padded: Buffer = zeroFilled(plaintext),
): Envelope {
  const pair = createECDH('secp256k1');
  pair.setPrivateKey(ephemeral, 'hex');
  const keys = createHash('sha512')
    .update(pair.computeSecret(Buffer.from(publicKeyOf(recipient), 'hex')))
    .digest();
  const cipher = createCipheriv('aes-256-cbc', keys.subarray(0, 32), Buffer.alloc(16)).setAutoPadding(false);
  const body = Buffer.concat([cipher.update(padded), cipher.final()]);
  const mac = createHmac('sha512', keys.subarray(32)).update(body).digest();
  return { key: publicKeyOf(ephemeral), mac: hexOf(mac), orig: plaintext.length, body: hexOf(body) };
}

function zeroFilled(plaintext: Buffer): Buffer {
  const padded = Buffer.alloc(Math.ceil(plaintext.length / 16) * 16);
  plaintext.copy(padded);
  return padded;
}

const RECIPIENT = '22'.repeat(32);
const EPHEMERAL = '33'.repeat(32);

function encryptions(): VectorCase[] {
  const call = (publicKey: string, plaintext: string, ephemeralSecret: string) => ({
    op: 'ecies.encrypt',
    in: { publicKey, plaintext, ephemeralSecret },
  });
  const lengths = [0, 1, 15, 16, 17, 43, 1744].map((length) => {
    const plaintext = Buffer.alloc(length, 0x61);
    const out = seal(plaintext, RECIPIENT, EPHEMERAL);
    return vector(
      `encrypt-length-${length}`,
      'ECIES-6',
      `${length} bytes`,
      call(publicKeyOf(RECIPIENT), hexOf(plaintext), EPHEMERAL),
      {
        out: { ...out },
      },
    );
  });
  const forms = (['uncompressed', 'hybrid'] as const).map((form) =>
    vector(
      `encrypt-${form}`,
      'ECIES-4',
      `the recipient registered a key of ${form} form`,
      call(publicKeyOf(RECIPIENT, form), FOX, EPHEMERAL),
      { out: { ...seal(Buffer.from(FOX, 'hex'), RECIPIENT, EPHEMERAL) } },
      ['key-form'],
    ),
  );
  const refused = [
    ['off-curve', `02${'00'.repeat(31)}05`],
    ['short', publicKeyOf(RECIPIENT).slice(2)],
    ['empty', ''],
    ['infinity', '00'],
  ].map(([name, key]) =>
    vector(`encrypt-reject-${name}`, 'ECIES-4', 'the recipient has no usable key', call(key!, FOX, EPHEMERAL), {
      reject: 'bad-key',
    }),
  );
  const secret = vector('encrypt-reject-secret', 'ECIES-4', 'no secret', call(publicKeyOf(RECIPIENT), FOX, ORDER), {
    reject: 'bad-secret',
  });
  return [...lengths, ...forms, ...refused, secret];
}

function decrypt(secret: string, envelope: Envelope, profile: Profile): { readonly op: string; readonly in: Fields } {
  return { op: 'ecies.decrypt', in: { secret, ...envelope, profile } };
}

function capturedEnvelopes({ dms }: CapturedMessages): VectorCase[] {
  const published = vector(
    'decrypt-published',
    'ECIES-7',
    'the published envelope',
    decrypt(PUBLISHED_SECRET, PUBLISHED, 'canonical'),
    {
      out: { plaintext: FOX },
    },
  );
  const secrets = [...new Set(dms.map(({ recipientPrivHex }) => recipientPrivHex))];
  return [
    published,
    ...dms.flatMap(({ user, k, ecies, recipientPrivHex, plaintext }) => {
      const other = secrets.find((secret) => secret !== recipientPrivHex)!;
      return [
        vector(
          `decrypt-${user}-${k}`,
          'ECIES-7',
          `post ${k} of ${user}`,
          decrypt(recipientPrivHex, ecies, 'canonical'),
          {
            out: { plaintext },
          },
        ),
        vector(
          `decrypt-${user}-${k}-other`,
          'ECIES-7',
          `post ${k} of ${user}, read by somebody else`,
          decrypt(other, ecies, 'canonical'),
          { reject: 'bad-mac' },
          ['wrong-recipient'],
        ),
      ];
    }),
  ];
}

/** What each profile makes of an envelope: the plaintext, or a code. */
interface Made {
  readonly name: string;
  readonly rule: string;
  readonly comment: string;
  readonly envelope: Envelope;
  readonly canonical: Expected;
  readonly deployed: Expected;
  readonly flag: string;
}

function madeEnvelopes(): VectorCase[] {
  const plaintext = Buffer.from(FOX, 'hex');
  const good = seal(plaintext, RECIPIENT, EPHEMERAL);
  const opened: Expected = { out: { plaintext: FOX } };
  const empty = seal(Buffer.alloc(0), RECIPIENT, EPHEMERAL);
  const pkcs = (length: number): Buffer =>
    Buffer.concat([plaintext, Buffer.alloc(length - plaintext.length, length - plaintext.length)]);
  const flip = (text: string, at: number): string => {
    const bytes = Buffer.from(text, 'hex');
    bytes[at] = bytes[at]! ^ 0x80;
    return hexOf(bytes);
  };
  const both = (expected: Expected): { readonly canonical: Expected; readonly deployed: Expected } => ({
    canonical: expected,
    deployed: expected,
  });
  const strict = (deployed: Expected): { readonly canonical: Expected; readonly deployed: Expected } => ({
    canonical: { reject: 'bad-envelope' },
    deployed,
  });
  const partial = partialBlock();
  const cases: readonly Made[] = [
    {
      name: 'empty',
      rule: 'ECIES-6',
      comment: 'no plaintext, no body',
      envelope: empty,
      ...both({ out: { plaintext: '' } }),
      flag: 'orig-bounds',
    },
    {
      name: 'pkcs',
      rule: 'ECIES-6',
      comment: 'the padding of PKCS #7',
      envelope: seal(plaintext, RECIPIENT, EPHEMERAL, pkcs(48)),
      ...both(opened),
      flag: 'padding',
    },
    {
      name: 'block-more',
      rule: 'ECIES-6',
      comment: 'a block more than needed',
      envelope: seal(plaintext, RECIPIENT, EPHEMERAL, pkcs(64)),
      ...both(opened),
      flag: 'padding',
    },
    {
      name: 'shorter',
      rule: 'ECIES-2',
      comment: 'orig below the plaintext cuts it',
      envelope: { ...good, orig: 9 },
      ...both({ out: { plaintext: FOX.slice(0, 18) } }),
      flag: 'orig-bounds',
    },
    {
      name: 'orig-body',
      rule: 'ECIES-2',
      comment: 'orig is the length of the body',
      envelope: { ...good, orig: 48 },
      ...both({ out: { plaintext: FOX.padEnd(96, '0') } }),
      flag: 'orig-bounds',
    },
    ...([49, -1, 2147483647, '9223372036854775807', '-9223372036854775808'] as const).map((orig) => ({
      name: `orig-${orig}`.replace('--', '-minus-'),
      rule: 'ECIES-2',
      comment: `orig ${orig}`,
      envelope: { ...good, orig },
      ...both({ reject: 'bad-envelope' }),
      flag: 'orig-bounds',
    })),
    ...[0, 31, 63].map((at) => ({
      name: `mac-byte-${at}`,
      rule: 'ECIES-7',
      comment: `byte ${at} of the MAC`,
      envelope: { ...good, mac: flip(good.mac, at) },
      ...both({ reject: 'bad-mac' }),
      flag: 'mac-only',
    })),
    {
      name: 'mac-short',
      rule: 'ECIES-3',
      comment: '63 bytes of the MAC',
      envelope: { ...good, mac: good.mac.slice(0, 126) },
      ...strict({ reject: 'bad-mac' }),
      flag: 'mac-only',
    },
    {
      name: 'mac-none',
      rule: 'ECIES-3',
      comment: 'no MAC',
      envelope: { ...good, mac: '' },
      ...strict({ reject: 'bad-mac' }),
      flag: 'mac-only',
    },
    {
      name: 'body-bit',
      rule: 'ECIES-7',
      comment: 'a bit of the body',
      envelope: { ...good, body: flip(good.body, 47) },
      ...both({ reject: 'bad-mac' }),
      flag: 'mac-only',
    },
    {
      name: 'body-part',
      rule: 'ECIES-3',
      comment: 'a body of 17 bytes with its MAC',
      envelope: partial,
      ...both({ reject: 'bad-envelope' }),
      flag: 'odd-shape',
    },
    {
      name: 'key-long',
      rule: 'ECIES-4',
      comment: 'a key of 65 bytes',
      envelope: { ...good, key: publicKeyOf(EPHEMERAL, 'uncompressed') },
      ...strict(opened),
      flag: 'key-form',
    },
    {
      name: 'key-hybrid',
      rule: 'ECIES-4',
      comment: 'a hybrid key',
      envelope: { ...good, key: publicKeyOf(EPHEMERAL, 'hybrid') },
      ...strict(opened),
      flag: 'key-form',
    },
    {
      name: 'key-hybrid-parity',
      rule: 'ECIES-4',
      comment: 'a hybrid key of the wrong parity',
      envelope: { ...good, key: otherHybrid() },
      ...strict({ reject: 'bad-key' }),
      flag: 'key-form',
    },
    {
      name: 'key-infinity',
      rule: 'ECIES-4',
      comment: 'the point at infinity',
      envelope: { ...good, key: '00' },
      ...strict({ reject: 'bad-key' }),
      flag: 'key-form',
    },
    {
      name: 'key-none',
      rule: 'ECIES-3',
      comment: 'no key',
      envelope: { ...good, key: '' },
      ...strict({ reject: 'bad-key' }),
      flag: 'odd-shape',
    },
    {
      name: 'key-off-curve',
      rule: 'ECIES-4',
      comment: 'an x without a point',
      envelope: { ...good, key: `02${'00'.repeat(31)}05` },
      ...both({ reject: 'bad-key' }),
      flag: 'key-form',
    },
    {
      name: 'key-negated',
      rule: 'ECIES-7',
      comment: 'the other y: the same shared x, so it opens',
      envelope: { ...good, key: (good.key.startsWith('02') ? '03' : '02') + good.key.slice(2) },
      ...both(opened),
      flag: 'key-form',
    },
  ];
  return cases.flatMap(({ name, rule, comment, envelope, flag, ...expected }) =>
    (['canonical', 'deployed'] as const).map((profile) =>
      vector(`decrypt-${name}-${profile}`, rule, comment, decrypt(RECIPIENT, envelope, profile), expected[profile], [
        flag,
      ]),
    ),
  );
}

/** A body that is no whole number of blocks, rightly authenticated. */
function partialBlock(): Envelope {
  const pair = createECDH('secp256k1');
  pair.setPrivateKey(EPHEMERAL, 'hex');
  const shared = pair.computeSecret(Buffer.from(publicKeyOf(RECIPIENT), 'hex'));
  const body = Buffer.alloc(17, 0x5a);
  const mac = createHmac('sha512', createHash('sha512').update(shared).digest().subarray(32)).update(body).digest();
  return { key: publicKeyOf(EPHEMERAL), mac: hexOf(mac), orig: 17, body: hexOf(body) };
}

function otherHybrid(): string {
  const key = publicKeyOf(EPHEMERAL, 'hybrid');
  return (key.startsWith('06') ? '07' : '06') + key.slice(2);
}

function dm(op: 'dm.encode' | 'dm.decode', input: Fields): { readonly op: string; readonly in: Fields } {
  return { op, in: input };
}

function showBencode(value: BencodeValue): Json {
  if (typeof value === 'bigint') return { i: String(value) };
  if (value instanceof Uint8Array) return { s: hexOf(Buffer.from(value)) };
  if ('entries' in value && typeof value.entries !== 'function') {
    return { d: value.entries.map(([key, child]) => [hexOf(Buffer.from(key)), showBencode(child)]) };
  }
  return { l: (value as readonly BencodeValue[]).map(showBencode) };
}

/** The captured plaintexts, their fields read off the bencode. */
function capturedPlaintexts({ dms }: CapturedMessages): VectorCase[] {
  return dms.flatMap(({ user, k, plaintext }) => {
    const root = decodeBencode(Buffer.from(plaintext, 'hex')).value;
    const invite = root.getDict('group_invite');
    const userpost = root.getDict('userpost');
    const [kind, rule, fields]: readonly [string, string, Fields] =
      invite !== undefined
        ? ['group-invite', 'ECIES-11', { desc: invite.getText('desc')!, key: invite.getText('key')! }]
        : userpost !== undefined
          ? [
              'private-favourite',
              'ECIES-13',
              {
                userpost: showBencode(userpost.toValue()),
                sig: hexOf(Buffer.from(root.getBytes('sig_userpost')!)),
                comment: root.getText('comment')!,
              },
            ]
          : ['message', 'ECIES-9', { msg: root.getText('msg')!, to: root.getText('to')! }];
    return [
      vector(`dm-decode-${user}-${k}`, rule, `post ${k} of ${user}`, dm('dm.decode', { plaintext }), {
        out: { kind, fields },
      }),
      vector(`dm-encode-${user}-${k}`, rule, `post ${k} of ${user}`, dm('dm.encode', { kind, fields }), {
        out: { plaintext },
      }),
    ];
  });
}

function plaintexts(): VectorCase[] {
  const decoded = (
    name: string,
    rule: string,
    text: string | Buffer,
    kind: string,
    fields: Fields,
    flags: readonly string[] = [],
  ) =>
    vector(
      `dm-decode-${name}`,
      rule,
      name,
      dm('dm.decode', { plaintext: hexOf(text) }),
      { out: { kind, fields } },
      flags,
    );
  const legacy = (name: string, text: string | Buffer) =>
    decoded(name, 'ECIES-10', text, 'legacy', { text: hexOf(text) });
  const encoded = (name: string, rule: string, kind: string, fields: Fields, text: string) =>
    vector(`dm-encode-${name}`, rule, name, dm('dm.encode', { kind, fields }), { out: { plaintext: hexOf(text) } });
  const members = 'd13:group_membersl5:alice3:bobee';
  const favourite = 'd12:sig_userpost2:xy8:userpostd1:n3:bobee';
  return [
    decoded('members', 'ECIES-12', members, 'group-members', { members: ['alice', 'bob'] }),
    encoded('members', 'ECIES-12', 'group-members', { members: ['alice', 'bob'] }, members),
    decoded('members-mixed', 'ECIES-12', 'd13:group_membersl5:alice0:i7e3:bobee', 'group-members', {
      members: ['alice', 'bob'],
    }),
    encoded('no-members', 'ECIES-12', 'group-members', { members: [] }, 'd13:group_memberslee'),
    decoded('favourite-plain', 'ECIES-13', favourite, 'private-favourite', {
      userpost: { d: [['6e', { s: hexOf('bob') }]] },
      sig: hexOf('xy'),
    }),
    encoded(
      'favourite-plain',
      'ECIES-13',
      'private-favourite',
      { userpost: { d: [['6e', { s: hexOf('bob') }]] }, sig: hexOf('xy') },
      favourite,
    ),
    legacy('sentence', 'hello bob'),
    legacy('nothing', ''),
    legacy('list', 'l3:msg2:toe'),
    legacy('no-recipient', 'd3:msg2:hie'),
    legacy('number-for-text', 'd3:msgi1e2:to3:bobe'),
    legacy('cut-short', 'd3:msg2:hi2:to3:bob'),
    legacy('not-utf8', Buffer.from('ff00fe', 'hex')),
    encoded('legacy', 'ECIES-10', 'legacy', { text: hexOf('hello bob') }, 'hello bob'),
    decoded('unsorted', 'ECIES-14', 'd2:to3:bob3:msg2:hie', 'message', { msg: 'hi', to: 'bob' }, ['lenient']),
    decoded('trailing', 'ECIES-14', `d3:msg2:hi2:to3:bobe\u0000\u0000`, 'message', { msg: 'hi', to: 'bob' }, [
      'lenient',
    ]),
    decoded('twice', 'ECIES-14', 'd3:msg2:hi3:msg2:ho2:to3:bobe', 'message', { msg: 'hi', to: 'bob' }, ['lenient']),
    decoded('further-keys', 'ECIES-14', 'd3:msg2:hi2:to3:bob1:xi1ee', 'message', { msg: 'hi', to: 'bob' }),
    decoded('bad-text', 'ECIES-9', Buffer.from('d3:msg1:\xff2:to3:bobe', 'latin1'), 'message', {
      msg: null,
      to: 'bob',
    }),
    decoded('invite-first', 'ECIES-14', 'd12:group_invited4:desc1:g3:key1:ke3:msg2:hi2:to3:bobe', 'group-invite', {
      desc: 'g',
      key: 'k',
    }),
    decoded('invite-no-dict', 'ECIES-14', 'd12:group_invite1:g3:msg2:hi2:to3:bobe', 'message', {
      msg: 'hi',
      to: 'bob',
    }),
    ...['d12:group_invited4:desc1:gee', 'd12:group_invited3:key1:kee', 'd12:group_invited4:desci1e3:key1:kee'].map(
      (text, index) =>
        vector(
          `dm-decode-reject-invite-${index}`,
          'ECIES-11',
          'an invitation without its fields',
          dm('dm.decode', { plaintext: hexOf(text) }),
          {
            reject: 'bad-invite',
          },
        ),
    ),
  ];
}

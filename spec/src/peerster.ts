/** Suite `peerster`: what three nodes of the original program sent, stored, accepted and refused. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fields, Json, TranscriptCase, VectorCase, VectorDocument, VectorFile } from './format.ts';
import { peersterTranscripts } from './peerster-transcripts.ts';

interface Rumor {
  readonly kind: string;
  readonly packet: string;
  readonly origin: string;
  readonly destination: string;
  readonly id: number;
  readonly content: string;
  readonly signature: string;
  readonly nonce: string;
  readonly signed_payload: string;
  readonly payload_sha256: string;
  readonly message_hash: string;
  readonly signer: string;
  readonly pss_salt?: string;
  readonly sender_oaep_seed?: string;
  readonly recipient_oaep_seed?: string;
  readonly sender_ciphertext?: string;
  readonly recipient_ciphertext?: string;
  readonly text?: string;
}
interface Key {
  readonly n: string;
  readonly e: number;
  readonly pkcs8_der: string;
  readonly serialized_public_key: string;
  readonly display_name: string;
}
interface Capture {
  readonly rumors: readonly Rumor[];
  readonly keys: Readonly<Record<string, Key>>;
  readonly statuses: readonly {
    readonly packet: string;
    readonly want: readonly { readonly identifier: string; readonly next_id: number }[];
  }[];
  readonly encode: readonly { readonly name: string; readonly hex?: string }[];
  readonly decode: readonly {
    readonly name: string;
    readonly hex: string;
    readonly error?: string;
    readonly rumor?: {
      readonly origin: string;
      readonly destination: string;
      readonly id: number;
      readonly content: string;
    };
    readonly status?: null;
  }[];
  readonly names: readonly {
    readonly destination_hex: string;
    readonly ok: boolean;
    readonly reject_in_new: boolean;
  }[];
  readonly zeros: readonly { readonly bytes: string; readonly leading_zeros: number }[];
  readonly searches: readonly {
    readonly origin: string;
    readonly destination: string;
    readonly id: number;
    readonly content: string;
    readonly signature: string;
    readonly target: number;
    readonly nonce: string;
    readonly hash: string;
  }[];
  readonly probes: readonly {
    readonly name: string;
    readonly packet: string;
    readonly outcome: string;
    readonly status_reply: boolean;
    readonly hash?: string;
  }[];
  readonly conflict: {
    readonly origin: string;
    readonly id: number;
    readonly candidates: readonly { readonly label: string; readonly packet: string; readonly hash: string }[];
  };
}
type Expected = { readonly out: Json } | { readonly reject: string };
type MessageFields = {
  readonly origin: string;
  readonly destination: string;
  readonly id: number;
  readonly content: string;
  readonly signature: string;
  readonly nonce: string;
};

const SOURCE = 'captured from three nodes of the original program';
const TARGET = 18;
const ZERO_NONCE = '00'.repeat(16);

const NOTES: VectorDocument['notes'] = {
  'bit-order': { bugClass: 'bit order', description: 'Zero bits counted from the wrong end of a byte.' },
  boundary: { bugClass: 'off by one', description: 'A value at the edge of what a rule allows, or just past it.' },
  concatenation: {
    bugClass: 'missing separator',
    description: 'Fields that run into each other when they are hashed.',
  },
  defaults: { bugClass: 'omitted default', description: 'An empty or zero field that many encoders leave out.' },
  folding: { bugClass: 'case folding', description: 'A letter that becomes ASCII only when it is upper-cased.' },
  'lenient-decoder': {
    bugClass: 'parser difference',
    description: 'Bytes that readers of one format read differently.',
  },
  'salt-length': { bugClass: 'fixed salt length', description: 'A signature whose salt is not the longest.' },
  'third-party': { bugClass: 'unbound nonce', description: 'Something that others than the author can alter.' },
};

export function peersterFiles(captured: string): readonly VectorFile[] {
  const capture = readCapture(captured);
  return [
    document('packets', [
      ...rumorCases(capture),
      ...statusCases(capture),
      ...encoderCases(capture),
      ...decoderCases(capture),
    ]),
    document('identities', [...keyCases(capture), ...nameCases(capture)]),
    document('messages', [
      ...hashCases(capture),
      ...signatureCases(capture),
      ...privateCases(capture),
      ...acceptedCases(capture),
      ...refusedCases(capture),
      ...probeCases(capture),
    ]),
    document('work', [...zeroCases(capture), ...searchCases(capture)]),
    document('order', [...placementCases(capture), ...clockCases(capture), ...historyCases(capture)]),
    document('engine', [], peersterTranscripts(capture)),
  ];
}

function readCapture(captured: string): Capture {
  const read = <T>(name: string): T =>
    JSON.parse(readFileSync(join(captured, 'peerster', `${name}.json`), 'utf8')) as T;
  return {
    rumors: read<{ rumors: Capture['rumors'] }>('rumors').rumors,
    keys: read<{ keys: Capture['keys'] }>('keys').keys,
    statuses: read<{ status: Capture['statuses'] }>('status').status,
    encode: read<{ cases: Capture['encode'] }>('encode').cases,
    decode: read<{ cases: Capture['decode'] }>('decode').cases,
    names: read<{ cases: Capture['names'] }>('name_syntax').cases,
    zeros: read<{ cases: Capture['zeros'] }>('leading_zeros').cases,
    searches: read<{ cases: Capture['searches'] }>('pow').cases,
    probes: read<{ cases: Capture['probes'] }>('probe_cases').cases,
    conflict: read<Capture['conflict']>('conflict'),
  };
}

function document(name: string, tests: readonly VectorCase[], transcripts: readonly TranscriptCase[] = []): VectorFile {
  const used = new Set(tests.flatMap(({ flags }) => flags));
  const notes = Object.fromEntries(Object.entries(NOTES).filter(([flag]) => used.has(flag)));
  const content = { suite: 'peerster', specVersion: 1, source: SOURCE, notes, tests } as const;
  return {
    path: `peerster/${name}.json`,
    content: transcripts.length === 0 ? content : { ...content, transcripts },
  };
}

function vector(
  id: string,
  rule: number,
  op: string,
  comment: string,
  input: Fields,
  expected: Expected,
  flags: readonly string[] = [],
): VectorCase {
  const level = rule >= 36 ? ('SHOULD' as const) : ('MUST' as const);
  const base = {
    id: `peerster-${id}`,
    rule: `PEERSTER-${rule}`,
    level,
    comment,
    flags,
    op: `peerster.${op}`,
    in: input,
  };
  if ('out' in expected) return { ...base, result: 'valid', out: expected.out };
  return { ...base, result: 'invalid', reject: { code: expected.reject } };
}

const accept: Expected = { out: {} };
const refuse = (reject: string): Expected => ({ reject });

function slug(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

function fieldsOf({ origin, destination, id, content, signature, nonce }: MessageFields): MessageFields {
  return { origin, destination, id, content, signature, nonce };
}

function shortName(rumor: Rumor): string {
  return `${rumor.signer.toLowerCase()}-${rumor.id}-${rumor.message_hash.slice(4, 10)}`;
}

function hasTextNames({ destination }: Rumor): boolean {
  return /^[ -~]*$/.test(destination);
}

function rumorCases({ rumors }: Capture): VectorCase[] {
  return rumors.flatMap((rumor) => {
    const fields = fieldsOf(rumor);
    return [
      vector(
        `packet-decode-${shortName(rumor)}`,
        2,
        'packet.decode',
        `${rumor.kind} as sent`,
        { bytes: rumor.packet },
        {
          out: { rumor: fields },
        },
      ),
      vector(
        `packet-encode-${shortName(rumor)}`,
        3,
        'packet.encode',
        `${rumor.kind} as sent`,
        { rumor: fields },
        { out: { bytes: rumor.packet } },
        rumor.kind === 'private' ? [] : ['defaults'],
      ),
    ];
  });
}

function statusCases({ statuses }: Capture): VectorCase[] {
  return statuses.flatMap(({ packet, want }, index) => {
    const status = want.map(({ identifier, next_id }) => ({ origin: identifier, nextId: next_id }));
    const decoded = vector(
      `status-decode-${index}`,
      32,
      'packet.decode',
      'as sent',
      { bytes: packet },
      { out: { status } },
    );
    // One datagram carried a rumor as well.
    if (!packet.startsWith('12')) return [decoded];
    return [
      decoded,
      vector(`status-encode-${index}`, 3, 'packet.encode', 'as sent', { status }, { out: { bytes: packet } }),
    ];
  });
}

function encoderCases({ encode }: Capture): VectorCase[] {
  const origin = 'a'.repeat(16);
  const rumor = (id: number, content = '') => ({
    origin,
    destination: '',
    id,
    content,
    signature: '',
    nonce: ZERO_NONCE,
  });
  const inputs: Readonly<Record<string, Fields>> = {
    'empty gossip packet': {},
    'empty status': { status: [] },
    'status one entry NextID 0': { status: [{ origin, nextId: 0 }] },
    'rumor and status': { rumor: rumor(1, '6869'), status: [{ origin, nextId: 2 }] },
  };
  return encode.flatMap(({ name, hex }) => {
    const id = /^rumor id (\d+) /.exec(name)?.[1];
    const input = id === undefined ? inputs[name] : { rumor: rumor(Number(id)) };
    if (input === undefined || hex === undefined) return [];
    const encoded = { out: { bytes: hex } };
    return [
      vector(`encoder-${slug(name)}`, 3, 'packet.encode', name, input, encoded, ['defaults']),
      vector(`encoder-back-${slug(name)}`, 3, 'packet.decode', name, { bytes: hex }, { out: input }, ['defaults']),
    ];
  });
}

/** What the original read, and the code by which strict refuses what is not canonical. */
const STRICT_CODES: Readonly<Record<string, string>> = {
  'empty rumor': 'missing-key',
  'rumor as varint': 'wrong-type',
  'group wiretype': 'syntax',
  'id as fixed64': 'missing-key',
  'id varint overflow 2^32+5': 'missing-key',
  'id wrong wiretype': 'missing-key',
  'trailing garbage byte': 'truncated',
  'two rumors merge': 'missing-key',
  'out of order fields 2 then 1': 'missing-key',
  'invalid utf8 origin': 'missing-key',
};
const LENIENT_CODES: Readonly<Record<string, string>> = {
  'rumor as varint': 'wrong-type',
  'group wiretype': 'syntax',
  'id wrong wiretype': 'wrong-type',
  'trailing garbage byte': 'truncated',
};

function decoderCases({ decode }: Capture): VectorCase[] {
  return decode.flatMap(({ name, hex, error, rumor, status }) => {
    const shown: Fields = {
      ...(rumor && {
        rumor: {
          ...rumor,
          origin: asText(rumor.origin),
          destination: asText(rumor.destination),
          signature: '',
          nonce: '',
        },
      }),
      ...(status === null && { status: [] }),
    };
    const lenient = error === undefined ? { out: shown } : refuse(LENIENT_CODES[name] ?? 'syntax');
    const strictCode = STRICT_CODES[name];
    const flags = ['lenient-decoder'];
    const deployed = { bytes: hex, profile: 'deployed' };
    return [
      vector(`decoder-deployed-${slug(name)}`, 4, 'packet.decode', name, deployed, lenient, flags),
      vector(
        `decoder-canonical-${slug(name)}`,
        3,
        'packet.decode',
        name,
        { bytes: hex },
        strictCode === undefined ? { out: shown } : refuse(strictCode),
        flags,
      ),
    ];
  });
}

function asText(hex: string): string | null {
  const bytes = Buffer.from(hex, 'hex');
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : null;
}

function keyCases({ keys, probes }: Capture): VectorCase[] {
  const cases = Object.entries(keys).flatMap(([label, key]) => {
    const publicKey = key.serialized_public_key;
    const id = label.toLowerCase();
    return [
      vector(`name-${id}`, 8, 'name.derive', `key of ${label}`, { publicKey }, { out: { name: key.display_name } }),
      vector(`key-${id}`, 7, 'key.check', `key of ${label}`, { publicKey }, accept),
      vector(
        `key-decode-${id}`,
        6,
        'key.decode',
        `key of ${label}`,
        { publicKey },
        {
          out: { modulus: key.n, exponent: key.e },
        },
      ),
      vector(
        `key-encode-${id}`,
        6,
        'key.encode',
        `key of ${label}`,
        { modulus: key.n, exponent: key.e },
        {
          out: { publicKey },
        },
      ),
    ];
  });
  const good = keys.A!.serialized_public_key;
  const odd: readonly (readonly [string, string])[] = [
    ['top-bit', `3${good.slice(1)}`],
    ['even-modulus', `${good.slice(0, 511)}8${good.slice(512)}`],
    ['even-exponent', `${good.slice(0, 512)}00000100`],
    ['exponent-one', `${good.slice(0, 512)}01000000`],
    ['exponent-two-31', `${good.slice(0, 512)}01000080`],
  ];
  for (const [label, publicKey] of odd) {
    cases.push(
      vector(`key-canonical-${label}`, 7, 'key.check', 'no honest node makes it', { publicKey }, refuse('bad-key')),
      vector(
        `key-deployed-${label}`,
        7,
        'key.check',
        'the original takes it',
        { publicKey, profile: 'deployed' },
        accept,
      ),
    );
  }
  for (const [label, publicKey] of [
    ['short', good.slice(2)],
    ['long', `${good}00`],
  ] as const) {
    cases.push(
      vector(`key-${label}`, 7, 'key.check', 'not 260 bytes', { publicKey, profile: 'deployed' }, refuse('bad-key'), [
        'boundary',
      ]),
      vector(`name-${label}`, 8, 'name.derive', 'not 260 bytes', { publicKey }, refuse('bad-key'), ['boundary']),
    );
  }
  const withDestination = probes.find(({ name }) => name === 'key announcement with a destination set')!;
  const announced = parseRumor(withDestination.packet);
  cases.push(
    vector(
      'name-probe',
      8,
      'name.derive',
      'a second key of the probe',
      { publicKey: announced.content },
      {
        out: { name: announced.origin },
      },
    ),
  );
  return cases;
}

function nameCases({ names }: Capture): VectorCase[] {
  return names.flatMap(({ destination_hex: name, ok, reject_in_new }, index) => {
    const flags = name.includes('c5bf') ? ['folding'] : [];
    const deployed = { name, profile: 'deployed' };
    return [
      vector(
        `name-deployed-${index}`,
        9,
        'name.check',
        'as a destination',
        deployed,
        ok ? accept : refuse('bad-name'),
        flags,
      ),
      vector(
        `name-canonical-${index}`,
        9,
        'name.check',
        'as a destination',
        { name },
        ok && !reject_in_new ? accept : refuse('bad-name'),
        flags,
      ),
    ];
  });
}

function hashCases({ rumors }: Capture): VectorCase[] {
  return rumors.map((rumor) =>
    vector(
      `hash-${shortName(rumor)}`,
      12,
      'message.hash',
      `${rumor.kind} as sent`,
      fieldsOf(rumor),
      { out: { payload: rumor.signed_payload, digest: rumor.payload_sha256, hash: rumor.message_hash } },
      ['concatenation'],
    ),
  );
}

function signatureCases({ rumors, keys }: Capture): VectorCase[] {
  return rumors.flatMap((rumor) => {
    const { pss_salt: salt, signature, signed_payload: payload } = rumor;
    const key = keys[rumor.signer];
    if (salt === undefined || key === undefined) return [];
    const publicKey = key.serialized_public_key;
    const flags = salt.length === 444 ? [] : ['salt-length'];
    const verify = (id: string, comment: string, fields: Fields, expected: Expected) =>
      vector(
        `${id}-${shortName(rumor)}`,
        13,
        'signature.verify',
        comment,
        { publicKey, payload, signature, ...fields },
        expected,
        flags,
      );
    const other = Object.values(keys).find((candidate) => candidate !== key)!;
    return [
      verify('signature', `salt of ${salt.length / 2} bytes`, {}, accept),
      verify(
        'signature-payload',
        'a byte of the payload altered',
        { payload: altered(payload, 0) },
        refuse('bad-signature'),
      ),
      verify(
        'signature-altered',
        'a byte of the signature altered',
        { signature: altered(signature, 511) },
        refuse('bad-signature'),
      ),
      verify('signature-other', 'another key', { publicKey: other.serialized_public_key }, refuse('bad-signature')),
      vector(
        `sign-${shortName(rumor)}`,
        13,
        'signature.create',
        `salt of ${salt.length / 2} bytes`,
        { privateKey: key.pkcs8_der, payload, salt },
        { out: { signature } },
        flags,
      ),
    ];
  });
}

function altered(hex: string, at: number): string {
  const digit = (Number.parseInt(hex[at]!, 16) ^ 1).toString(16);
  return `${hex.slice(0, at)}${digit}${hex.slice(at + 1)}`;
}

function privateCases({ rumors, keys }: Capture): VectorCase[] {
  return rumors.flatMap((rumor) => {
    const { sender_oaep_seed: senderSeed, recipient_oaep_seed: recipientSeed, text, content } = rumor;
    if (senderSeed === undefined || recipientSeed === undefined || text === undefined) return [];
    const sender = keys[rumor.signer]!;
    const recipient = Object.values(keys).find(({ display_name }) => display_name === rumor.destination)!;
    const open = (id: string, comment: string, rule: number, fields: Fields, expected: Expected) =>
      vector(
        `private-${id}`,
        rule,
        'private.open',
        comment,
        { content, privateKey: recipient.pkcs8_der, role: 'recipient', ...fields },
        expected,
      );
    return [
      open('recipient', 'as sent, by its recipient', 14, {}, { out: { text } }),
      open('sender', 'as sent, by its author', 14, { privateKey: sender.pkcs8_der, role: 'sender' }, { out: { text } }),
      open('other', 'a third key', 14, { privateKey: keys.P!.pkcs8_der }, refuse('undecipherable')),
      open('wrong-half', 'the half of the other', 14, { role: 'sender' }, refuse('undecipherable')),
      open('empty', 'no content', 14, { content: '' }, refuse('malformed-content')),
      open(
        'length',
        'a first length that leaves nothing',
        14,
        { content: `0002${content.slice(4)}` },
        refuse('undecipherable'),
      ),
      open(
        'overlong',
        'a first length beyond the end',
        14,
        { content: `ffff${content.slice(4)}` },
        refuse('malformed-content'),
      ),
      vector(
        'private-split',
        14,
        'private.split',
        'as sent',
        { content },
        {
          out: { forSender: rumor.sender_ciphertext!, forRecipient: rumor.recipient_ciphertext! },
        },
      ),
      vector(
        'private-seal',
        15,
        'private.seal',
        'with the seeds of the original',
        {
          text,
          senderKey: sender.serialized_public_key,
          recipientKey: recipient.serialized_public_key,
          senderSeed,
          recipientSeed,
        },
        { out: { content } },
      ),
      vector(
        'private-seal-191',
        15,
        'private.seal',
        '191 bytes',
        {
          text: 'x'.repeat(191),
          senderKey: sender.serialized_public_key,
          recipientKey: recipient.serialized_public_key,
          senderSeed,
          recipientSeed,
        },
        refuse('content-too-long'),
        ['boundary'],
      ),
    ];
  });
}

function check(
  id: string,
  rule: number,
  comment: string,
  input: Fields,
  expected: Expected,
  flags: readonly string[] = [],
): VectorCase {
  return vector(`check-${id}`, rule, 'message.check', comment, input, expected, flags);
}

function acceptedCases({ rumors, keys }: Capture): VectorCase[] {
  return rumors.filter(hasTextNames).flatMap((rumor) => {
    const input = { ...fieldsOf(rumor), target: TARGET, publicKey: keys[rumor.signer]!.serialized_public_key };
    return [
      check(`canonical-${shortName(rumor)}`, 23, `${rumor.kind} as sent`, input, accept),
      check(`deployed-${shortName(rumor)}`, 23, `${rumor.kind} as sent`, { ...input, profile: 'deployed' }, accept),
    ];
  });
}

function refusedCases({ rumors, keys }: Capture): VectorCase[] {
  const message = rumors.find(({ kind, signer }) => kind === 'public' && signer === 'A')!;
  const announcement = rumors.find(({ kind, signer }) => kind === 'key_announcement' && signer === 'A')!;
  const publicKey = keys.A!.serialized_public_key;
  const of = (rumor: Rumor, fields: Fields, target = 0): Fields => ({
    ...fieldsOf(rumor),
    publicKey,
    target,
    ...fields,
  });
  const { signature: _signature, ...withoutSignature } = fieldsOf(message);
  const { nonce: _nonce, ...withoutNonce } = fieldsOf(message);
  const cases: readonly (readonly [string, number, string, Fields, Expected])[] = [
    [
      'short-origin',
      18,
      'an origin of 15 characters',
      of(message, { origin: message.origin.slice(1) }),
      refuse('bad-name'),
    ],
    [
      'upper-origin',
      18,
      'an origin in capitals',
      of(message, { origin: message.origin.toUpperCase() }),
      refuse('bad-name'),
    ],
    [
      'destination',
      18,
      'a destination with the digit 1',
      of(message, { destination: `1${'a'.repeat(15)}` }),
      refuse('bad-name'),
    ],
    ['short-nonce', 18, 'a nonce of 15 bytes', of(message, { nonce: message.nonce.slice(2) }), refuse('bad-nonce')],
    ['long-nonce', 18, 'a nonce of 17 bytes', of(message, { nonce: `${message.nonce}00` }), refuse('bad-nonce')],
    ['number', 19, 'number 2^24', of(message, { id: 2 ** 24 }), refuse('number-too-large')],
    [
      'number-below',
      19,
      'number 2^24 − 1: only the signature is wrong',
      of(message, { id: 2 ** 24 - 1 }),
      refuse('bad-signature'),
    ],
    [
      'long-text',
      20,
      'a text of 1,025 bytes',
      of(message, { content: '61'.repeat(1_025) }),
      refuse('content-too-long'),
    ],
    [
      'longest-text',
      20,
      'a text of 1,024 bytes: only the signature is wrong',
      of(message, { content: '61'.repeat(1_024) }),
      refuse('bad-signature'),
    ],
    [
      'huge',
      20,
      'no datagram holds it',
      of(message, { content: '61'.repeat(60_000), profile: 'deployed' }),
      refuse('content-too-long'),
    ],
    ['work', 21, 'one bit too few', of(message, {}, 64), refuse('insufficient-work')],
    [
      'announced-destination',
      22,
      'a destination',
      of(announcement, { destination: keys.B!.display_name }),
      refuse('unexpected-field'),
    ],
    ['announced-signature', 22, 'a signature', of(announcement, { signature: '01' }), refuse('unexpected-field')],
    [
      'deployed-destination',
      22,
      'a destination',
      of(announcement, { destination: keys.B!.display_name, profile: 'deployed' }),
      accept,
    ],
    ['deployed-signature', 22, 'a signature', of(announcement, { signature: '01', profile: 'deployed' }), accept],
    [
      'other-key',
      22,
      'the key of another name',
      of(announcement, { content: keys.B!.serialized_public_key }),
      refuse('name-mismatch'),
    ],
    ['short-key', 22, 'a key of 259 bytes', of(announcement, { content: publicKey.slice(2) }), refuse('bad-key')],
    ['forged', 23, 'another text', of(message, { content: '466f72676564' }), refuse('bad-signature')],
    [
      'wrong-key',
      23,
      'verified under another key',
      of(message, { publicKey: keys.B!.serialized_public_key }),
      refuse('bad-signature'),
    ],
    ['unknown', 23, 'no announcement of the origin', { ...fieldsOf(message), target: 0 }, refuse('unknown-origin')],
    [
      'private-form',
      24,
      'a content of 6 bytes',
      of(message, { destination: keys.B!.display_name }),
      refuse('bad-private-content'),
    ],
    [
      'no-signature',
      3,
      'the signature field missing',
      { ...withoutSignature, publicKey, target: 0 },
      refuse('missing-key'),
    ],
    ['no-nonce', 3, 'the nonce field missing', { ...withoutNonce, publicKey, target: 0 }, refuse('missing-key')],
    [
      'deployed-no-signature',
      4,
      'the signature field missing',
      { ...withoutSignature, publicKey, target: 0, profile: 'deployed' },
      refuse('bad-signature'),
    ],
    [
      'deployed-no-nonce',
      4,
      'the nonce field missing',
      { ...withoutNonce, publicKey, target: 0, profile: 'deployed' },
      refuse('bad-nonce'),
    ],
  ];
  return cases.map(([id, rule, comment, input, expected]) => check(id, rule, comment, input, expected));
}

/** The probes that concern one message alone, as the original judged them. */
function probeCases({ probes, keys }: Capture): VectorCase[] {
  const verdicts: Readonly<Record<string, readonly [rule: number, expected: Expected, flags: readonly string[]]>> = {
    'id 1, PSS salt 222': [23, accept, []],
    'id 2, PSS salt 32': [23, accept, ['salt-length']],
    'id 3, PSS salt 0': [23, accept, ['salt-length']],
    'id 4 whose hash has 18 leading zero bits MSB-first but only 17 LSB-first': [
      21,
      refuse('insufficient-work'),
      ['bit-order'],
    ],
    'id 4 whose hash has >=18 LSB-first but only 16 MSB-first': [21, accept, ['bit-order']],
    'id 6 same signed content, new nonce giving a lower hash (third party could do this)': [
      21,
      accept,
      ['third-party'],
    ],
    'key announcement with a destination set': [22, accept, []],
    'id 7 with a zero signature': [23, refuse('bad-signature'), []],
    'id 7 private, content is not a two-ciphertext block': [24, accept, []],
  };
  return probes.flatMap((probe) => {
    const known = verdicts[probe.name];
    if (known === undefined) return [];
    const [rule, expected, flags] = known;
    const input = {
      ...parseRumor(probe.packet),
      target: TARGET,
      publicKey: keys.P!.serialized_public_key,
      profile: 'deployed',
    };
    const cases = [check(`probe-${slug(probe.name).slice(0, 40)}`, rule, probe.name, input, expected, flags)];
    const stricter: Readonly<Record<number, string>> = { 22: 'unexpected-field', 24: 'bad-private-content' };
    const code = stricter[rule];
    if (code !== undefined) {
      const canonical = { ...input, profile: 'canonical' };
      cases.push(
        check(`probe-canonical-${slug(probe.name).slice(0, 30)}`, rule, probe.name, canonical, refuse(code), flags),
      );
    }
    return cases;
  });
}

/** Reads the six fields of a canonical rumor packet. */
function parseRumor(packet: string): MessageFields {
  const bytes = Buffer.from(packet, 'hex');
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at]!;
      at += 1;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  };
  const blob = (key: number): Buffer => {
    if (bytes[at] !== key) throw new Error(`field ${key} is wanted at ${at}`);
    at += 1;
    const length = varint();
    at += length;
    return bytes.subarray(at - length, at);
  };
  if (bytes[at] !== 0x0a) throw new Error('the packet carries no rumor');
  at += 1;
  varint();
  const origin = blob(0x0a).toString('latin1');
  const destination = blob(0x12).toString('utf8');
  at += 1;
  const id = varint();
  const content = blob(0x22).toString('hex');
  const signature = blob(0x2a).toString('hex');
  const nonce = blob(0x32).toString('hex');
  return { origin, destination, id, content, signature, nonce };
}

function zeroCases({ zeros, rumors }: Capture): VectorCase[] {
  const counted = zeros.map(({ bytes: hash, leading_zeros: bits }) =>
    vector(`zeros-${hash}`, 16, 'pow.count', 'counted by the original', { hash }, { out: { bits } }, ['bit-order']),
  );
  const hashes = [...new Set(rumors.map(({ message_hash }) => message_hash))].slice(0, 5);
  const first = hashes.map((hash, index) => {
    const bits = lowBits(hash);
    return vector(`zeros-rumor-${index}`, 16, 'pow.count', 'hash of a message', { hash }, { out: { bits } }, [
      'bit-order',
    ]);
  });
  return [...counted, ...first];
}

function lowBits(hash: string): number {
  const bytes = [...Buffer.from(hash, 'hex')];
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return 8 * zeros + [...bytes[zeros]!.toString(2).padStart(8, '0')].reverse().indexOf('1');
}

function searchCases({ searches }: Capture): VectorCase[] {
  return searches.map(({ nonce, hash, origin, destination, id, content, signature, target }, index) =>
    vector(
      `search-${index}`,
      17,
      'pow.mine',
      `${target} bits, as the original searched`,
      { origin, destination, id, content, signature, target },
      { out: { nonce, hash } },
    ),
  );
}

function placementCases({ conflict }: Capture): VectorCase[] {
  const [first, second, third] = conflict.candidates.map(({ hash }) => hash);
  const place = (id: string, rule: number, comment: string, fields: Fields, placement: string) =>
    vector(
      `place-${id}`,
      rule,
      'message.place',
      comment,
      { id: conflict.id, next: conflict.id + 1, ...fields },
      {
        out: { placement },
      },
    );
  return [
    place('new', 25, 'the next number', { next: conflict.id, hash: first! }, 'new'),
    place('ahead', 25, 'a number beyond the next', { next: conflict.id - 1, hash: first! }, 'out-of-order'),
    place('unknown', 25, 'an origin without messages', { next: 0, hash: first! }, 'out-of-order'),
    place('lower', 26, 'the second version after the first', { hash: second!, stored: first! }, 'replacing'),
    place('lowest', 26, 'the third version after the second', { hash: third!, stored: second! }, 'replacing'),
    place('higher', 26, 'the first version after the third', { hash: first!, stored: third! }, 'higher-hash'),
    place('equal', 26, 'the same version', { hash: first!, stored: first! }, 'duplicate'),
  ];
}

function clockCases({ statuses }: Capture): VectorCase[] {
  const clock = (index: number) =>
    statuses[index]!.want.map(({ identifier, next_id }) => ({ origin: identifier, nextId: next_id }));
  const longest = statuses.reduce(
    (best, { want }, index) => (want.length > statuses[best]!.want.length ? index : best),
    0,
  );
  const compare = (id: string, rule: number, comment: string, own: Json, status: Json, out: Json) =>
    vector(`clock-${id}`, rule, 'clock.compare', comment, { own, status }, { out });
  const whole = clock(longest);
  const [one, ...rest] = whole;
  const behind = whole.map((entry, index) => (index === 0 ? { ...entry, nextId: entry.nextId - 1 } : entry));
  return [
    compare('equal', 32, 'a captured status with itself', whole, whole, { equal: true, ahead: false, lacking: [] }),
    compare('reversed', 32, 'in another order', whole, [...whole].reverse(), {
      equal: true,
      ahead: false,
      lacking: [],
    }),
    compare('missing', 33, 'they lack one origin', whole, rest, {
      equal: false,
      ahead: false,
      lacking: [{ origin: one!.origin, nextId: 0 }],
    }),
    compare('behind', 33, 'they are one message behind', whole, behind, {
      equal: false,
      ahead: false,
      lacking: [{ origin: one!.origin, nextId: one!.nextId - 1 }],
    }),
    compare('ahead', 33, 'they have an origin that we lack', rest, whole, { equal: false, ahead: true, lacking: [] }),
    compare('empty', 33, 'nothing on either side', [], [], { equal: true, ahead: false, lacking: [] }),
  ];
}

function historyCases({ rumors }: Capture): VectorCase[] {
  const hashes = rumors.filter(({ signer }) => signer === 'A').map(({ message_hash }) => message_hash);
  let previous = '00'.repeat(32);
  return hashes.map((hash, index) => {
    const history = createHash('sha256')
      .update(Buffer.from(previous + hash, 'hex'))
      .digest('hex');
    const input = { previous, hash };
    previous = history;
    return vector(`history-${index}`, 37, 'history.extend', 'computed apart', input, {
      out: { history, digest: history.slice(0, 16) },
    });
  });
}

/** Suite `bencode`: the two profiles on hand-written bytes, and the form of captured posts. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bencodeJson, latinHex } from './bencode-json.ts';
import type { Fields, Json, VectorCase, VectorDocument, VectorFile } from './format.ts';

const WRITTEN =
  'written by hand from BEP 3 and from the reader of deployed nodes; values of the deployed profile are those that their own code gave';
const CAPTURED = 'posts captured from deployed daemons or judged by them';

const NOTES: VectorDocument['notes'] = {
  '64-bit': { bugClass: 'precision', description: 'The integer is no safe one and must not pass through a double.' },
  'claimed-size': {
    bugClass: 'allocation',
    description: 'A length that the input does not hold: nothing may be reserved by it.',
  },
  depth: {
    bugClass: 'recursion',
    description: 'Deep nesting must end in a refusal or a value, not in a stack overflow.',
  },
  'duplicate-key': {
    bugClass: 'two meanings',
    description: 'One reader takes the first of two entries, another the last.',
  },
  'key-bytes': { bugClass: 'key bytes', description: 'Keys are bytes and are ordered as unsigned bytes, not as text.' },
  lenient: { bugClass: 'too strict', description: 'Deployed nodes read it although it is not canonical.' },
  'non-canonical': { bugClass: 'non-canonical input', description: 'A second encoding of a value.' },
  'shifted-key': {
    bugClass: 'deployed quirk',
    description: 'Leading zeros in the length of a value become part of the key in front of it.',
  },
  trailing: { bugClass: 'trailing bytes', description: 'Bytes after the value.' },
};

type Both = { readonly canonical: Json | string; readonly deployed: Json | string };
interface Written {
  readonly id: string;
  readonly rule: string;
  readonly comment: string;
  readonly text: string;
  readonly flags?: readonly string[];
  readonly limits?: Fields;
  /** A value, or the code of a refusal; `same` where the profiles agree. */
  readonly same?: Json | string;
  readonly both?: Both;
}

const i = (value: bigint | number): Json => ({ i: String(value) });
const s = (text: string): Json => ({ s: latinHex(text) });
const l = (...items: Json[]): Json => ({ l: items });
const d = (...entries: [string, Json][]): Json => ({ d: entries.map(([key, value]) => [latinHex(key), value]) });

const INT64_MOST = 2n ** 63n - 1n;

const CASES: readonly Written[] = [
  { id: 'string', rule: 'BENC-3', comment: 'a string', text: '5:hello', same: s('hello') },
  { id: 'string-binary', rule: 'BENC-3', comment: 'any bytes', text: '4:\0\xff:e', same: s('\0\xff:e') },
  { id: 'empty-input', rule: 'BENC-2', comment: 'nothing at all', text: '', same: 'truncated' },
  { id: 'no-kind', rule: 'BENC-2', comment: 'no kind has this letter', text: 'x1e', same: 'syntax' },
  { id: 'lone-end', rule: 'BENC-2', comment: 'an end of nothing', text: 'ee', same: 'syntax' },
  { id: 'negative-length', rule: 'BENC-2', comment: 'a length has no sign', text: '-1:a', same: 'syntax' },
  { id: 'length-garbage', rule: 'BENC-3', comment: 'a letter in a length', text: '1x:a', same: 'syntax' },
  { id: 'string-cut', rule: 'BENC-3', comment: 'one byte is missing', text: '6:hello', same: 'truncated' },
  {
    id: 'length-huge',
    rule: 'BENC-3',
    comment: 'a length beyond 2^64',
    text: '99999999999999999999999:a',
    flags: ['claimed-size'],
    same: 'truncated',
  },
  {
    id: 'length-zeros',
    rule: 'BENC-4',
    comment: 'leading zeros in the length of the whole value',
    text: '003:abc',
    flags: ['non-canonical', 'lenient'],
    both: { canonical: 'bad-length', deployed: s('abc') },
  },
  {
    id: 'length-zeros-value',
    rule: 'BENC-4',
    comment: 'leading zeros in the length of a value move into its key',
    text: 'd1:a003:abce',
    flags: ['non-canonical', 'lenient', 'shifted-key'],
    both: { canonical: 'bad-length', deployed: d(['a00', s('abc')]) },
  },
  {
    id: 'length-zeros-key',
    rule: 'BENC-4',
    comment: 'leading zeros in the length of a key',
    text: 'd01:ai1ee',
    flags: ['non-canonical', 'lenient'],
    both: { canonical: 'bad-length', deployed: d(['a', i(1)]) },
  },
  {
    id: 'empty-string-in-list',
    rule: 'BENC-5',
    comment: 'an empty string inside of something',
    text: 'l0:e',
    same: l(s('')),
  },
  { id: 'integer-zero', rule: 'BENC-6', comment: 'zero', text: 'i0e', same: i(0) },
  { id: 'integer-negative', rule: 'BENC-6', comment: 'a negative integer', text: 'i-42e', same: i(-42) },
  {
    id: 'integer-beyond-double',
    rule: 'BENC-6',
    comment: '2^53 + 1',
    text: 'i9007199254740993e',
    flags: ['64-bit'],
    same: i(9007199254740993n),
  },
  {
    id: 'integer-most',
    rule: 'BENC-6',
    comment: '2^63 − 1',
    text: `i${INT64_MOST}e`,
    flags: ['64-bit'],
    same: i(INT64_MOST),
  },
  {
    id: 'integer-least',
    rule: 'BENC-7',
    comment: '−2^63, which deployed nodes read as 0',
    text: `i${-INT64_MOST - 1n}e`,
    flags: ['64-bit'],
    both: { canonical: i(-INT64_MOST - 1n), deployed: i(0) },
  },
  {
    id: 'integer-above',
    rule: 'BENC-7',
    comment: '2^63',
    text: `i${INT64_MOST + 1n}e`,
    flags: ['64-bit', 'lenient'],
    both: { canonical: 'bad-integer', deployed: i(0) },
  },
  {
    id: 'integer-long',
    rule: 'BENC-7',
    comment: 'twenty-one digits',
    text: 'i100000000000000000000e',
    flags: ['64-bit', 'lenient'],
    both: { canonical: 'bad-integer', deployed: i(0) },
  },
  {
    id: 'integer-zeros',
    rule: 'BENC-7',
    comment: 'leading zeros',
    text: 'i015e',
    flags: ['non-canonical', 'lenient'],
    both: { canonical: 'bad-integer', deployed: i(15) },
  },
  {
    id: 'integer-many-zeros',
    rule: 'BENC-7',
    comment: 'leading zeros beyond the digits of 64 bits',
    text: `i${'0'.repeat(30)}5e`,
    flags: ['non-canonical', 'lenient'],
    both: { canonical: 'bad-integer', deployed: i(5) },
  },
  {
    id: 'integer-minus-zero',
    rule: 'BENC-7',
    comment: 'minus zero',
    text: 'i-0e',
    flags: ['non-canonical', 'lenient'],
    both: { canonical: 'bad-integer', deployed: i(0) },
  },
  {
    id: 'integer-minus-zeros',
    rule: 'BENC-7',
    comment: 'minus and leading zeros',
    text: 'i-007e',
    flags: ['non-canonical', 'lenient'],
    both: { canonical: 'bad-integer', deployed: i(-7) },
  },
  {
    id: 'integer-empty',
    rule: 'BENC-7',
    comment: 'no digits',
    text: 'ie',
    flags: ['lenient'],
    both: { canonical: 'bad-integer', deployed: i(0) },
  },
  {
    id: 'integer-minus',
    rule: 'BENC-7',
    comment: 'a sign and no digits',
    text: 'i-e',
    flags: ['lenient'],
    both: { canonical: 'bad-integer', deployed: i(0) },
  },
  {
    id: 'integer-plus',
    rule: 'BENC-7',
    comment: 'a plus sign',
    text: 'i+5e',
    flags: ['lenient'],
    both: { canonical: 'bad-integer', deployed: i(0) },
  },
  {
    id: 'integer-garbage',
    rule: 'BENC-7',
    comment: 'a letter among the digits',
    text: 'i1x5e',
    flags: ['lenient'],
    both: { canonical: 'bad-integer', deployed: i(0) },
  },
  { id: 'integer-cut', rule: 'BENC-6', comment: 'no end', text: 'i15', same: 'truncated' },
  {
    id: 'list',
    rule: 'BENC-8',
    comment: 'a list of every kind',
    text: 'li1e1:aledee',
    same: l(i(1), s('a'), l(), d()),
  },
  { id: 'list-cut', rule: 'BENC-2', comment: 'a list without an end', text: 'li1e', same: 'truncated' },
  {
    id: 'dict',
    rule: 'BENC-9',
    comment: 'keys that rise',
    text: 'd0:i0e1:ai1e2:aai2e1:bi3ee',
    same: d(['', i(0)], ['a', i(1)], ['aa', i(2)], ['b', i(3)]),
  },
  {
    id: 'dict-high-bytes',
    rule: 'BENC-9',
    comment: 'a byte above 7f sorts behind one below',
    text: 'd1:zi1e1:\x80i2ee',
    flags: ['key-bytes'],
    same: d(['z', i(1)], ['\x80', i(2)]),
  },
  { id: 'dict-key-integer', rule: 'BENC-8', comment: 'a key that is no string', text: 'di1ei2ee', same: 'syntax' },
  { id: 'dict-key-alone', rule: 'BENC-8', comment: 'a key without a value', text: 'd1:ae', same: 'syntax' },
  {
    id: 'dict-unsorted',
    rule: 'BENC-9',
    comment: 'a key smaller than the one before',
    text: 'd1:bi1e1:ai2ee',
    flags: ['non-canonical', 'lenient'],
    both: { canonical: 'unsorted-keys', deployed: d(['b', i(1)], ['a', i(2)]) },
  },
  {
    id: 'dict-unsorted-prefix',
    rule: 'BENC-9',
    comment: 'a key that begins the one before',
    text: 'd2:aai1e1:ai2ee',
    flags: ['non-canonical', 'lenient'],
    both: { canonical: 'unsorted-keys', deployed: d(['aa', i(1)], ['a', i(2)]) },
  },
  {
    id: 'dict-unsorted-after-nested',
    rule: 'BENC-9',
    comment: 'the order is that of each dictionary alone',
    text: 'd1:bd1:zi1ee1:ai2ee',
    flags: ['non-canonical', 'lenient'],
    both: { canonical: 'unsorted-keys', deployed: d(['b', d(['z', i(1)])], ['a', i(2)]) },
  },
  {
    id: 'dict-sorted-after-nested',
    rule: 'BENC-9',
    comment: 'a nested dictionary does not count in the order',
    text: 'd1:ad1:zi1ee1:bi2ee',
    same: d(['a', d(['z', i(1)])], ['b', i(2)]),
  },
  {
    id: 'dict-duplicate',
    rule: 'BENC-9',
    comment: 'one key twice; both entries are kept in wire order',
    text: 'd1:ai1e1:ai2ee',
    flags: ['duplicate-key', 'lenient'],
    both: { canonical: 'duplicate-key', deployed: d(['a', i(1)], ['a', i(2)]) },
  },
  {
    id: 'dict-key-nul',
    rule: 'BENC-9',
    comment: 'a key with NUL is not the key before the NUL',
    text: 'd1:ai1e3:a\0bi2ee',
    flags: ['key-bytes'],
    same: d(['a', i(1)], ['a\0b', i(2)]),
  },
  {
    id: 'items-within',
    rule: 'BENC-10',
    comment: 'three values with a limit of four',
    text: 'li1ei2ee',
    limits: { maxItems: 4 },
    same: l(i(1), i(2)),
  },
  {
    id: 'items-above',
    rule: 'BENC-10',
    comment: 'three values with a limit of three',
    text: 'li1ei2ee',
    limits: { maxItems: 3 },
    same: 'too-many',
  },
  {
    id: 'items-keys',
    rule: 'BENC-10',
    comment: 'keys are no values',
    text: 'd1:a1:b1:c1:de',
    limits: { maxItems: 4 },
    same: d(['a', s('b')], ['c', s('d')]),
  },
  {
    id: 'depth-within',
    rule: 'BENC-11',
    comment: 'two levels with a limit of two',
    text: 'lli1eee',
    limits: { maxDepth: 2 },
    same: l(l(i(1))),
  },
  {
    id: 'depth-above',
    rule: 'BENC-11',
    comment: 'three levels with a limit of two',
    text: 'llleee',
    limits: { maxDepth: 2 },
    flags: ['depth'],
    same: 'too-deep',
  },
  {
    id: 'depth-default',
    rule: 'BENC-11',
    comment: '1001 levels',
    text: `${'l'.repeat(1001)}${'e'.repeat(1001)}`,
    flags: ['depth'],
    same: 'too-deep',
  },
  {
    id: 'depth-hostile',
    rule: 'BENC-11',
    comment: 'ten thousand levels',
    text: 'd1:a'.repeat(10_000),
    flags: ['depth'],
    same: 'too-deep',
  },
];

/** Writes the vector files of the suite. */
export function bencodeFiles(captured: string): VectorFile[] {
  return [
    file('decode', WRITTEN, decodeTests()),
    file('encode', WRITTEN, encodeTests()),
    file('posts', CAPTURED, postTests(captured)),
  ];
}

function file(name: string, source: string, tests: VectorCase[]): VectorFile {
  const used = new Set(tests.flatMap((test) => test.flags));
  const notes = Object.fromEntries(Object.entries(NOTES).filter(([flag]) => used.has(flag)));
  return { path: `bencode/${name}.json`, content: { suite: 'bencode', specVersion: 1, source, notes, tests } };
}

function decodeTests(): VectorCase[] {
  const written = CASES.flatMap((one) =>
    (['canonical', 'deployed'] as const).map((profile) => {
      const expected = one.both ? one.both[profile] : one.same!;
      const bytes = latinHex(one.text);
      return decodeCase(one, profile, bytes, expected, bytes.length / 2);
    }),
  );
  const trailing = {
    id: 'trailing',
    rule: 'BENC-12',
    comment: 'bytes after the value',
    flags: ['trailing', 'lenient'],
  };
  const empty = { id: 'empty-string-alone', rule: 'BENC-5', comment: 'an empty string as the last thing of the input' };
  return [
    ...written,
    decodeCase(trailing, 'canonical', latinHex('i1exyz'), 'trailing-bytes', 0),
    decodeCase(trailing, 'deployed', latinHex('i1exyz'), i(1), 3),
    decodeCase(empty, 'deployed', latinHex('0:'), 'truncated', 0),
  ];
}

function decodeCase(
  one: Pick<Written, 'id' | 'rule' | 'comment' | 'flags' | 'limits'>,
  profile: string,
  bytes: string,
  expected: Json | string,
  consumed: number,
): VectorCase {
  const base = {
    id: `bencode-decode-${one.id}-${profile}`,
    rule: one.rule,
    level: 'MUST' as const,
    comment: one.comment,
    flags: one.flags ?? [],
    op: 'bencode.decode',
    in: { bytes, profile, ...one.limits },
  };
  if (typeof expected === 'string') return { ...base, result: 'invalid', reject: { code: expected } };
  return { ...base, result: 'valid', out: { value: expected, consumed } };
}

function encodeTests(): VectorCase[] {
  const one = (id: string, comment: string, value: Json, text: string, flags: readonly string[] = []): VectorCase => ({
    id: `bencode-encode-${id}`,
    rule: 'BENC-14',
    level: 'MUST',
    comment,
    flags,
    op: 'bencode.encode',
    in: { value },
    result: 'valid',
    out: { bytes: latinHex(text) },
  });
  return [
    one('integer', 'an integer', i(-7), 'i-7e'),
    one('integer-large', 'an integer beyond a double', i(INT64_MOST), 'i9223372036854775807e', ['64-bit']),
    one('string', 'a string', s('\0\xff'), '2:\0\xff'),
    one('empty', 'empty values', l(s(''), l(), d()), 'l0:ledee'),
    one('dict', 'a dictionary', d(['a', i(1)], ['b', l(i(2))]), 'd1:ai1e1:bli2eee'),
    one('unsorted', 'entries stay in their order', d(['b', i(1)], ['a', i(2)]), 'd1:bi1e1:ai2ee'),
    one('duplicate', 'duplicates stay', d(['a', i(1)], ['a', i(2)]), 'd1:ai1e1:ai2ee', ['duplicate-key']),
  ];
}

interface CapturedPost {
  readonly user: string;
  readonly k: number;
  readonly raw: string;
  readonly signedBytes: string;
  readonly signature: string;
}
interface JudgedPost {
  readonly name: string;
  readonly raw: string;
  readonly accepted: boolean;
}

/** Captured pieces that have a fault of form: code and rule in the canonical profile, and whether deployed nodes read them. */
const FAULTS: Readonly<Record<string, readonly [code: string, rule: string, readByDeployed: boolean]>> = {
  missing_signature: ['missing-key', 'BENC-15', false],
  missing_userpost: ['missing-key', 'BENC-15', false],
  root_is_list: ['wrong-type', 'BENC-15', false],
  truncated: ['truncated', 'BENC-2', false],
  empty: ['truncated', 'BENC-2', false],
  unsorted_userpost_keys: ['unsorted-keys', 'BENC-9', true],
  leading_zero_int: ['bad-integer', 'BENC-6', true],
  trailing_bytes_after_root: ['trailing-bytes', 'BENC-12', true],
  'k as 2^64+i (int64 overflow)': ['bad-integer', 'BENC-6', true],
};

function postTests(captured: string): VectorCase[] {
  const read = <T>(name: string): T => JSON.parse(readFileSync(join(captured, 'twister', name), 'utf8')) as T;
  const { posts } = read<{ posts: readonly CapturedPost[] }>('posts.json');
  const judged = ['posts-rejects.json', 'w3-w27-w29-posts.json'].flatMap(
    (name) => read<{ cases: readonly JudgedPost[] }>(name).cases,
  );
  const base = { level: 'MUST' as const, flags: [] };
  const honest = posts.flatMap(({ user, k, raw, signedBytes, signature }): VectorCase[] => {
    const value = bencodeJson(raw);
    const comment = `post ${k} of ${user}`;
    const name = `${user}-${k}`;
    return [
      {
        ...base,
        id: `bencode-post-decode-${name}`,
        rule: 'BENC-15',
        comment,
        op: 'post.decode',
        in: { bytes: raw },
        result: 'valid',
        out: { value, signed: signedBytes, signature },
      },
      {
        ...base,
        id: `bencode-post-encode-${name}`,
        rule: 'BENC-14',
        comment,
        op: 'post.encode',
        in: { value },
        result: 'valid',
        out: { bytes: raw },
      },
    ];
  });
  const faulty = Object.entries(FAULTS).flatMap(([name, [code, rule, readByDeployed]]): VectorCase[] => {
    const { raw } = judged.find((one) => one.name === name)!;
    const slug = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
    const common = { ...base, rule, comment: `captured: ${name}`, op: 'post.decode' };
    const refused = { result: 'invalid' as const, reject: { code } };
    const canonical: VectorCase = {
      ...common,
      id: `bencode-post-${slug}-canonical`,
      flags: readByDeployed ? ['non-canonical'] : [],
      in: { bytes: raw, profile: 'canonical' },
      ...refused,
    };
    const deployed = { ...common, id: `bencode-post-${slug}-deployed`, in: { bytes: raw, profile: 'deployed' } };
    if (!readByDeployed) return [canonical, { ...deployed, ...refused }];
    return [canonical, { ...deployed, flags: ['lenient'], result: 'valid', out: formOf(raw) }];
  });
  return [...honest, ...faulty];
}

/** Where signature and signed bytes stand in a captured piece: `d12:sig_userpost65:<65 bytes>8:userpost<signed>e`. */
function formOf(raw: string): Json {
  const head = latinHex('d12:sig_userpost65:');
  const middle = latinHex('8:userpost');
  if (!raw.startsWith(head)) throw new Error('the captured piece does not begin with its signature');
  const signature = raw.slice(head.length, head.length + 130);
  const signedAt = head.length + 130 + middle.length;
  const end = raw.lastIndexOf('6565');
  return { signed: raw.slice(signedAt, end + 2), signature };
}

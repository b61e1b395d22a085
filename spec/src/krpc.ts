/** Suite `krpc`: packets of live daemons, both ways, and what they ignored. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bencodeJson, entryOf, latinHex } from './bencode-json.ts';
import type { Fields, Json, VectorCase, VectorDocument, VectorFile } from './format.ts';

const CAPTURED = 'packets captured between two deployed daemons, or between one and a scripted client';
const WRITTEN = 'written by hand from the reader of deployed nodes';
const TARGETS = 'info-hashes and targets as captured daemons used them; SHA-1 of Node over hand-written bencode';

const NOTES: VectorDocument['notes'] = {
  'error-with-reply': { bugClass: 'envelope', description: 'An error packet may hold a half-made reply as well.' },
  lenient: { bugClass: 'too strict', description: 'Deployed nodes read it although it is not canonical.' },
  'non-utf8': { bugClass: 'text', description: 'Bytes that are not UTF-8 are never text.' },
  'other-dialect': { bugClass: 'envelope', description: 'The key names of BEP 5 are not those of twister.' },
};

interface Exchange {
  readonly name: string;
  readonly request: string;
  readonly reply: string | null;
}
interface DhtFile {
  readonly clientCases: readonly Exchange[];
  readonly passive: readonly { readonly kind: string; readonly hex: string }[];
}

/** Writes the vector files of the suite. */
export function krpcFiles(captured: string): VectorFile[] {
  const read = <T>(name: string): T => JSON.parse(readFileSync(join(captured, 'twister', name), 'utf8')) as T;
  const dht = read<DhtFile>('dht.json');
  return [
    file('client', CAPTURED, clientTests(dht)),
    file('daemons', CAPTURED, daemonTests(dht)),
    file('refused', WRITTEN, refusedTests()),
    file('targets', TARGETS, targetTests(read('swarm.json'), read('dht-reader-checks.json'))),
  ];
}

function file(name: string, source: string, tests: VectorCase[]): VectorFile {
  const used = new Set(tests.flatMap((test) => test.flags));
  const notes = Object.fromEntries(Object.entries(NOTES).filter(([flag]) => used.has(flag)));
  return { path: `krpc/${name}.json`, content: { suite: 'krpc', specVersion: 1, source, notes, tests } };
}

const KINDS: Readonly<Record<string, readonly [kind: string, bodyKey: string, rule: string]>> = {
  [latinHex('q')]: ['query', 'x', 'KRPC-5'],
  [latinHex('r')]: ['reply', 'r', 'KRPC-6'],
  [latinHex('e')]: ['error', 'e', 'KRPC-6'],
};

function stringOf(packet: Json, key: string): string {
  return (entryOf(packet, key) as { readonly s: string }).s;
}

/** The object that stands for a captured packet, and the rule about its kind. */
function decoded(hex: string): { readonly out: Fields; readonly rule: string } {
  const packet = bencodeJson(hex);
  const [kind, bodyKey, rule] = KINDS[stringOf(packet, 'z')]!;
  const own = ['z', 't', bodyKey, ...(kind === 'query' ? ['q'] : [])].map(latinHex);
  const extra = (packet as { readonly d: readonly (readonly [string, Json])[] }).d.filter(
    ([key]) => !own.includes(key),
  );
  const query = kind === 'query' ? { query: Buffer.from(stringOf(packet, 'q'), 'hex').toString('utf8') } : {};
  const body = entryOf(packet, bodyKey)!;
  return {
    out: { kind, transaction: stringOf(packet, 't'), ...query, body, extra: { d: extra as unknown as Json } },
    rule,
  };
}

function bothWays(id: string, comment: string, hex: string): VectorCase[] {
  const { out, rule } = decoded(hex);
  const withReply = out.kind === 'error' && JSON.stringify(out.extra).includes(`["${latinHex('r')}"`);
  const base = {
    level: 'MUST' as const,
    comment,
    flags: withReply ? ['error-with-reply'] : [],
    result: 'valid' as const,
  };
  return [
    { ...base, id: `krpc-decode-${id}`, rule, op: 'dht.krpc.decode', in: { bytes: hex }, out },
    { ...base, id: `krpc-encode-${id}`, rule: 'KRPC-7', op: 'dht.krpc.encode', in: out, out: { bytes: hex } },
  ];
}

/** Requests that the daemon ignored, with rule and code. */
const IGNORED: Readonly<Record<string, readonly [rule: string, code: string, flag?: string]>> = {
  mainline_y_key_ignored: ['KRPC-3', 'missing-key', 'other-dialect'],
  not_bencode: ['KRPC-1', 'wrong-length'],
};

function clientTests({ clientCases, passive }: DhtFile): VectorCase[] {
  const seen = new Set<string>();
  const tests = clientCases.flatMap(({ name, request, reply }, index): VectorCase[] => {
    const slug = `${index}-${name
      .trim()
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')}`;
    const ignored = IGNORED[name];
    if (ignored)
      return (['canonical', 'deployed'] as const).map((profile) =>
        refused(`${slug}-${profile}`, name, request, profile, ignored),
      );
    // The token exchanges before each put are alike; one of them is enough.
    if (name.includes('token for')) {
      if (seen.has('token')) return [];
      seen.add('token');
    }
    return [
      ...bothWays(`${slug}-request`, `captured: ${name}`, request),
      ...bothWays(`${slug}-reply`, `captured: answer to ${name}`, reply!),
    ];
  });
  const others = passive
    .filter(({ kind }) => kind === 'utp_or_other')
    .map(({ hex }, index) =>
      refused(`utp-${index}`, 'a uTP packet on the same port', hex, 'deployed', ['KRPC-1', 'wrong-length']),
    );
  return [...tests, ...others];
}

function refused(
  id: string,
  comment: string,
  bytes: string,
  profile: string,
  [rule, code, flag]: readonly [string, string, string?],
): VectorCase {
  const base = { level: 'MUST' as const, flags: flag === undefined ? [] : [flag], op: 'dht.krpc.decode' };
  return { ...base, id: `krpc-${id}`, rule, comment, in: { bytes, profile }, result: 'invalid', reject: { code } };
}

/** A few of each kind of packet between daemons. */
function daemonTests({ passive }: DhtFile): VectorCase[] {
  const kinds = [...new Set(passive.map(({ kind }) => kind))].filter((kind) => kind !== 'utp_or_other');
  return kinds.flatMap((kind) =>
    passive
      .filter((packet) => packet.kind === kind)
      .slice(0, 2)
      .flatMap(({ hex }, index) =>
        bothWays(`daemon-${kind.toLowerCase().replaceAll('_', '-')}-${index}`, `between daemons: ${kind}`, hex),
      ),
  );
}

const VERSION = '1:v4:LT\x01\0';
const x = '1:xd2:id20:aaaaaaaaaaaaaaaaaaaae';

interface Refusal {
  readonly id: string;
  readonly rule: string;
  readonly comment: string;
  readonly text: string;
  readonly canonical: string;
  /** What the deployed profile says: the same code if left out, else what it reads. */
  readonly deployed?: Fields;
}

const BODY: Json = { d: [[latinHex('id'), { s: latinHex('a'.repeat(20)) }]] };
const EXTRA: Json = { d: [[latinHex('v'), { s: '4c540100' }]] };
const PING: Fields = { kind: 'query', transaction: latinHex('tt'), query: 'ping', body: BODY, extra: EXTRA };

const REFUSALS: readonly Refusal[] = [
  { id: 'short', rule: 'KRPC-1', comment: '20 bytes', text: 'd1:rde1:t2:aa1:z1:re', canonical: 'wrong-length' },
  {
    id: 'long',
    rule: 'KRPC-1',
    comment: '10,001 bytes',
    text: `d1:q4:ping1:t2:tt1:xd1:a9964:${'a'.repeat(9964)}e1:z1:qe`,
    canonical: 'too-long',
  },
  { id: 'list', rule: 'KRPC-2', comment: 'a list', text: `l1:q4:ping${VERSION}1:xe`, canonical: 'wrong-type' },
  {
    id: 'deep',
    rule: 'KRPC-2',
    comment: 'eleven levels',
    text: `d1:q4:ping1:t2:tt1:xd1:a${'l'.repeat(9)}${'e'.repeat(9)}e1:z1:qe`,
    canonical: 'too-deep',
  },
  {
    id: 'many',
    rule: 'KRPC-2',
    comment: '500 values',
    text: `d1:q4:ping1:t2:tt1:xd1:al${'le'.repeat(494)}ee1:z1:qe`,
    canonical: 'too-many',
  },
  {
    id: 'trailing',
    rule: 'KRPC-2',
    comment: 'bytes after the dictionary',
    text: `d1:q4:ping1:t2:tt${VERSION}${x}1:z1:qexx`,
    canonical: 'trailing-bytes',
  },
  {
    id: 'trailing-e',
    rule: 'KRPC-2',
    comment: 'bytes after the dictionary that end in e',
    text: `d1:q4:ping1:t2:tt${VERSION}${x}1:z1:qexe`,
    canonical: 'trailing-bytes',
    deployed: PING,
  },
  {
    id: 'unsorted',
    rule: 'KRPC-2',
    comment: 'unsorted keys',
    text: `d1:z1:q1:q4:ping1:t2:tt${VERSION}${x}e`,
    canonical: 'unsorted-keys',
    deployed: PING,
  },
  { id: 'no-z', rule: 'KRPC-3', comment: 'no z', text: `d1:q4:ping1:t2:tt${VERSION}${x}e`, canonical: 'missing-key' },
  {
    id: 'empty-z',
    rule: 'KRPC-3',
    comment: 'an empty z',
    text: `d1:q4:ping1:t2:tt${VERSION}${x}1:z0:e`,
    canonical: 'missing-key',
  },
  {
    id: 'integer-z',
    rule: 'KRPC-3',
    comment: 'a z that is no string',
    text: `d1:q4:ping1:t2:tt${VERSION}${x}1:zi1ee`,
    canonical: 'missing-key',
  },
  {
    id: 'unknown-z',
    rule: 'KRPC-3',
    comment: 'a z of another letter',
    text: `d1:q4:ping1:t2:tt${VERSION}${x}1:z1:xe`,
    canonical: 'unknown-message',
  },
  {
    id: 'long-z',
    rule: 'KRPC-3',
    comment: 'a z that only begins with q',
    text: `d1:q4:ping1:t2:tt${VERSION}${x}1:z5:querye`,
    canonical: 'unknown-message',
    deployed: PING,
  },
  {
    id: 'no-t',
    rule: 'KRPC-4',
    comment: 'no transaction',
    text: `d1:q4:ping${VERSION}${x}1:z1:qe`,
    canonical: 'missing-key',
    deployed: { ...PING, transaction: '' },
  },
  {
    id: 'no-q',
    rule: 'KRPC-5',
    comment: 'a query without a name',
    text: `d1:t2:tt${VERSION}${x}1:z1:qe`,
    canonical: 'missing-key',
  },
  {
    id: 'no-x',
    rule: 'KRPC-5',
    comment: 'a query without arguments',
    text: `d1:q4:ping1:t2:tt${VERSION}1:z1:qe`,
    canonical: 'missing-key',
  },
  {
    id: 'list-x',
    rule: 'KRPC-5',
    comment: 'arguments that are a list',
    text: `d1:q4:ping1:t2:tt${VERSION}1:xle1:z1:qe`,
    canonical: 'wrong-type',
  },
  {
    id: 'no-r',
    rule: 'KRPC-6',
    comment: 'a reply without content',
    text: `d1:t2:tt${VERSION}1:z1:re`,
    canonical: 'missing-key',
  },
  {
    id: 'no-e',
    rule: 'KRPC-6',
    comment: 'an error without content',
    text: `d1:t2:tt${VERSION}1:z1:ee`,
    canonical: 'missing-key',
  },
];

function refusedTests(): VectorCase[] {
  const tests = REFUSALS.flatMap(({ id, rule, comment, text, canonical, deployed }): VectorCase[] => {
    const bytes = latinHex(text);
    const strict = refused(`${id}-canonical`, comment, bytes, 'canonical', [rule, canonical]);
    if (deployed === undefined)
      return [strict, refused(`${id}-deployed`, comment, bytes, 'deployed', [rule, canonical])];
    const base = { level: 'MUST' as const, flags: ['lenient'], op: 'dht.krpc.decode', result: 'valid' as const };
    return [
      strict,
      { ...base, id: `krpc-${id}-deployed`, rule, comment, in: { bytes, profile: 'deployed' }, out: deployed },
    ];
  });
  const base = { level: 'MUST' as const, op: 'dht.krpc.decode', result: 'valid' as const };
  const notText: VectorCase = {
    ...base,
    id: 'krpc-query-not-utf8',
    rule: 'KRPC-5',
    comment: 'the name of the query is not UTF-8',
    flags: ['non-utf8'],
    in: { bytes: latinHex(`d1:q2:\xff\xfe1:t2:tt${VERSION}${x}1:z1:qe`) },
    out: { ...PING, query: null },
  };
  const ten = `d1:q4:ping1:t2:tt${VERSION}1:xd1:a${'l'.repeat(8)}${'e'.repeat(8)}e1:z1:qe`;
  const deep: VectorCase = {
    ...base,
    id: 'krpc-depth-within',
    rule: 'KRPC-2',
    comment: 'ten levels',
    flags: [],
    in: { bytes: latinHex(ten) },
    out: { kind: 'query', query: 'ping' },
  };
  return [...tests, notText, deep];
}

interface SwarmFile {
  readonly infoHashes: Readonly<Record<string, string>>;
}
interface ReaderFile {
  readonly cases: readonly {
    readonly asked?: { readonly n: string; readonly r: string; readonly t: string };
    readonly targetHash?: string;
  }[];
}

function targetTests({ infoHashes }: SwarmFile, { cases }: ReaderFile): VectorCase[] {
  const one = (id: string, comment: string, n: string, r: string, t: string, target: string): VectorCase => ({
    id: `krpc-target-${id}`,
    rule: 'DHT-4',
    level: 'MUST',
    comment,
    flags: [],
    op: 'dht.target',
    in: { n, r, t },
    result: 'valid',
    out: { target },
  });
  const swarms = Object.entries(infoHashes).map(([user, hash]) =>
    one(`swarm-${user}`, `info-hash of the swarm of ${user}`, latinHex(user), 'tracker', 'm', hash),
  );
  const asked = cases.flatMap(({ asked: triple, targetHash }, index) =>
    triple && targetHash
      ? [one(`asked-${index}`, 'a target that a daemon asked for', latinHex(triple.n), triple.r, triple.t, targetHash)]
      : [],
  );
  const published = [
    one(
      'published-tracker',
      'published example',
      latinHex('mfreitas'),
      'tracker',
      'm',
      '5cebb4b6378b39ee9db6bc43e324232443539663',
    ),
    one(
      'published-post',
      'published example',
      latinHex('mfreitas'),
      'post442',
      's',
      'e98243e6306bb3ffc53eac6103a6910be3644220',
    ),
  ];
  const word = '00ff80e9';
  const encoded = Buffer.concat([Buffer.from('d1:n4:'), Buffer.from(word, 'hex'), Buffer.from('1:r5:café1:t1:me')]);
  const sha1 = createHash('sha1').update(encoded).digest('hex');
  const odd = one('not-text', 'a word that is not UTF-8, a resource that is not ASCII', word, 'café', 'm', sha1);
  return [...swarms, ...asked, ...published, odd];
}

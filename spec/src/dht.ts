/** Suite `dht`: what deployed daemons stored, answered and took from replies, and node ids that were published or computed apart. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BencodeNode, decodeBencode } from '@rookery/wire';
import type { Fields, Json, VectorCase, VectorDocument, VectorFile } from './format.ts';

interface ClientCase {
  readonly name: string;
  readonly request: string;
  readonly reply: string | null;
}
interface Passive {
  readonly kind: string;
  readonly t: number;
  readonly hex: string;
}
interface CapturedDht {
  readonly nodeIds: readonly { readonly nodeId: string; readonly matchesIp: readonly string[] }[];
  readonly nodeIdComputed: readonly { readonly ip: string; readonly first4: string; readonly last: number }[];
  readonly clientCases: readonly ClientCase[];
  readonly passive: readonly Passive[];
}
interface NodeIdChecks {
  readonly cases: readonly {
    readonly name: string;
    readonly clientIp: string;
    readonly request: string;
    readonly reply: string;
  }[];
}
interface ReaderChecks {
  readonly cases: readonly {
    readonly name: string;
    readonly targetHash: string;
    readonly entriesSent: readonly string[];
    readonly dhtgetResult: readonly { readonly sig_p: string }[];
  }[];
}
interface Keys {
  readonly users: Readonly<
    Record<string, { readonly registrations: readonly { readonly height: number; readonly pubKey: string }[] }>
  >;
}
/** The three parts of a value, as the operations take them. */
type Value = { readonly p: string; readonly sigP: string; readonly sigUser: string };
type Expected = { readonly out: Json } | { readonly reject: string };
type Profile = 'canonical' | 'deployed';

const DAEMONS = 'captured from twisterd 0.9.40 on a private chain';
const CLIENT_TIP = 29;
const CLIENT_NOW = 1795243070;
const PASSIVE_TIP = 23;
const READER_TIP = 38;
const READER_NOW = 1795245100;

/** Which of our codes an error text of a deployed node stands for (DHT-19). */
const CODES: Readonly<Record<string, string>> = {
  'height > getBestHeight': 'future-height',
  "missing 'time' key": 'missing-key',
  'message too big': 'too-big',
  'resource name too big': 'resource-too-long',
  'seq is required for single': 'missing-seq',
};
const RULES: Readonly<Record<string, string>> = {
  'bad-post': 'DHT-18',
  'bad-signature': 'DHT-10',
  'no-time': 'DHT-25',
  expired: 'DHT-16',
  'future-height': 'DHT-14',
  'future-time': 'DHT-15',
  'missing-key': 'DHT-6',
  'missing-seq': 'DHT-13',
  'not-bencode': 'DHT-5',
  'not-owner': 'DHT-11',
  'resource-too-long': 'DHT-12',
  'too-big': 'DHT-7',
  'unknown-user': 'DHT-10',
  'wrong-target': 'DHT-26',
};

const NOTES: VectorDocument['notes'] = {
  boundary: { bugClass: 'off by one', description: 'A value at the edge of what a rule allows, or just past it.' },
  forged: {
    bugClass: 'missing signature check',
    description: 'The signature is not that of the signer’s current key.',
  },
  'int32-cut': { bugClass: 'truncation', description: 'Deployed nodes cut the number to its low 32 bits.' },
  malformed: { bugClass: 'crash on bad input', description: 'A part is missing, of the wrong type or cut short.' },
  misplaced: { bugClass: 'W38', description: 'A rightly signed value of another target.' },
  replay: { bugClass: 'W42', description: 'An old value that is put again.' },
  spoofed: { bugClass: 'W37', description: 'A single value that is signed by another registered user.' },
  unchecked: { bugClass: 'W39, W40', description: 'Content that does not belong where it stands.' },
};

function read<T>(captured: string, name: string): T {
  return JSON.parse(readFileSync(join(captured, 'twister', name), 'utf8')) as T;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function packet(text: string): BencodeNode {
  return decodeBencode(Buffer.from(text, 'hex'), { profile: 'deployed' }).value;
}

/** Cuts the value out of the arguments of a request or out of an entry of a reply. */
function valueIn(holder: BencodeNode): Value {
  return {
    p: hex(holder.getDict('p')!.raw),
    sigP: hex(holder.getBytes('sig_p')!),
    sigUser: holder.getText('sig_user')!,
  };
}

function targetOf(value: Value): string {
  const target = packet(value.p).getDict('target')!.raw;
  return createHash('sha1').update(target).digest('hex');
}

function resourceOf(value: Value): string {
  const target = packet(value.p).getDict('target')!;
  return `${target.getText('n')}-${target.getText('r')}`;
}

function slug(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

function usersAt({ users }: Keys, tip: number): Json {
  return Object.entries(users)
    .map(([name, { registrations }]) => ({
      name,
      keys: registrations
        .filter(({ height }) => height <= tip)
        .map(({ height, pubKey }) => ({ height, publicKey: pubKey })),
    }))
    .filter(({ keys }) => keys.length > 0);
}

function vector(
  wanted: {
    readonly id: string;
    readonly op: string;
    readonly rule: string;
    readonly comment: string;
    readonly in: Fields;
  },
  expected: Expected,
  flags: readonly string[] = [],
): VectorCase {
  const base = { ...wanted, level: 'MUST' as const, flags };
  if ('out' in expected) return { ...base, result: 'valid', out: expected.out };
  return { ...base, result: 'invalid', reject: { code: expected.reject } };
}

export function dhtFiles(captured: string): readonly VectorFile[] {
  const dht = read<CapturedDht>(captured, 'dht.json');
  const keys = read<Keys>(captured, 'keys.json');
  return [
    document('put', [...clientPuts(dht, keys), ...passivePuts(dht, keys), ...changedPuts(dht, keys)]),
    document('read', [...readerValues(read(captured, 'dht-reader-checks.json'), keys), ...passiveValues(dht, keys)]),
    document('store', [...capturedStores(dht), ...constructedStores()]),
    document('expiry', expiryCases(), 'stated by DHT-29, from the reference implementation'),
    document('node-id', nodeIdCases(dht, read(captured, 'dht-node-id-check.json')), `${DAEMONS}; ids computed apart`),
  ];
}

function document(name: string, tests: readonly VectorCase[], source: string = DAEMONS): VectorFile {
  const used = new Set(tests.flatMap(({ flags }) => flags));
  const notes = Object.fromEntries(Object.entries(NOTES).filter(([flag]) => used.has(flag)));
  return { path: `dht/${name}.json`, content: { suite: 'dht', specVersion: 1, source, notes, tests } };
}

/** A put in one profile. */
function put(
  name: string,
  profile: Profile,
  value: Partial<Value>,
  world: Fields,
  expected: Expected,
  flags: readonly string[] = [],
): VectorCase {
  const rule = 'reject' in expected ? RULES[expected.reject]! : 'DHT-20';
  const comment = 'out' in expected ? `${name}: accepted` : `${name}: refused`;
  const id = `dht-put-${slug(name)}-${profile}`;
  return vector({ id, op: 'dht.put.check', rule, comment, in: { ...value, ...world, profile } }, expected, flags);
}

/** Every `putData` of the scripted client, with the answer of the daemon. */
function clientPuts({ clientCases }: CapturedDht, keys: Keys): VectorCase[] {
  const world = { users: usersAt(keys, CLIENT_TIP), tip: CLIENT_TIP, now: CLIENT_NOW };
  return clientCases
    .filter(({ name }) => name.startsWith('putData_'))
    .flatMap(({ name, request, reply }) => {
      const x = packet(request).getDict('x')!;
      const answer = packet(reply!);
      const error = answer.getList('e')?.items()[1]?.text;
      const value = valueIn(x);
      const title = name.slice('putData_'.length);
      const signer = world.users as readonly { readonly name: string }[];
      const bad = signer.some((user) => user.name === value.sigUser) ? 'bad-signature' : 'unknown-user';
      const expected = error === undefined ? { out: {} } : { reject: CODES[error] ?? bad };
      const forged = error === 'invalid signature' ? ['forged'] : [];
      const multi = packet(value.p).getDict('target')!.getText('t') === 'm';
      return [
        put(title, 'deployed', value, world, expected, forged),
        multi && error === undefined
          ? put(title, 'canonical', value, world, { reject: 'bad-post' }, ['unchecked'])
          : put(title, 'canonical', value, world, expected, forged),
      ];
    });
}

/** The distinct values that the daemons put to each other. */
function passiveValuesOf({ passive }: CapturedDht): { readonly value: Value; readonly now: number }[] {
  const seen = new Set<string>();
  return passive
    .filter(({ kind }) => kind === 'putData')
    .map(({ hex: text, t }) => ({ value: valueIn(packet(text).getDict('x')!), now: Math.floor(t) }))
    .filter(({ value }) => !seen.has(value.sigP) && seen.add(value.sigP));
}

/** Values that the daemons put to each other: honest, so both profiles take them. */
function passivePuts(dht: CapturedDht, keys: Keys): VectorCase[] {
  return passiveValuesOf(dht).flatMap(({ value, now }, index) => {
    const world = { users: usersAt(keys, PASSIVE_TIP), tip: PASSIVE_TIP, now };
    const name = `honest ${index} ${value.sigUser} ${resourceOf(value)}`;
    return (['deployed', 'canonical'] as const).map((profile) => put(name, profile, value, world, { out: {} }));
  });
}

/** The same honest values in another world, or without a part. */
function changedPuts(dht: CapturedDht, keys: Keys): VectorCase[] {
  const honest = passiveValuesOf(dht);
  const find = (resource: string): Value => honest.find(({ value }) => resourceOf(value) === resource)!.value;
  const [post, status, tag] = [find('alice-post0'), find('alice-status'), find('test-hashtag')];
  const now = honest[0]!.now;
  const world = (tip: number, at: number = now): Fields => ({ users: usersAt(keys, tip), tip, now: at });
  const both = (
    name: string,
    value: Partial<Value>,
    where: Fields,
    code: string | undefined,
    flags: string[],
  ): VectorCase[] =>
    (['deployed', 'canonical'] as const).map((profile) =>
      put(name, profile, value, where, code === undefined ? { out: {} } : { reject: code }, flags),
    );
  const aged = (name: string, value: Value, tip: number, expires: boolean): VectorCase[] => [
    put(name, 'deployed', value, world(tip), { out: {} }, ['replay']),
    put(name, 'canonical', value, world(tip), expires ? { reject: 'expired' } : { out: {} }, ['replay', 'boundary']),
  ];
  const time = Number(packet(tag.p).getInteger('time'));
  const height = Number(packet(tag.p).getInteger('height'));
  const { p: _p, ...withoutP } = tag;
  const { sigP: _sigP, ...withoutSignature } = tag;
  const { sigUser: _sigUser, ...withoutSigner } = tag;
  return [
    ...both('without p', withoutP, world(PASSIVE_TIP), 'missing-key', ['malformed']),
    ...both('without signature', withoutSignature, world(PASSIVE_TIP), 'missing-key', ['malformed']),
    ...both('without signer', withoutSigner, world(PASSIVE_TIP), 'missing-key', ['malformed']),
    ...both('p is a list', { ...tag, p: '6c65' }, world(PASSIVE_TIP), 'missing-key', ['malformed']),
    ...both('p cut short', { ...tag, p: tag.p.slice(0, -2) }, world(PASSIVE_TIP), 'not-bencode', ['malformed']),
    ...both('empty p', { ...tag, p: '' }, world(PASSIVE_TIP), 'not-bencode', ['malformed']),
    ...both('bytes after p', { ...tag, p: `${tag.p}30` }, world(PASSIVE_TIP), 'not-bencode', ['malformed']),
    ...both('signature of another value', { ...tag, sigP: post.sigP }, world(PASSIVE_TIP), 'bad-signature', ['forged']),
    ...both('short signature', { ...tag, sigP: tag.sigP.slice(2) }, world(PASSIVE_TIP), 'bad-signature', ['forged']),
    ...both('another signer', { ...tag, sigUser: 'bob' }, world(PASSIVE_TIP), 'bad-signature', ['forged']),
    ...both('time two hours ahead', tag, world(PASSIVE_TIP, time - 7200), undefined, ['boundary']),
    ...both('time more than two hours ahead', tag, world(PASSIVE_TIP, time - 7201), 'future-time', ['boundary']),
    ...both('height above the tip by one', tag, world(height - 1), undefined, ['boundary']),
    ...both('height above the tip by two', tag, world(height - 2), 'future-height', ['boundary']),
    ...aged('tag after 2016 blocks', tag, height + 2016, false),
    ...aged('tag after 2017 blocks', tag, height + 2017, true),
    ...aged('post after 8640 blocks', post, height + 8640, false),
    ...aged('post after 8641 blocks', post, height + 8641, true),
    ...aged('status after 8641 blocks', status, height + 8641, false),
  ];
}

/** A value that was read, in one profile. */
function readValue(
  name: string,
  profile: Profile,
  value: Value,
  world: Fields,
  expected: Expected,
  flags: readonly string[],
): VectorCase {
  const rule = 'reject' in expected ? RULES[expected.reject]!.replace('DHT-11', 'DHT-27') : 'DHT-25';
  const id = `dht-read-${slug(name)}-${profile}`;
  const comment = 'out' in expected ? `${name}: taken` : `${name}: dropped`;
  return vector({ id, op: 'dht.value.check', rule, comment, in: { ...value, ...world, profile } }, expected, flags);
}

/** What the scripted node answered, and what `dhtget` of a deployed daemon made of it. */
function readerValues({ cases }: ReaderChecks, keys: Keys): VectorCase[] {
  const users = usersAt(keys, READER_TIP);
  return cases.flatMap(({ name, targetHash, entriesSent, dhtgetResult }) => {
    const taken = new Set(dhtgetResult.map(({ sig_p }) => sig_p));
    return entriesSent.flatMap((text, index) => {
      const value = valueIn(packet(text));
      const world = { users, tip: READER_TIP, now: READER_NOW, target: targetHash };
      const title = entriesSent.length > 1 ? `${name} entry ${index}` : name;
      const misplaced = targetOf(value) !== targetHash;
      const deployed = taken.has(value.sigP) ? undefined : refusedBecause(value, keys, name);
      const canonical = deployed ?? canonicalFault(value, misplaced);
      const flags = misplaced ? ['misplaced'] : canonical === 'not-owner' ? ['spoofed'] : deployed ? ['forged'] : [];
      return [
        readValue(title, 'deployed', value, world, deployed === undefined ? { out: {} } : { reject: deployed }, flags),
        readValue(
          title,
          'canonical',
          value,
          world,
          canonical === undefined ? { out: {} } : { reject: canonical },
          flags,
        ),
      ];
    });
  });
}

/** What the name of a case says about an entry that `dhtget` did not return; undefined if another entry hid or displaced it. */
function refusedBecause(value: Value, { users }: Keys, name: string): string | undefined {
  if (users[value.sigUser] === undefined) return 'unknown-user';
  if (/^1f(11){64}$/.test(value.sigP) || name.includes('replaced key')) return 'bad-signature';
  return name.includes('3 h in the future') ? 'future-time' : undefined;
}

function canonicalFault(value: Value, misplaced: boolean): string | undefined {
  if (misplaced) return 'wrong-target';
  const target = packet(value.p).getDict('target')!;
  const isMulti = target.getText('t') === 'm';
  return isMulti || target.getText('n') === value.sigUser ? undefined : 'not-owner';
}

/** Honest values as a reader would get them, and asked for under another target. */
function passiveValues(dht: CapturedDht, keys: Keys): VectorCase[] {
  const other = targetOf(passiveValuesOf(dht)[0]!.value);
  return passiveValuesOf(dht).flatMap(({ value, now }, index) => {
    const world = { users: usersAt(keys, PASSIVE_TIP), tip: PASSIVE_TIP, now, target: targetOf(value) };
    const name = `honest ${index} ${value.sigUser} ${resourceOf(value)}`;
    const cases = (['deployed', 'canonical'] as const).map((profile) =>
      readValue(name, profile, value, world, { out: {} }, []),
    );
    if (index === 0) return cases;
    const elsewhere = { ...world, target: other };
    return [
      ...cases,
      readValue(`${name} elsewhere`, 'deployed', value, elsewhere, { out: {} }, ['misplaced']),
      readValue(`${name} elsewhere`, 'canonical', value, elsewhere, { reject: 'wrong-target' }, ['misplaced']),
    ];
  });
}

function store(
  name: string,
  profile: Profile | undefined,
  multi: boolean,
  stored: readonly Value[],
  incoming: Value,
  out: { readonly outcome: 'stored' | 'ignored'; readonly list: readonly number[] },
  flags: readonly string[] = [],
): VectorCase {
  const id = `dht-store-${slug(name)}${profile === undefined ? '' : `-${profile}`}`;
  const rule = multi ? (stored.length < 32 ? 'DHT-22' : 'DHT-23') : 'DHT-21';
  const fields = { multi, stored, incoming, ...(profile && { profile }) };
  return vector({ id, op: 'dht.store.apply', rule, comment: `${name}: ${out.outcome}`, in: fields }, { out }, flags);
}

/** The order in which a deployed daemon served what it had been given. */
function capturedStores({ clientCases, passive }: CapturedDht): VectorCase[] {
  const request = (name: string): Value =>
    valueIn(packet(clientCases.find((found) => found.name === name)!.request).getDict('x')!);
  const [newer, older] = [request('putData_ok_single'), request('putData_ok_single_old_seq_silently_ignored')];
  const reply = packet(clientCases.find(({ name }) => name === 'getData_hashtag_multi')!.reply!);
  const served = reply.getDict('r')!.getList('data')!.items().map(valueIn);
  const [last, middle, first] = [served[0]!, served[1]!, served[2]!];
  const again = valueIn(
    packet(passive.find(({ kind, hex: text }) => kind === 'putData' && text.includes(first.sigP))!.hex).getDict('x')!,
  );
  return (['deployed', 'canonical'] as const).flatMap((profile) => [
    store('first single', profile, false, [], newer, { outcome: 'stored', list: [0] }),
    store('lower seq', profile, false, [newer], older, { outcome: 'ignored', list: [0] }),
    store('higher seq', profile, false, [older], newer, { outcome: 'stored', list: [1] }),
    store('equal seq', profile, false, [newer], newer, { outcome: 'ignored', list: [0] }, ['boundary']),
    store('first of a tag', profile, true, [], first, { outcome: 'stored', list: [0] }),
    store('second of a tag at the same height', profile, true, [first], middle, { outcome: 'stored', list: [1, 0] }),
    store('third of a tag at the same height', profile, true, [middle, first], last, {
      outcome: 'stored',
      list: [2, 0, 1],
    }),
    store('the same again', profile, true, served, again, { outcome: 'ignored', list: [0, 1, 2] }),
  ]);
}

/** Values that nobody signed: storage does not look at signatures. */
function plain(fields: {
  readonly seq?: string;
  readonly height: number;
  readonly v: string;
  readonly sigUser?: string;
}): Value {
  const { seq, height, v, sigUser = 'alice' } = fields;
  const target = seq === undefined ? 'd1:n4:test1:r7:hashtag1:t1:me' : 'd1:n5:alice1:r7:profile1:t1:se';
  const text = `d6:heighti${height}e${seq === undefined ? '' : `3:seqi${seq}e`}6:target${target}4:timei1795243066e1:v${v.length}:${v}e`;
  return { p: Buffer.from(text, 'latin1').toString('hex'), sigP: '00'.repeat(65), sigUser };
}

function constructedStores(): VectorCase[] {
  const single = (seq: string, v: string): Value => plain({ seq, height: 28, v });
  const multi = (height: number, v: string, sigUser = 'alice'): Value => plain({ height, v, sigUser });
  const many = (writer: (index: number) => string): Value[] =>
    Array.from({ length: 32 }, (_, index) => multi(100 - index, `v${index}`, writer(index)));
  const all = [...Array(32).keys()];
  const stored = (...list: number[]): { outcome: 'stored'; list: number[] } => ({ outcome: 'stored', list });
  const ignored = (...list: number[]): { outcome: 'ignored'; list: number[] } => ({ outcome: 'ignored', list });
  const cut = ['int32-cut', 'boundary'];
  const [crowd, flood] = [many((index) => `user${index}`), many((index) => (index < 3 ? `user${index}` : 'flood'))];
  return [
    store('seq 2^31 against 5', 'deployed', false, [single('5', 'a')], single('2147483648', 'b'), ignored(0), cut),
    store('seq 2^31 against 5', 'canonical', false, [single('5', 'a')], single('2147483648', 'b'), ignored(0), cut),
    store('seq 2^31 into nothing', 'deployed', false, [], single('2147483648', 'b'), stored(0), cut),
    store('seq 2^31 into nothing', 'canonical', false, [], single('2147483648', 'b'), ignored(), cut),
    store('seq 2^32 + 5 against 4', 'deployed', false, [single('4', 'a')], single('4294967301', 'b'), stored(1), cut),
    store('seq 2^31 - 1 against 5', 'deployed', false, [single('5', 'a')], single('2147483647', 'b'), stored(1), cut),
    store('seq 2^31 - 1 against 5', 'canonical', false, [single('5', 'a')], single('2147483647', 'b'), stored(1), cut),
    ...(['deployed', 'canonical'] as const).flatMap((profile) => [
      store('between heights', profile, true, [multi(30, 'a'), multi(20, 'b')], multi(25, 'c'), stored(0, 2, 1)),
      store('below all heights', profile, true, [multi(30, 'a'), multi(20, 'b')], multi(10, 'c'), stored(0, 1, 2)),
      store('same v at another height', profile, true, [multi(30, 'a')], multi(40, 'a'), ignored(0)),
      store(
        'thirty-third of many writers',
        profile,
        true,
        crowd,
        multi(101, 'w', 'new'),
        stored(32, ...all.slice(0, 31)),
        ['boundary'],
      ),
      store('lowest of many writers', profile, true, crowd, multi(1, 'w', 'new'), ignored(...all), ['boundary']),
    ]),
    store('a flood by one writer', 'deployed', true, flood, multi(1, 'w', 'new'), ignored(...all), ['unchecked']),
    store('a flood by one writer', 'canonical', true, flood, multi(1, 'w', 'new'), stored(...all.slice(0, 31), 32), [
      'unchecked',
    ]),
  ];
}

function expiryCases(): VectorCase[] {
  const rows: readonly (readonly [resource: string, multi: boolean, age: number, expired: boolean])[] = [
    ['hashtag', true, 2016, false],
    ['hashtag', true, 2017, true],
    ['mention', true, 100_000, true],
    ['profile', true, 2017, true],
    ['profile', false, 100_000, false],
    ['avatar', false, 100_000, false],
    ['status', false, 100_000, false],
    ['status', false, 2016, false],
    ['status1', false, 2017, true],
    ['profile2', false, 2016, false],
    ['avatarx', false, 2017, true],
    ['Profile', false, 2017, true],
    ['following0', false, 100_000, false],
    ['following1', false, 100_000, false],
    ['following200', false, 100_000, false],
    ['following201', false, 2017, true],
    ['following201', false, 2016, false],
    ['following', false, 2017, true],
    ['following01', false, 2017, true],
    ['following00', false, 2017, true],
    ['following1x', false, 2017, true],
    ['following-1', false, 2017, true],
    ['post0', false, 2017, false],
    ['post0', false, 8640, false],
    ['post0', false, 8641, true],
    ['post442', false, 8640, false],
    ['post442', false, 8641, true],
    ['post442', true, 2017, true],
    ['post', false, 2017, true],
    ['post00', false, 2017, true],
    ['post1 ', false, 2017, true],
    ['swarm', false, 2017, true],
    ['tracker', true, 2017, true],
    ['custom', false, 2016, false],
    ['custom', false, 2017, true],
    ['', false, 2017, true],
    ['7', false, 2017, true],
  ];
  return rows.map(([resource, multi, age, expired]) => {
    const kind = multi ? 'multi' : 'single';
    return vector(
      {
        id: `dht-expired-${slug(resource) || 'none'}${/[^a-z0-9]$/i.test(resource) ? '-ended' : ''}${resource === 'Profile' ? '-capital' : ''}-${kind}-${age}`,
        op: 'dht.expired',
        rule: 'DHT-29',
        comment: `${resource || 'no name'} (${kind}) after ${age} blocks`,
        in: { resource, multi, height: 22, tip: 22 + age },
      },
      { out: { expired } },
      [2016, 2017, 8640, 8641].includes(age) ? ['boundary'] : [],
    );
  });
}

function nodeIdCases({ nodeIds, nodeIdComputed }: CapturedDht, { cases }: NodeIdChecks): VectorCase[] {
  const check = (id: string, comment: string, fields: { ip: string; id: string }, right: boolean): VectorCase =>
    vector(
      { id: `dht-node-id-${id}`, op: 'dht.nodeId.check', rule: 'DHT-2', comment, in: fields },
      right ? { out: {} } : { reject: 'wrong-node-id' },
    );
  const probed = cases.map(({ name, clientIp, request, reply }) => {
    const id = hex(packet(request).getDict('x')!.getBytes('id')!);
    const refused = packet(reply).getDict('r')!.get('ip') !== undefined;
    return check(`probed-${slug(name)}`, name, { ip: clientIp, id }, !refused);
  });
  const own = [...new Map(nodeIds.map(({ nodeId, matchesIp }) => [nodeId, matchesIp[0]!]))].map(([id, ip], index) =>
    check(`own-${index}`, 'the id of a deployed daemon', { ip, id }, true),
  );
  const computed = nodeIdComputed.flatMap(({ ip, first4, last }) => {
    const random = `${'00'.repeat(15)}${last.toString(16).padStart(2, '0')}`;
    const name = `${slug(ip)}-r${last}`;
    const wrong = `${(Number.parseInt(first4.slice(0, 2), 16) ^ 0x80).toString(16).padStart(2, '0')}${first4.slice(2)}${random}`;
    return [
      vector(
        {
          id: `dht-node-id-derive-${name}`,
          op: 'dht.nodeId.derive',
          rule: 'DHT-1',
          comment: 'computed apart',
          in: { ip, random },
        },
        { out: { id: `${first4}${random}` } },
      ),
      check(`computed-${name}`, 'computed apart', { ip, id: `${first4}${random}` }, true),
      check(`changed-${name}`, 'computed apart, one bit changed', { ip, id: wrong }, false),
    ];
  });
  const anything = 'ee'.repeat(20);
  const ranges: readonly (readonly [ip: string, exempt: boolean])[] = [
    ['10.0.0.1', true],
    ['172.15.255.255', false],
    ['172.16.0.0', true],
    ['172.31.255.255', true],
    ['172.32.0.0', false],
    ['192.168.0.1', true],
    ['192.169.0.1', false],
    ['169.254.1.1', true],
    ['169.253.1.1', false],
    ['127.255.255.254', true],
    ['128.0.0.1', false],
    ['::1', true],
    ['::2', false],
    ['fe80::1', false],
    ['::ffff:127.0.0.1', false],
  ];
  const exempt = ranges.map(([ip, right]) =>
    check(`range-${slug(ip)}-${right ? 'exempt' : 'judged'}`, `any id from ${ip}`, { ip, id: anything }, right),
  );
  return [...probed, ...own, ...computed, ...ipv6Cases(), ...exempt, ...malformedIds()];
}

/** IPv6: nobody published any, so the prefix is computed here from its definition. */
function ipv6Cases(): VectorCase[] {
  const octets = [0x20, 0x01, 0x0d, 0xb8, 0xff, 0xfe, 0xfd, 0xfc];
  const masked = [0x00, 0x01, 0x01, 0x00, 0x0f, 0x1e, 0x3d, 0x7c];
  const ip = `${hex(Uint8Array.from(octets)).replace(/(.{4})(?=.)/g, '$1:')}::1`;
  return [0, 6, 0xff].map((r) => {
    const prefix = createHash('sha1')
      .update(Uint8Array.from([...masked, r & 7]))
      .digest('hex')
      .slice(0, 8);
    const random = `${'ab'.repeat(15)}${r.toString(16).padStart(2, '0')}`;
    return vector(
      {
        id: `dht-node-id-derive-ipv6-r${r}`,
        op: 'dht.nodeId.derive',
        rule: 'DHT-1',
        comment: 'IPv6, computed from the definition',
        in: { ip, random },
      },
      { out: { id: `${prefix}${random}` } },
    );
  });
}

function malformedIds(): VectorCase[] {
  const ip = '198.51.100.1';
  const wanted = (id: string, fields: Fields): Parameters<typeof vector>[0] => ({
    id: `dht-node-id-${id}`,
    op: 'dht.nodeId.check',
    rule: 'DHT-2',
    comment: id.replaceAll('-', ' '),
    in: fields,
  });
  return [
    vector(wanted('without-id', { ip }), { reject: 'missing-key' }, ['malformed']),
    vector(wanted('of-nineteen-bytes', { ip, id: 'ee'.repeat(19) }), { reject: 'bad-node-id' }, ['malformed']),
    vector(
      wanted('of-nineteen-bytes-from-a-private-address', { ip: '10.0.0.1', id: 'ee'.repeat(19) }),
      { reject: 'bad-node-id' },
      ['malformed'],
    ),
  ];
}

/** Suite `swarm`: what deployed daemons took and refused in swarms, and numbers that were published or computed apart. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fields, Json, VectorCase, VectorDocument, VectorFile } from './format.ts';

interface Message {
  readonly dir?: string;
  readonly msg?: string;
  readonly hex?: string;
  readonly payload?: string;
  readonly piece?: number;
}
interface ScriptedCase {
  readonly name: string;
  readonly closedByNode?: boolean;
  readonly log?: readonly Message[];
  readonly piece?: number;
  readonly nonce?: string;
  readonly bits?: number;
}
interface Forge {
  readonly tip: number;
  readonly cases: readonly ScriptedCase[];
}
interface PeekChoked {
  readonly infoHash: string;
  readonly cases: readonly ScriptedCase[];
}
interface PeekOwn {
  readonly infoHash: string;
  readonly connections: readonly { readonly messages: readonly Message[] }[];
}
interface Remined {
  readonly steps: readonly { readonly step: string; readonly closed?: boolean; readonly log?: readonly Message[] }[];
}
interface Keys {
  readonly users: Readonly<Record<string, { readonly registrations: readonly { readonly height: number }[] }>>;
}
type Expected = { readonly out: Json } | { readonly reject: string };

const DAEMONS = 'captured from twisterd 0.9.40 on a private chain';
/** Block in which the users of the second capture were registered. */
const ERIN_REGISTERED = 39;
/** Hex digits of length and id before the payload of a frame. */
const FRAME_HEX = 10;

const NOTES: VectorDocument['notes'] = {
  boundary: { bugClass: 'off by one', description: 'A value at the edge of what a rule allows, or just past it.' },
  'honest-refused': { bugClass: 'W56', description: 'Deployed nodes refuse a bitfield of which every piece is legal.' },
  'illegal-taken': { bugClass: 'W56', description: 'Deployed nodes take a bitfield with a piece above the ceiling.' },
  'large-index': {
    bugClass: 'W55',
    description: 'More pieces than 19 bits can number, or padding that would be allocated.',
  },
  remined: { bugClass: 'W1', description: 'A registration was mined again, which lowers the ceiling.' },
  'weak-work': { bugClass: 'missing work check', description: 'The hash is not below the limit.' },
};

function read<T>(captured: string, name: string): T {
  return JSON.parse(readFileSync(join(captured, 'twister', name), 'utf8')) as T;
}

function slug(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

function vector(
  id: string,
  rule: string,
  op: string,
  comment: string,
  input: Fields,
  expected: Expected,
  flags: readonly string[] = [],
): VectorCase {
  const base = { id: `swarm-${id}`, rule, level: 'MUST' as const, comment, flags, op, in: input };
  if ('out' in expected) return { ...base, result: 'valid', out: expected.out };
  return { ...base, result: 'invalid', reject: { code: expected.reject } };
}

export function swarmFiles(captured: string): readonly VectorFile[] {
  const forge = read<Forge>(captured, 'swarm-forge.json');
  const extra = read<Forge>(captured, 'swarm-extra.json');
  const remined = read<Remined>(captured, 'w1-remined-registration.json');
  const choked = read<PeekChoked>(captured, 'swarm-peek-choked.json');
  const own = read<PeekOwn>(captured, 'swarm-peek-by-twisterd.json');
  const keys = read<Keys>(captured, 'keys.json');
  return [
    document('have', [...scriptedHaves([forge, extra]), ...reminedHaves(remined, keys), ...haveCases()]),
    document('bitfield', [...servedBitfields(forge), ...bitfieldCases()]),
    document('peek', [...chokedPeeks(choked), ...ownPeeks(own), ...peekCases()], `${DAEMONS}; hashes computed apart`),
  ];
}

function document(name: string, tests: readonly VectorCase[], source: string = DAEMONS): VectorFile {
  const used = new Set(tests.flatMap(({ flags }) => flags));
  const notes = Object.fromEntries(Object.entries(NOTES).filter(([flag]) => used.has(flag)));
  return { path: `swarm/${name}.json`, content: { suite: 'swarm', specVersion: 1, source, notes, tests } };
}

function have(
  id: string,
  comment: string,
  fields: Fields,
  expected: Expected,
  flags: readonly string[] = [],
): VectorCase {
  return vector(`have-${id}`, 'SWARM-3', 'swarm.have.check', comment, fields, expected, flags);
}

function sent(log: readonly Message[], kind: string): string[] {
  return log.filter(({ dir, msg }) => dir === 'c2n' && msg === kind).map(({ hex = '' }) => hex.slice(FRAME_HEX));
}

/** A piece that the daemon asked for after `have` was announced rightly. */
function scriptedHaves(captures: readonly Forge[]): VectorCase[] {
  return captures.flatMap(({ tip, cases }) =>
    cases.flatMap(({ name, log = [] }) => {
      const asked = log.some(({ dir, msg }) => dir === 'n2c' && msg === 'request');
      const [announced] = sent(log, 'have');
      if (announced === undefined || !asked) return [];
      const index = Number.parseInt(announced, 16);
      const world = { index, tip, registered: ERIN_REGISTERED };
      return [
        have(`asked-for-${slug(name)}`, `${name}: the daemon asks for the piece`, world, {
          out: { pieces: index + 2 },
        }),
      ];
    }),
  );
}

/** The same index before and after the author's registration was mined again. */
function reminedHaves({ steps }: Remined, { users }: Keys): VectorCase[] {
  const registered = users.carol!.registrations[0]!.height;
  const refused = steps.flatMap(({ step, closed, log = [] }) => {
    const [announced] = sent(log, 'have');
    if (announced === undefined || closed !== true) return [];
    const world = { index: Number.parseInt(announced, 16), tip: 37, registered: 37 };
    return [
      have(`remined-${slug(step)}`, `${step}: the daemon closes`, world, { reject: 'too-many-pieces' }, ['remined']),
    ];
  });
  const before = { index: 40, tip: 36, registered };
  return [
    have('before-remining', 'the piece was served and taken before', before, { out: { pieces: 42 } }, ['remined']),
    ...refused,
  ];
}

function haveCases(): VectorCase[] {
  const world = (index: number, tip: number, registered: number): Fields => ({ index, tip, registered });
  const bad = { reject: 'bad-index' };
  const many = { reject: 'too-many-pieces' };
  return [
    have('zero', 'the first piece', world(0, 60, 60), { out: { pieces: 2 } }),
    have('ceiling', 'the ceiling itself', world(62, 60, 39), { out: { pieces: 64 } }, ['boundary']),
    have('above-ceiling', 'one above the ceiling', world(63, 60, 39), many, ['boundary']),
    have(
      'ceiling-at-once',
      'twenty posts in the block of the registration',
      world(20, 39, 39),
      { out: { pieces: 22 } },
      ['boundary'],
    ),
    have('above-ceiling-at-once', 'one more than that', world(21, 39, 39), many, ['boundary']),
    have('negative', 'a negative index', world(-1, 60, 39), bad),
    have('least', 'the least 32-bit number', world(-2147483648, 60, 39), bad),
    have('least-without-chain', 'and without a chain', world(-2147483648, 0, 0), bad),
    have('no-ceiling', 'no ceiling without a chain', world(1000, 0, 0), { out: { pieces: 1002 } }, ['boundary']),
    have('unregistered', 'a user who is not registered', { index: 0, tip: 60 }, { reject: 'unknown-user' }),
    have('without-index', 'no index', { tip: 60, registered: 39 }, bad),
  ];
}

function bitfield(
  id: string,
  profile: 'canonical' | 'deployed',
  comment: string,
  fields: { readonly bytes: string; readonly pieces: number; readonly tip: number; readonly registered: number },
  expected: Expected,
  flags: readonly string[] = [],
): VectorCase {
  return vector(
    `bitfield-${id}-${profile}`,
    'SWARM-4',
    'swarm.bitfield.check',
    comment,
    { ...fields, profile },
    expected,
    flags,
  );
}

/** What a daemon sent of a swarm, to a peer that knows as much, and to one that has just joined. */
function servedBitfields({ tip, cases }: Forge): VectorCase[] {
  const served = new Set(
    cases.flatMap(({ log = [] }) =>
      log.filter(({ dir, msg }) => dir === 'n2c' && msg === 'bitfield').map(({ hex = '' }) => hex.slice(FRAME_HEX)),
    ),
  );
  return [...served].flatMap((bytes, index) =>
    (['deployed', 'canonical'] as const).flatMap((profile) => {
      const size = 4 * bytes.length;
      const world = { bytes, tip, registered: ERIN_REGISTERED };
      return [
        bitfield(
          `served-${index}-joining`,
          profile,
          `${bytes} to a peer that has just joined`,
          { ...world, pieces: 1 },
          { out: { pieces: size } },
        ),
        bitfield(
          `served-${index}-member`,
          profile,
          `${bytes} to a peer that counts more`,
          { ...world, pieces: 60 },
          { out: { pieces: 60 } },
        ),
      ];
    }),
  );
}

/** Hex of a bitfield of so many bytes with these pieces. */
function bits(size: number, ...pieces: readonly number[]): string {
  const bytes = Buffer.alloc(size);
  for (const piece of pieces) bytes[piece >> 3]! |= 0x80 >> (piece & 7);
  return bytes.toString('hex');
}

function bitfieldCases(): VectorCase[] {
  // The ceiling is 20 at the height of the registration, and 2 more with each block: 24 two blocks later.
  const at = (bytes: string, pieces: number, blocks = 0): Parameters<typeof bitfield>[3] => ({
    bytes,
    pieces,
    tip: 40 + blocks,
    registered: 40,
  });
  const both = (
    id: string,
    comment: string,
    fields: Parameters<typeof bitfield>[3],
    expected: Expected,
    flags: string[] = [],
  ): VectorCase[] =>
    (['deployed', 'canonical'] as const).map((profile) => bitfield(id, profile, comment, fields, expected, flags));
  const split = (
    id: string,
    comment: string,
    fields: Parameters<typeof bitfield>[3],
    deployed: Expected,
    canonical: Expected,
    flags: string[],
  ): VectorCase[] => [
    bitfield(id, 'deployed', comment, fields, deployed, flags),
    bitfield(id, 'canonical', comment, fields, canonical, flags),
  ];
  const many = { reject: 'too-many-pieces' };
  return [
    ...both('one-byte', 'a new swarm', at('c0', 1), { out: { pieces: 8 } }),
    ...both('shorter', 'shorter than the own count', at('c0', 30), { out: { pieces: 30 } }),
    ...both('as-long', 'as long as the own count', at('ffff', 16), { out: { pieces: 16 } }, ['boundary']),
    ...both('empty', 'no bytes at all', at('', 1), { out: { pieces: 1 } }, ['boundary']),
    ...both('ceiling', 'the ceiling in the shortest bitfield', at(bits(3, 0, 20), 1), { out: { pieces: 24 } }, [
      'boundary',
    ]),
    ...split(
      'honest-near-ceiling',
      'post 20 of a ceiling of 20 makes 22 pieces, post 24 of 24 makes 26',
      at(bits(4, 0, 24), 1, 2),
      many,
      { out: { pieces: 32 } },
      ['honest-refused', 'boundary'],
    ),
    ...split('one-above-ceiling', 'bit 21 under a ceiling of 20', at(bits(3, 21), 1), { out: { pieces: 24 } }, many, [
      'illegal-taken',
      'boundary',
    ]),
    ...both('far-above-ceiling', 'bit 31 under a ceiling of 20', at(bits(4, 31), 1), many),
    ...both('above-ceiling-known', 'bits above the ceiling that the own count covers', at(bits(4, 31), 32), {
      out: { pieces: 32 },
    }),
    bitfield('padded', 'deployed', 'four bytes of zeros', at(bits(4), 1), many, ['large-index']),
    bitfield('padded', 'canonical', 'four bytes of zeros', at(bits(4), 1), { out: { pieces: 24 } }, ['large-index']),
    bitfield(
      'long-chain',
      'deployed',
      'piece 524,288 of a long chain',
      { bytes: bits(65_537, 524_288), pieces: 1, tip: 300_000, registered: 1 },
      { out: { pieces: 524_296 } },
      ['large-index', 'boundary'],
    ),
    bitfield(
      'long-chain',
      'canonical',
      'piece 524,288 of a long chain',
      { bytes: bits(65_537, 524_288), pieces: 1, tip: 300_000, registered: 1 },
      many,
      ['large-index', 'boundary'],
    ),
    bitfield(
      'last-index',
      'canonical',
      'piece 524,287 of a long chain',
      { bytes: bits(65_536, 524_287), pieces: 1, tip: 300_000, registered: 1 },
      { out: { pieces: 524_288 } },
      ['large-index', 'boundary'],
    ),
  ];
}

function peek(
  id: string,
  comment: string,
  fields: Fields,
  expected: Expected,
  flags: readonly string[] = [],
): VectorCase {
  return vector(`peek-${id}`, 'SWARM-11', 'swarm.peek.check', comment, fields, expected, flags);
}

function solve(id: string, comment: string, fields: Fields, expected: Expected): VectorCase {
  return vector(`peek-solve-${id}`, 'SWARM-12', 'swarm.peek.solve', comment, fields, expected);
}

/** What a choking daemon answered: a piece for a good nonce, nothing for another. */
function chokedPeeks({ infoHash, cases }: PeekChoked): VectorCase[] {
  return cases.flatMap(({ name, closedByNode, log = [] }) => {
    const [nonce] = sent(log, 'hashcash_nonce');
    const [request] = sent(log, 'request');
    const announced = log.find(({ dir, msg }) => dir === 'n2c' && msg === 'hashcash_nbits')?.hex?.slice(FRAME_HEX);
    if (nonce === undefined || request === undefined || announced === undefined) return [];
    const fields = {
      infoHash,
      piece: Number.parseInt(request.slice(0, 8), 16),
      nonce,
      nbits: Number.parseInt(announced, 16),
    };
    const answered = closedByNode === false;
    return [
      peek(
        `probed-${slug(name)}`,
        name,
        fields,
        answered ? { out: {} } : { reject: 'too-little-work' },
        answered ? [] : ['weak-work'],
      ),
    ];
  });
}

/** The nonce that a daemon found for its own request. */
function ownPeeks({ infoHash, connections }: PeekOwn): VectorCase[] {
  const messages = connections[0]!.messages;
  const nonce = messages.find(({ msg }) => msg === '?11')!.payload!;
  const piece = messages.find(({ dir, msg }) => dir === 'c2s' && msg === 'request')!.piece!;
  const announced = messages.filter(({ dir, msg }) => dir === 's2c' && msg === '?10').at(-1)!.payload!;
  const fields = { infoHash, piece, nbits: Number.parseInt(announced, 16) };
  return [
    peek('found-by-daemon', 'the nonce of a daemon, which was answered', { ...fields, nonce }, { out: {} }),
    solve('as-daemon', 'the first nonce, as the daemon found it', fields, { out: { nonce } }),
  ];
}

function hashOf(infoHash: string, piece: number, nonce: string): Buffer {
  const number = piece.toString(16).padStart(8, '0');
  return createHash('sha1')
    .update(Buffer.from(`${infoHash}${number}${nonce}`, 'hex'))
    .digest();
}

function leadingZeros(hash: Buffer): number {
  const binary = [...hash].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return binary.indexOf('1');
}

function firstNonce(infoHash: string, piece: number, nbits: number): string {
  for (let counter = 0; ; counter += 1) {
    const nonce = counter.toString(16).padStart(8, '0');
    if (leadingZeros(hashOf(infoHash, piece, nonce)) >= nbits) return nonce;
  }
}

function peekCases(): VectorCase[] {
  const infoHash = '5cebb4b6378b39ee9db6bc43e324232443539663';
  const nonce = '00002a93';
  const zeros = leadingZeros(hashOf(infoHash, 5, nonce));
  const world = { infoHash, piece: 5, nonce };
  const weak = { reject: 'too-little-work' };
  const sizes = ['2a', '2a932a', '002a932a932a932a93'].map((other) =>
    peek(
      `nonce-of-${other.length / 2}`,
      `a nonce of ${other.length / 2} bytes`,
      { infoHash, piece: 5, nonce: other, nbits: leadingZeros(hashOf(infoHash, 5, other)) },
      { out: {} },
    ),
  );
  return [
    peek('published', 'the first nonce for piece 5 and 16 bits', { ...world, nbits: 16 }, { out: {} }),
    peek('exact', 'as many bits as it has', { ...world, nbits: zeros }, { out: {} }, ['boundary']),
    peek('one-too-many', 'one bit more than it has', { ...world, nbits: zeros + 1 }, weak, ['boundary', 'weak-work']),
    peek('no-bits', 'no work asked for', { ...world, nonce: 'ff', nbits: 0 }, { out: {} }, ['boundary']),
    peek('all-bits', 'more than a hash has', { ...world, nbits: 160 }, weak, ['boundary', 'weak-work']),
    peek('uninitialised', 'what a deployed node once asked for', { ...world, nbits: 0x972a }, weak, ['weak-work']),
    peek('another-piece', 'a nonce for another piece', { ...world, piece: 6, nbits: 16 }, weak, ['weak-work']),
    peek(
      'another-swarm',
      'a nonce for another swarm',
      { ...world, infoHash: '06e2980f2e8912a418195d67d83e1f79230273f6', nbits: 16 },
      weak,
      ['weak-work'],
    ),
    peek('little-endian', 'the nonce the other way round', { ...world, nonce: '932a0000', nbits: 16 }, weak, [
      'weak-work',
    ]),
    peek('empty-nonce', 'an empty nonce', { ...world, nonce: '', nbits: 0 }, { reject: 'bad-nonce' }, ['boundary']),
    peek(
      'long-nonce',
      'a nonce of ten bytes',
      { ...world, nonce: '00'.repeat(10), nbits: 0 },
      { reject: 'bad-nonce' },
      ['boundary'],
    ),
    ...sizes,
    solve(
      'published',
      'the first nonce for piece 5 and 16 bits',
      { infoHash, piece: 5, nbits: 16 },
      { out: { nonce } },
    ),
    ...[0, 1, 8, 12].map((nbits) =>
      solve(
        `${nbits}-bits`,
        `${nbits} bits`,
        { infoHash, piece: 44, nbits },
        { out: { nonce: firstNonce(infoHash, 44, nbits) } },
      ),
    ),
    solve(
      'too-much',
      'more than anybody should work for',
      { infoHash, piece: 5, nbits: 0x972a },
      { reject: 'too-much-work' },
    ),
  ];
}

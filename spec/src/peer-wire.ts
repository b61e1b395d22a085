/** Suite `peer-wire`: handshakes, messages and streams of captured swarm connections. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fields, Json, VectorCase, VectorDocument, VectorFile } from './format.ts';

const CAPTURED = 'TCP streams captured between deployed daemons, or between one and a scripted client';
const WRITTEN = 'written by hand from the table of rule PEER-4';

const NOTES: VectorDocument['notes'] = {
  'claimed-size': { bugClass: 'allocation', description: 'A frame that claims more than anybody may send.' },
  incomplete: { bugClass: 'framing', description: 'The last frame is not complete: it is left, and no fault.' },
  signed: {
    bugClass: 'signedness',
    description: 'Deployed nodes read piece numbers as signed, BEP 3 does not say; no such piece exists.',
  },
};

interface Frame {
  readonly msg: string;
  readonly hex: string;
  readonly dir?: string;
}
interface Connection {
  readonly rawStreams?: Readonly<Record<string, string>>;
  readonly gap?: boolean;
  readonly messages: readonly Frame[];
}

const FILES = ['swarm', 'swarm-extra', 'swarm-forge', 'swarm-pex', 'swarm-peek-by-twisterd', 'swarm-peek-choked'];
const HANDSHAKE_HEX = 2 * 68;
/** Streams longer than this are left out, so that the vectors stay readable. */
const MOST_STREAM_HEX = 4_000;
const A_KIND = 2;

/** Writes the vector files of the suite. */
export function peerWireFiles(captured: string): VectorFile[] {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(captured, 'twister', `${name}.json`), 'utf8'));
  const frames = FILES.flatMap((name) => framesOf(read(name)));
  return [
    file('handshakes', CAPTURED, handshakeTests(frames)),
    file('messages', CAPTURED, messageTests(frames)),
    file(
      'streams',
      CAPTURED,
      streamTests((read('swarm') as { readonly connections: readonly Connection[] }).connections),
    ),
    file('refused', WRITTEN, refusedTests()),
  ];
}

function file(name: string, source: string, tests: VectorCase[]): VectorFile {
  const used = new Set(tests.flatMap((test) => test.flags));
  const notes = Object.fromEntries(Object.entries(NOTES).filter(([flag]) => used.has(flag)));
  return { path: `peer-wire/${name}.json`, content: { suite: 'peer-wire', specVersion: 1, source, notes, tests } };
}

/** Everything in a captured file that looks like a message. */
function framesOf(value: unknown): Frame[] {
  if (Array.isArray(value)) return value.flatMap(framesOf);
  if (typeof value !== 'object' || value === null) return [];
  const frame = value as Frame;
  const own = typeof frame.msg === 'string' && typeof frame.hex === 'string' ? [frame] : [];
  return [...own, ...Object.values(value).flatMap(framesOf)];
}

const NAMES: Readonly<Record<number, string>> = {
  0: 'choke',
  1: 'unchoke',
  2: 'interested',
  3: 'not_interested',
  4: 'have',
  5: 'bitfield',
  6: 'request',
  7: 'piece',
  8: 'cancel',
  9: 'dht_port',
  10: 'hashcash_nbits',
  11: 'hashcash_nonce',
  13: 'suggest',
  14: 'have_all',
  15: 'have_none',
  16: 'reject',
  17: 'allowed_fast',
  20: 'extended',
};

/** What a frame says, by the table of PEER-4. */
function messageOf(hex: string): Fields {
  if (hex === '00000000') return { id: null, name: 'keepalive' };
  const bytes = Buffer.from(hex, 'hex');
  const id = bytes[4]!;
  const head = { id, name: NAMES[id]! };
  const rest = (from: number): string => hex.slice(2 * from);
  const int = (index: number): number => bytes.readInt32BE(5 + 4 * index);
  if ([4, 13, 17].includes(id)) return { ...head, piece: int(0) };
  if ([6, 8, 16].includes(id)) return { ...head, piece: int(0), begin: int(1), length: int(2) };
  if (id === 5) return { ...head, bitfield: rest(5) };
  if (id === 7) return { ...head, piece: int(0), begin: int(1), data: rest(13) };
  if (id === 9) return { ...head, port: bytes.readUInt16BE(5) };
  if (id === 10) return { ...head, nbits: bytes.readUInt16BE(5) };
  if (id === 11) return { ...head, nonce: rest(5) };
  if (id === 20) return { ...head, extId: bytes[5]!, payload: rest(6) };
  return head;
}

function framesIn(stream: string): { readonly frames: string[]; readonly consumed: number } {
  const frames: string[] = [];
  let at = 0;
  for (;;) {
    const end = at + 8 + 2 * Number.parseInt(stream.slice(at, at + 8), 16);
    if (Number.isNaN(end) || at + 8 > stream.length || end > stream.length) return { frames, consumed: at / 2 };
    frames.push(stream.slice(at, end));
    at = end;
  }
}

interface Start {
  readonly id: string;
  readonly rule: string;
  readonly comment: string;
  readonly op: string;
  readonly in: Fields;
  readonly flags?: readonly string[];
}

function valid({ id, flags = [], ...start }: Start, out: Json): VectorCase {
  return { ...start, id: `peer-wire-${id}`, level: 'MUST', flags, result: 'valid', out };
}

function invalid({ id, flags = [], ...start }: Start, code: string): VectorCase {
  return { ...start, id: `peer-wire-${id}`, level: 'MUST', flags, result: 'invalid', reject: { code } };
}

/** Where deployed nodes do one thing and the standard says another, and neither shows on the wire. */
function either({ id, flags = [], ...start }: Start, outs: readonly Json[]): VectorCase {
  const outcomes = outs.map((out) => ({ out }));
  return { ...start, id: `peer-wire-${id}`, level: 'SHOULD', flags, result: 'acceptable', either: outcomes };
}

function handshakeTests(frames: readonly Frame[]): VectorCase[] {
  const captured = [...new Set(frames.filter(({ msg }) => msg === 'handshake').map(({ hex }) => hex))].slice(0, 8);
  const op = 'swarm.handshake.decode';
  const tests = captured.flatMap((bytes, index) => {
    const fields = { reserved: bytes.slice(40, 56), infoHash: bytes.slice(56, 96), peerId: bytes.slice(96) };
    const comment = 'captured';
    return [
      valid({ id: `handshake-decode-${index}`, rule: 'PEER-1', comment, op, in: { bytes } }, fields),
      valid(
        { id: `handshake-encode-${index}`, rule: 'PEER-1', comment, op: 'swarm.handshake.encode', in: fields },
        { bytes },
      ),
    ];
  });
  const one = captured[0]!;
  const bitTorrent = `13${Buffer.from('BitTorrent protocol').toString('hex')}${one.slice(40)}`;
  const twister = `13${Buffer.from('twister protocol!!!').toString('hex')}${one.slice(40)}`;
  const refused = (id: string, comment: string, bytes: string, code: string): VectorCase =>
    invalid({ id: `handshake-${id}`, rule: 'PEER-1', comment, op, in: { bytes } }, code);
  return [
    ...tests,
    refused('bittorrent', 'the handshake of BitTorrent', bitTorrent, 'bad-handshake'),
    refused('other-name', 'a name of the right length', twister, 'bad-handshake'),
    refused('short-name', 'a first byte of 18', `12${one.slice(2)}`, 'bad-handshake'),
    refused('cut', '67 bytes', one.slice(0, -2), 'wrong-length'),
    refused('long', '69 bytes', `${one}00`, 'wrong-length'),
  ];
}

function messageTests(frames: readonly Frame[]): VectorCase[] {
  const count = new Map<string, number>();
  return frames.flatMap(({ msg, hex }) => {
    if (msg === 'handshake') return [];
    const message = messageOf(hex);
    const name = message.name as string;
    const index = count.get(name) ?? 0;
    if (index >= A_KIND) return [];
    count.set(name, index + 1);
    const [rule, comment] = ['PEER-4', 'captured'];
    const id = `${name.replaceAll('_', '-')}-${index}`;
    const decode = { id: `decode-${id}`, rule, comment, op: 'swarm.message.decode', in: { bytes: hex } };
    const encode = { id: `encode-${id}`, rule, comment, op: 'swarm.message.encode', in: { messages: [message] } };
    return [valid(decode, { messages: [message], consumed: hex.length / 2 }), valid(encode, { bytes: hex })];
  });
}

function streamTests(connections: readonly Connection[]): VectorCase[] {
  return connections.flatMap(({ rawStreams, messages, gap }, index) =>
    Object.entries(rawStreams ?? {}).flatMap(([dir, raw]) => {
      const whole = !gap && messages.some((frame) => frame.dir === dir && frame.msg === 'handshake');
      const stream = raw.slice(HANDSHAKE_HEX);
      if (!whole || stream.length > MOST_STREAM_HEX) return [];
      const { frames, consumed } = framesIn(stream);
      const list = frames.map(messageOf);
      const start = { rule: 'PEER-3', comment: `captured connection ${index}, ${dir}`, op: 'swarm.message.decode' };
      const id = `stream-${index}-${dir}`;
      const tests = [valid({ ...start, id, in: { bytes: stream } }, { messages: list, consumed })];
      const last = frames[frames.length - 1];
      if (last === undefined) return tests;
      const cut = stream.slice(0, 2 * consumed - 2);
      const out = { messages: list.slice(0, -1), consumed: consumed - last.length / 2 };
      return [...tests, valid({ ...start, id: `${id}-cut`, flags: ['incomplete'], in: { bytes: cut } }, out)];
    }),
  );
}

const SIZES: readonly (readonly [id: number, wrong: readonly number[]])[] = [
  [0, [2]],
  [1, [2]],
  [2, [2]],
  [3, [5]],
  [4, [1, 4, 6]],
  [6, [12, 14]],
  [7, [1, 8]],
  [8, [9]],
  [9, [1, 2, 5]],
  [10, [2, 4]],
  [11, [11]],
  [13, [4]],
  [14, [2]],
  [15, [2]],
  [16, [9]],
  [17, [6]],
  [20, [1]],
];
const UNKNOWN = [12, 18, 19, 21, 22, 250, 255];

function refusedTests(): VectorCase[] {
  const op = 'swarm.message.decode';
  const frame = (id: number, length: number): string =>
    length.toString(16).padStart(8, '0') + id.toString(16).padStart(2, '0') + '00'.repeat(length - 1);
  const wrong = SIZES.flatMap(([id, lengths]) =>
    lengths.map((length) => {
      const comment = `${NAMES[id]!} of ${length} bytes`;
      return invalid(
        { id: `length-${id}-${length}`, rule: 'PEER-4', comment, op, in: { bytes: frame(id, length) } },
        'wrong-length',
      );
    }),
  );
  const unknown = UNKNOWN.map((id) =>
    invalid(
      { id: `unknown-${id}`, rule: 'PEER-4', comment: `id ${id}`, op, in: { bytes: frame(id, 5) } },
      'unknown-message',
    ),
  );
  const long = ['00100001', '7fffffff', '80000000', 'ffffffff'].map((length) => {
    const flags = ['claimed-size'];
    return invalid(
      { id: `frame-${length}`, rule: 'PEER-3', comment: 'over 1 MiB', op, flags, in: { bytes: `${length}07` } },
      'too-long',
    );
  });
  const after = `00000000${frame(12, 1)}`;
  const late = {
    id: 'unknown-after-keepalive',
    rule: 'PEER-4',
    comment: 'a fault behind a good message',
    op,
    in: { bytes: after },
  };
  const empty = { id: 'empty', rule: 'PEER-3', comment: 'nothing yet', op, in: { bytes: '' } };
  const length = {
    id: 'length-only',
    rule: 'PEER-3',
    comment: 'three bytes of a length',
    op,
    flags: ['incomplete'],
    in: { bytes: '000000' },
  };
  const negative = {
    id: 'have-negative',
    rule: 'PEER-4',
    comment: 'a negative piece',
    op,
    flags: ['signed'],
    in: { bytes: '0000000504ffffffff' },
  };
  return [
    ...wrong,
    ...unknown,
    ...long,
    invalid(late, 'unknown-message'),
    valid(empty, { messages: [], consumed: 0 }),
    valid(length, { messages: [], consumed: 0 }),
    either(
      negative,
      [-1, 0xffffffff].map((piece) => ({ messages: [{ id: 4, name: 'have', piece }], consumed: 9 })),
    ),
  ];
}

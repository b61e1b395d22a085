/** Transcripts of the engine `swarm`: captured handshakes and pieces in conversations that are put together by hand. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fields, Json, TranscriptCase, VectorFile } from './format.ts';

interface Swarms {
  readonly connections: readonly { readonly messages: readonly { readonly msg: string; readonly hex: string }[] }[];
  readonly infoHashes: Readonly<Record<string, string>>;
}
interface Posts {
  readonly posts: readonly { readonly user: string; readonly k: number; readonly raw: string }[];
}
interface Keys {
  readonly users: Readonly<Record<string, { registrations: readonly { height: number; pubKey: string }[] }>>;
}
type Step = TranscriptCase['steps'][number];

const SOURCE =
  'captured handshakes and pieces; the messages between them are put together by the layouts of PEER-3 and PEER-4';
const NOW = 1_795_243_070_000;
const PEER = '127.0.0.1:40000';
const USER = 'alice';
const TIP = 29;
const UNCHOKE = '0000000101';

/** Writes `swarm/engine.json` from the folder of captured files. */
export function swarmEngineFiles(captured: string): VectorFile[] {
  const read = <T>(name: string): T => JSON.parse(readFileSync(join(captured, 'twister', name), 'utf8')) as T;
  const { connections, infoHashes } = read<Swarms>('swarm.json');
  const { posts } = read<Posts>('posts.json');
  const users = Object.entries(read<Keys>('keys.json').users).map(([name, { registrations }]) => ({
    name,
    keys: registrations.map(({ height, pubKey }) => ({ height, publicKey: pubKey })),
  }));
  const handshakes = connections.flatMap(({ messages }) => messages.filter(({ msg }) => msg === 'handshake'));
  const handshake = (user: string): string => {
    const found = handshakes.find(({ hex }) => hex.slice(56, 96) === infoHashes[user]);
    if (found === undefined) throw new Error(`no handshake for the swarm of ${user} was captured`);
    return found.hex;
  };
  const piece = posts.find(({ user, k }) => user === USER && k === 0)!.raw;
  const config = {
    user: USER,
    tip: TIP,
    users,
    have: [] as Json[],
    peerId: '2d5457313030302d636f6e666f726d616e636521',
  };
  const transcript = (id: string, rule: string, comment: string, steps: readonly Step[], have: Json[] = []) => ({
    ...{ id: `swarm-engine-${id}`, rule, level: 'MUST' as const, comment, engine: 'swarm' },
    ...{ config: { ...config, have }, steps },
  });
  const opened = (bytes: string, effects: Json): Step[] => [
    step({ type: 'connect', peer: PEER, outgoing: false }, { hasNot: [{ type: 'close' }] }),
    step({ type: 'bytes', peer: PEER, bytes }, effects),
  ];
  const closed = (code: string): Json => ({ has: [{ type: 'close', peer: PEER, code }], hasNot: [{ type: 'send' }] });
  const good = handshake(USER);
  const greeting = opened(good, { has: [{ type: 'send', peer: PEER }], hasNot: [{ type: 'close' }] });
  const asked: Step = step(
    { type: 'bytes', peer: PEER, bytes: `${have(0)}${UNCHOKE}` },
    { has: [said({ name: 'request', piece: 0, begin: 0 })] },
  );
  const forged = piece.replace('68656c6c6f', '68656c6c61');
  if (forged === piece) throw new Error('the captured post says no hello');
  const transcripts: TranscriptCase[] = [
    transcript('handshake', 'SWARM-14', 'captured: a peer of this swarm is answered', greeting),
    transcript(
      'other-swarm',
      'SWARM-14',
      'captured: a peer of another swarm',
      opened(handshake('bob'), closed('wrong-info-hash')),
    ),
    transcript(
      'other-protocol',
      'SWARM-14',
      'the handshake of BitTorrent',
      opened(bitTorrent(good), closed('bad-handshake')),
    ),
    transcript('piece', 'SWARM-20', 'captured: a piece that was asked for and is a post', [
      ...greeting,
      asked,
      step({ type: 'bytes', peer: PEER, bytes: block(0, piece) }, { has: [{ type: 'piece', k: 0, bytes: piece }] }),
    ]),
    transcript('forged', 'SWARM-20', 'a captured piece with one letter changed', [
      ...greeting,
      asked,
      step(
        { type: 'bytes', peer: PEER, bytes: block(0, forged) },
        { has: [{ type: 'ban', peer: PEER }], hasNot: [{ type: 'piece' }] },
      ),
    ]),
    transcript(
      'request',
      'SWARM-8',
      'captured: a piece that is there is sent whole',
      [
        ...greeting,
        step({ type: 'bytes', peer: PEER, bytes: '0000000102' }, '*'),
        step({ type: 'tick' }, '*'),
        step(
          { type: 'bytes', peer: PEER, bytes: request(0) },
          { has: [said({ name: 'piece', piece: 0, begin: 0, data: piece })] },
        ),
      ].map((one) => (one.effects === '*' ? { ...one, effects: { hasNot: [{ type: 'close' }] } } : one)),
      [{ k: 0, bytes: piece }],
    ),
  ];
  const content = { suite: 'swarm', specVersion: 1 as const, source: SOURCE, notes: {}, tests: [], transcripts };
  return [{ path: 'swarm/engine.json', content }];
}

function step(input: Fields, effects: Json): Step {
  return { now: NOW, in: input, effects };
}

/** A send that holds a message, wherever in the bytes. */
function said(message: Fields): Fields {
  return { type: 'send', peer: PEER, bytes: { op: 'swarm.message.decode', ok: { messages: { has: [message] } } } };
}

function uint32(value: number): string {
  return value.toString(16).padStart(8, '0');
}

function have(k: number): string {
  return `${uint32(5)}04${uint32(k)}`;
}

/** The whole of a piece: deployed nodes ask for 16 KiB whatever the size. */
function request(k: number): string {
  return `${uint32(13)}06${uint32(k)}${uint32(0)}${uint32(16_384)}`;
}

function block(k: number, data: string): string {
  return `${uint32(9 + data.length / 2)}07${uint32(k)}${uint32(0)}${data}`;
}

/** The same handshake with the protocol string of BitTorrent, which is as long. */
function bitTorrent(handshake: string): string {
  return `13${Buffer.from('BitTorrent protocol').toString('hex')}${handshake.slice(40)}`;
}

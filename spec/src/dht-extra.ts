/** Transcripts of the engine `dht`: the captured requests of a scripted client, and of each answer of the daemon what the rules fix. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeBencode } from '@rookery/wire';
import type { Fields, Json, TranscriptCase, VectorFile } from './format.ts';

interface Captured {
  readonly clientCases: readonly { readonly name: string; readonly request: string; readonly reply: string | null }[];
}
interface Keys {
  readonly users: Readonly<Record<string, { registrations: readonly { height: number; pubKey: string }[] }>>;
}

const SOURCE = 'captured from twisterd 0.9.40; ids, nodes and tokens are the answering node’s own and so are left open';
const NOW = 1_795_243_070_000;
const TIP = 29;
const NODE_ID = '0102030405060708090a0b0c0d0e0f1011121314';
/** Loopback, where no node id is wrong. */
const CLIENT = { ip: '127.0.0.1', port: 40_000 };

/** Which rule each captured request is about, and how its answer is put. */
const REQUESTS: readonly (readonly [name: string, rule: string, comment: string])[] = [
  ['ping', 'DHT-38', 'a ping is answered with the id'],
  ['ping_no_id', 'DHT-38', 'without an id there is an error and no id in return'],
  ['unknown_query', 'DHT-38', 'an unknown name without a target is an error'],
  ['getPeers_not_supported', 'DHT-38', 'an unknown name with an info-hash is answered like findNode'],
  ['findNode_bad_target', 'KRPC-9', 'a target has 20 bytes'],
  ['announcePeer_missing_port', 'KRPC-9', 'a port must be there'],
  ['announcePeer_bad_port', 'DHT-41', 'a port fits 16 bits'],
  ['getData_missing', 'DHT-40', 'nothing is held: token and nodes, no data'],
  ['getData_extra_target_key', 'DHT-24', 'a target has three entries'],
];
/** Captured puts carry the daemon's tokens, which no other node gave. */
const PUTS: readonly string[] = ['putData_ok_single', 'putData_bad_signature'];
const SILENT: readonly string[] = ['mainline_y_key_ignored', 'not_bencode'];

/** Writes `dht/engine.json` from the folder of captured files. */
export function dhtEngineFiles(captured: string): VectorFile[] {
  const read = <T>(name: string): T => JSON.parse(readFileSync(join(captured, 'twister', name), 'utf8')) as T;
  const { clientCases } = read<Captured>('dht.json');
  const users = Object.entries(read<Keys>('keys.json').users).map(([name, { registrations }]) => ({
    name,
    keys: registrations.map(({ height, pubKey }) => ({ height, publicKey: pubKey })),
  }));
  const config = { id: NODE_ID, address: { ip: '127.0.0.1', port: 29_333 }, tip: TIP, users };
  const find = (name: string) => {
    const found = clientCases.find((one) => one.name === name);
    if (found === undefined) throw new Error(`the request ${name} was not captured`);
    return found;
  };
  const transcript = (name: string, rule: string, comment: string, effects: Json): TranscriptCase => ({
    id: `dht-engine-${name.toLowerCase().replaceAll('_', '-')}`,
    rule,
    level: 'MUST',
    comment,
    engine: 'dht',
    config,
    steps: [{ now: NOW, in: { type: 'datagram', from: CLIENT, bytes: find(name).request }, effects }],
  });
  const transcripts = [
    ...REQUESTS.map(([name, rule, comment]) =>
      transcript(name, rule, `captured: ${comment}`, { has: [answer(find(name).reply ?? '')] }),
    ),
    ...PUTS.map((name) =>
      transcript(name, 'DHT-9', 'captured, with a token of another node', {
        has: [sent({ kind: 'error', transaction: transactionOf(find(name).request), body: error('invalid token') })],
        hasNot: [{ type: 'stored' }],
      }),
    ),
    ...SILENT.map((name) =>
      transcript(name, 'DHT-38', 'captured: what is no packet gets no answer', {
        hasNot: [{ type: 'send', to: CLIENT }],
      }),
    ),
  ];
  const content = { suite: 'dht', specVersion: 1 as const, source: SOURCE, notes: {}, tests: [], transcripts };
  return [{ path: 'dht/engine.json', content }];
}

function sent(packet: Fields): Fields {
  return { type: 'send', to: CLIENT, bytes: { op: 'dht.krpc.decode', in: { profile: 'deployed' }, ok: packet } };
}

function hex(text: string): string {
  return Buffer.from(text, 'latin1').toString('hex');
}

function error(text: string): Json {
  return { l: [{ i: '203' }, { s: hex(text) }] };
}

function transactionOf(packet: string): string {
  const root = decodeBencode(Buffer.from(packet, 'hex'), { profile: 'deployed' }).value;
  return Buffer.from(root.getBytes('t')!).toString('hex');
}

/** The daemon's answer with everything that is its own left open. */
function answer(reply: string): Fields {
  const root = decodeBencode(Buffer.from(reply, 'hex'), { profile: 'deployed' }).value;
  const transaction = transactionOf(reply);
  const version = { d: { has: [['76', { s: '4c540100' }]] } };
  const failure = root.getList('e');
  const own: Json = ['6964', { s: NODE_ID }];
  if (failure !== undefined) {
    const { has } = version.d;
    const isKnown = root.getDict('r') !== undefined;
    const extra = { d: isKnown ? { has: [['72', { d: [own] }], ...has] } : { has, hasNot: [['72', '*']] } };
    return sent({ kind: 'error', transaction, body: error(failure.items()[1]!.text!), extra });
  }
  const names = root
    .getDict('r')!
    .entries()
    .map(([key]) => Buffer.from(key).toString('hex'));
  const body = names.map((name): Json => (name === '6964' ? own : [name, '*']));
  return sent({ kind: 'reply', transaction, body: { d: { has: body } }, extra: version });
}

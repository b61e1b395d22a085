/** The part of suite `wire` about messages, their payloads and short URLs. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fields, Json, VectorCase } from './format.ts';
import { bothWays, type CapturedBlock, invalid, read, reversed, sha256d, utf8, valid } from './wire-cases.ts';

const FRAME_HEX = 48;

interface Message {
  readonly command: string;
  readonly raw: string;
  readonly decoded: { readonly [name: string]: Json };
}

function messagesOf(captured: string): Message[] {
  const { connections } = read<{ connections: { messages: Message[] }[] }>(captured, 'p2p.json');
  return connections.flatMap(({ messages }) => messages);
}

function commandHex(command: string): string {
  return utf8(command.padEnd(12, '\0'));
}

function frame(magic: string, command: string, payload: string, length = payload.length / 2): string {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(length);
  return `${magic}${commandHex(command)}${size.toString('hex')}${sha256d(payload).slice(0, 8)}${payload}`;
}

export function frameTests(captured: string): VectorCase[] {
  const firsts = new Map<string, string>();
  for (const { command, raw } of messagesOf(captured)) if (!firsts.has(command)) firsts.set(command, raw);
  const tests = [...firsts].flatMap(([command, bytes]) => {
    const payload = bytes.slice(FRAME_HEX);
    const fields = { network: 'main', command, payload };
    return [
      valid(
        'WIRE-17',
        `a captured ${command}`,
        { id: `message-${command}-decode`, op: 'message.decode', in: { network: 'main', bytes } },
        { command, payload, consumed: bytes.length / 2 },
      ),
      valid(
        'WIRE-17',
        `a captured ${command}`,
        { id: `message-${command}-encode`, op: 'message.encode', in: fields },
        { bytes },
      ),
    ];
  });
  const ping = firsts.get('ping')!;
  const decode = (id: string, bytes: string, flags: string[] = [], network = 'main') => ({
    id: `message-${id}`,
    op: 'message.decode',
    in: { network, bytes },
    flags,
  });
  const { sections } = read<{ sections: { log: { raw: string }[] }[] }>(captured, 'chain-net-magic.json');
  const wrongMagic = sections.map(({ log }) => log[0]!.raw);
  const magics = { testnet: '0b110907', regtest: 'fabfb5da', dev: '64657631' };
  return [
    ...tests,
    ...Object.entries(magics).map(([network, magic]) =>
      valid(
        'WIRE-17',
        `a ping on ${network}`,
        {
          id: `message-${network}`,
          op: 'message.encode',
          in: { network, command: 'ping', payload: '0102030405060708' },
        },
        { bytes: frame(magic, 'ping', '0102030405060708') },
      ),
    ),
    valid('WIRE-37', 'the next message is left', decode('followed', ping + ping, ['trailing']), { consumed: 32 }),
    valid('WIRE-17', 'an empty command is well-formed', decode('empty-command', frame('f0dabbd2', '', '')), {
      command: '',
    }),
    valid(
      'WIRE-17',
      'an unknown command of twelve characters',
      decode('twelve', frame('f0dabbd2', 'unknown~ cmd', '')),
      {
        command: 'unknown~ cmd',
      },
    ),
    ...wrongMagic.map((bytes, index) =>
      invalid(
        'WIRE-17',
        'captured: another magic, which the daemon dropped',
        decode(`wrong-magic-${index + 1}`, bytes),
        'bad-magic',
      ),
    ),
    invalid('WIRE-17', 'a message of main on testnet', decode('other-network', ping, [], 'testnet'), 'bad-magic'),
    invalid(
      'WIRE-17',
      'three bytes, of which one shows another network',
      decode('early-magic', 'f0da00', ['early']),
      'bad-magic',
    ),
    invalid(
      'WIRE-17',
      'a byte above 7e in the command',
      decode('command-7f', frame('f0dabbd2', 'pin\x7f', '')),
      'bad-command',
    ),
    invalid(
      'WIRE-17',
      'a control character in the command',
      decode('command-1f', frame('f0dabbd2', 'pin\x1f', '')),
      'bad-command',
    ),
    invalid(
      'WIRE-17',
      'a character behind a NUL',
      decode('command-after-nul', frame('f0dabbd2', 'ping\0x', '')),
      'bad-command',
    ),
    invalid(
      'WIRE-18',
      'a length of 33,554,433',
      decode('too-long', frame('f0dabbd2', 'block', '', 33554433), ['claimed-size']),
      'too-long',
    ),
    invalid(
      'WIRE-18',
      'a length of 33,554,432 without the bytes',
      decode('claimed', frame('f0dabbd2', 'block', '', 33554432), ['claimed-size']),
      'truncated',
    ),
    invalid('WIRE-18', 'no bytes yet', decode('nothing', ''), 'truncated'),
    invalid('WIRE-18', 'half a header', decode('half-header', ping.slice(0, 24)), 'truncated'),
    invalid('WIRE-18', 'the last byte is missing', decode('cut', ping.slice(0, -2)), 'truncated'),
    invalid(
      'WIRE-19',
      'another payload than the checksum says',
      decode('checksum', `${ping.slice(0, -2)}89`),
      'bad-checksum',
    ),
    invalid(
      'WIRE-17',
      'a command of thirteen characters',
      { id: 'message-thirteen', op: 'message.encode', in: { network: 'main', command: 'thirteen_char', payload: '' } },
      'bad-command',
    ),
  ];
}

type Decoded = { readonly [name: string]: Json };

const list = (value: Json | undefined) => value as readonly Decoded[];
const hash = (value: Json | undefined) => reversed(value as string);

/** A shown address without the capture's own raw form. */
function address(shown: Json | undefined): Fields {
  const { services, ip, port } = shown as Decoded;
  return { services: services!, ip: ip!, port: port! };
}

/** From the form in which the capture shows payloads to that of the protocol. */
const FIELDS: Readonly<Record<string, { op: string; rule: string; fields: (shown: Decoded) => Fields }>> = {
  version: {
    op: 'version',
    rule: 'WIRE-21',
    fields: (shown) => ({
      ...shown,
      addrYou: address(shown.addrYou),
      addrMe: address(shown.addrMe),
      relay: shown.relay !== 0,
    }),
  },
  addr: {
    op: 'addr',
    rule: 'WIRE-22',
    fields: ({ items }) => ({ items: list(items).map((item) => ({ time: item.time!, ...address(item) })) }),
  },
  inv: {
    op: 'inv',
    rule: 'WIRE-23',
    fields: ({ items }) => ({ items: list(items).map((item) => ({ type: item.type!, hash: hash(item.hash) })) }),
  },
  getblocks: {
    op: 'locator',
    rule: 'WIRE-24',
    fields: ({ version, locator, stop }) => ({
      version: version!,
      locator: (locator as readonly string[]).map(reversed),
      stop: hash(stop),
    }),
  },
};
const SAME_AS: Readonly<Record<string, string>> = { getdata: 'inv', notfound: 'inv', getheaders: 'getblocks' };
const CASES_A_COMMAND = 3;

export function payloadTests(captured: string): VectorCase[] {
  const seen = new Map<string, Set<string>>();
  const tests: VectorCase[] = [];
  for (const { command, raw, decoded } of messagesOf(captured)) {
    const shape = FIELDS[SAME_AS[command] ?? command];
    const known = seen.get(command) ?? new Set();
    seen.set(command, known);
    if (shape === undefined || known.has(raw) || known.size >= CASES_A_COMMAND) continue;
    known.add(raw);
    const id = `payload-${command}-${known.size}`;
    tests.push(
      ...bothWays(shape.rule, `a captured ${command}`, id, shape.op, shape.fields(decoded), raw.slice(FRAME_HEX)),
    );
  }
  return [
    ...tests,
    ...versionTests(captured),
    ...headersTests(captured),
    ...filterTests(captured),
    ...voteTests(captured),
    ...proxyTests(),
    ...alertTests(),
    ...faultTests(),
  ];
}

function versionTests(captured: string): VectorCase[] {
  const { raw, decoded } = messagesOf(captured).find(({ command }) => command === 'version')!;
  const payload = raw.slice(FRAME_HEX);
  const all = FIELDS.version!.fields(decoded);
  const cut = (names: readonly string[]) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => !names.includes(name)));
  const short: [string, number, string[]][] = [
    ['no-relay', 102, ['relay']],
    ['no-height', 98, ['relay', 'startHeight']],
    ['no-subver', 80, ['relay', 'startHeight', 'subver']],
    ['no-me', 46, ['relay', 'startHeight', 'subver', 'nonce', 'addrMe']],
  ];
  return [
    ...short.flatMap(([id, length, names]) =>
      bothWays(
        'WIRE-21',
        `ends before ${names.at(-1)}`,
        `payload-version-${id}`,
        'version',
        cut(names),
        payload.slice(0, 2 * length),
      ),
    ),
    valid(
      'WIRE-1',
      'any byte but zero is true',
      {
        id: 'payload-version-relay-2',
        op: 'version.decode',
        in: { bytes: `${payload.slice(0, -2)}02` },
        flags: ['lenient'],
      },
      { relay: true },
    ),
    valid(
      'WIRE-5',
      'a user agent that is not UTF-8 is null',
      { id: 'payload-version-subver-not-utf8', op: 'version.decode', in: { bytes: `${payload.slice(0, 160)}02c328` } },
      { subver: null },
    ),
    valid(
      'WIRE-1',
      'services and time that no double holds',
      {
        id: 'payload-version-64-bits',
        op: 'version.decode',
        in: { bytes: `73110100${'ff'.repeat(8)}${'00'.repeat(7)}80${'00'.repeat(26)}` },
        flags: ['64-bit'],
      },
      { services: '18446744073709551615', time: '-9223372036854775808' },
    ),
    invalid(
      'WIRE-21',
      'addrMe without a nonce',
      { id: 'payload-version-no-nonce', op: 'version.decode', in: { bytes: payload.slice(0, 2 * 72) } },
      'truncated',
    ),
    invalid(
      'WIRE-21',
      'ends inside of addrYou',
      { id: 'payload-version-cut', op: 'version.decode', in: { bytes: payload.slice(0, 2 * 45) } },
      'truncated',
    ),
  ];
}

function headersTests(captured: string): VectorCase[] {
  const { blocks } = read<{ blocks: CapturedBlock[] }>(captured, 'chain-main.json');
  const { sections } = read<{ sections: { log: { command: string; raw: string }[] }[] }>(
    captured,
    'chain-net-sync.json',
  );
  const shortest = sections
    .flatMap(({ log }) => log.filter(({ command, raw }) => command === 'headers' && raw.length > FRAME_HEX + 2))
    .map(({ raw }) => raw.slice(FRAME_HEX))
    .sort((left, right) => left.length - right.length)[0]!;
  const block = blocks.find(({ header }) => shortest.includes(header))!;
  const item = {
    version: block.version,
    height: block.height,
    prev: reversed(block.prev),
    merkleRoot: reversed(block.merkleRoot),
    time: block.time,
    bits: Number.parseInt(block.bits, 16),
    nonce: block.nonce,
  };
  const shown = { ...item, id: reversed(block.hash), powHash: reversed(block.powHash) };
  return [
    ...bothWays('WIRE-25', 'captured: one header', 'payload-headers-1', 'headers', { items: [shown] }, shortest),
    invalid(
      'WIRE-25',
      'a header that claims a transaction',
      { id: 'payload-headers-transaction', op: 'headers.decode', in: { bytes: `${shortest.slice(0, -2)}01` } },
      'too-many',
    ),
    invalid(
      'WIRE-3',
      'more headers than bytes',
      {
        id: 'payload-headers-claimed',
        op: 'headers.decode',
        in: { bytes: `fe00000002${shortest.slice(2)}` },
        flags: ['claimed-size'],
      },
      'truncated',
    ),
  ];
}

interface Shown {
  readonly totalTx: number;
  readonly header: string;
  readonly hashes: readonly string[];
  readonly flagBits: string;
}

function filterTests(captured: string): VectorCase[] {
  const { sections } = read<{ sections: { log: { command: string; raw: string }[]; merkleblocks?: Shown[] }[] }>(
    captured,
    'chain-net-filters.json',
  );
  const tests: VectorCase[] = [];
  const section = sections.find(({ merkleblocks }) => merkleblocks !== undefined)!;
  const raw = section.log.find(({ command }) => command === 'merkleblock')!.raw.slice(FRAME_HEX);
  const { header, totalTx, hashes, flagBits } = section.merkleblocks![0]!;
  const word = (at: number) => Buffer.from(header, 'hex').readUInt32LE(at);
  const fields = {
    header: {
      version: word(0),
      height: word(4),
      prev: header.slice(16, 80),
      merkleRoot: header.slice(80, 144),
      time: word(72),
      bits: word(76),
      nonce: word(80),
    },
    totalTx,
    hashes: hashes.map(reversed),
    flags: flagBits,
  };
  tests.push(...bothWays('WIRE-26', 'captured', 'payload-merkleblock', 'merkleblock', fields, raw));
  const loads = [
    ...new Set(
      sections
        .flatMap(({ log }) => log)
        .filter(({ command }) => command === 'filterload')
        .map((one) => one.raw),
    ),
  ];
  loads.slice(-2).forEach((load, index) => {
    const payload = load.slice(FRAME_HEX);
    const length = Number.parseInt(payload.slice(0, 2), 16);
    const rest = Buffer.from(payload.slice(2 + 2 * length), 'hex');
    const shown = {
      data: payload.slice(2, 2 + 2 * length),
      hashFuncs: rest.readUInt32LE(0),
      tweak: rest.readUInt32LE(4),
      flags: rest[8]!,
    };
    tests.push(...bothWays('WIRE-31', 'captured', `payload-filterload-${index + 1}`, 'filterload', shown, payload));
  });
  const empty = read<{ log: { raw: string }[] }>(captured, 'w11-empty-filter.json').log[0]!.raw.slice(FRAME_HEX);
  return [
    ...tests,
    ...bothWays(
      'WIRE-31',
      'captured: an empty filter can be read, although it must be refused as a filter',
      'payload-filterload-empty',
      'filterload',
      { data: '', hashFuncs: 1, tweak: 0, flags: 0 },
      empty,
    ),
  ];
}

interface Vote {
  readonly sent?: string;
  readonly decoded?: {
    readonly height: number;
    readonly blockHash: string;
    readonly username: string;
    readonly signature: string;
    readonly signedBytes: string;
  };
}

function voteTests(captured: string): VectorCase[] {
  const votes = read<{ steps: Vote[] }>(captured, 'softcheckpoint-cp.json').steps.filter(
    ({ sent, decoded }) => sent && decoded,
  );
  return [votes[0]!, votes[3]!].flatMap(({ sent, decoded }, index) => {
    const { height, blockHash, username, signature, signedBytes } = decoded!;
    const fields = { height, hash: reversed(blockHash), user: username, signature };
    return [
      ...bothWays('WIRE-27', 'captured', `payload-cp-${index + 1}`, 'cp', fields, sent!.slice(FRAME_HEX)),
      valid(
        'WIRE-27',
        'what the captured vote signs',
        {
          id: `payload-cp-${index + 1}-script`,
          op: 'script.encode',
          in: { items: [{ n: height }, reversed(blockHash)] },
        },
        { bytes: signedBytes },
      ),
    ];
  });
}

function proxyTests(): VectorCase[] {
  const alice = `05${utf8('alice')}`;
  const status = `06${utf8('status')}`;
  const target = '5cebb4b6378b39ee9db6bc43e324232443539663';
  const p = utf8('d1:v2:hie');
  return [
    ...bothWays(
      'WIRE-28',
      'a single resource',
      'payload-dhtgetreq',
      'dhtgetreq',
      { user: 'alice', resource: 'status', multi: false, stop: false },
      `${alice}${status}0000`,
    ),
    ...bothWays(
      'WIRE-28',
      'an end to a lookup of many values',
      'payload-dhtgetreq-stop',
      'dhtgetreq',
      { user: 'alice', resource: 'tracker', multi: true, stop: true },
      `${alice}07${utf8('tracker')}0101`,
    ),
    valid(
      'WIRE-5',
      'names that are not UTF-8 are null',
      { id: 'payload-dhtgetreq-not-utf8', op: 'dhtgetreq.decode', in: { bytes: '02c32801800000' } },
      { user: null, resource: null, multi: false, stop: false },
    ),
    ...bothWays(
      'WIRE-29',
      'a value to store',
      'payload-dhtputreq',
      'dhtputreq',
      { user: 'alice', resource: 'status', multi: false, p, sigP: '1f2e', sigUser: 'alice' },
      `${alice}${status}0009${p}021f2e${alice}`,
    ),
    ...bothWays(
      'WIRE-30',
      'an empty list',
      'payload-dhtgetreply-none',
      'dhtgetreply',
      { target, values: { l: [] } },
      `14${target}02${utf8('le')}`,
    ),
    ...bothWays(
      'WIRE-30',
      'one value',
      'payload-dhtgetreply',
      'dhtgetreply',
      {
        target,
        values: {
          l: [
            {
              d: [
                [utf8('p'), { d: [[utf8('v'), { i: '-7' }]] }],
                [utf8('sig_p'), { s: '1f2e' }],
              ],
            },
          ],
        },
      },
      `14${target}1b${utf8('ld1:pd1:vi-7ee5:sig_p2:')}1f2e${utf8('ee')}`,
    ),
    invalid(
      'WIRE-30',
      'values that are no list',
      { id: 'payload-dhtgetreply-dict', op: 'dhtgetreply.decode', in: { bytes: `14${target}02${utf8('de')}` } },
      'wrong-type',
    ),
    invalid(
      'WIRE-30',
      'values that are not bencoded',
      { id: 'payload-dhtgetreply-garbage', op: 'dhtgetreply.decode', in: { bytes: `14${target}02${utf8('xx')}` } },
      'syntax',
    ),
    invalid(
      'WIRE-29',
      'a request without sigUser',
      { id: 'payload-dhtputreq-cut', op: 'dhtputreq.decode', in: { bytes: `${alice}${status}0009${p}021f2e` } },
      'truncated',
    ),
  ];
}

function alertTests(): VectorCase[] {
  return [
    ...bothWays(
      'WIRE-33',
      'any message and signature',
      'payload-alert',
      'alert',
      { message: '010203', signature: '3006' },
      '03010203023006',
    ),
    invalid(
      'WIRE-33',
      'no signature',
      { id: 'payload-alert-cut', op: 'alert.decode', in: { bytes: '03010203' } },
      'truncated',
    ),
  ];
}

function faultTests(): VectorCase[] {
  const claimed: [string, string][] = [
    ['addr', 'WIRE-22'],
    ['inv', 'WIRE-23'],
    ['headers', 'WIRE-25'],
  ];
  return [
    ...claimed.flatMap(([op, rule]) => [
      ...bothWays(rule, 'an empty list', `payload-${op}-empty`, op, { items: [] }, '00'),
      invalid(
        rule,
        'one element less than the count says',
        { id: `payload-${op}-truncated`, op: `${op}.decode`, in: { bytes: '01' }, flags: ['claimed-size'] },
        'truncated',
      ),
      invalid(
        'WIRE-2',
        'a count of 4,294,967,295',
        { id: `payload-${op}-too-long`, op: `${op}.decode`, in: { bytes: 'feffffffff' }, flags: ['claimed-size'] },
        'too-long',
      ),
    ]),
    ...bothWays(
      'WIRE-24',
      'an empty locator',
      'payload-locator-empty',
      'locator',
      { version: 70003, locator: [], stop: '00'.repeat(32) },
      `7311010000${'00'.repeat(32)}`,
    ),
    ...bothWays(
      'WIRE-20',
      'a mapped IPv4 address; the port has its high byte first',
      'payload-address-port',
      'addr',
      { items: [{ time: 1, services: 1, ip: `${'00'.repeat(10)}ffffc0000201`, port: 28333 }] },
      `01010000000100000000000000${'00'.repeat(10)}ffffc00002016ead`,
    ),
    invalid(
      'WIRE-24',
      'no hash to stop at',
      { id: 'payload-locator-no-stop', op: 'locator.decode', in: { bytes: `7311010001${'aa'.repeat(32)}` } },
      'truncated',
    ),
    valid(
      'WIRE-37',
      'bytes behind a payload are ignored',
      { id: 'payload-inv-trailing', op: 'inv.decode', in: { bytes: '00ffff' }, flags: ['trailing'] },
      { items: [] },
    ),
    valid(
      'WIRE-23',
      'an unknown type is read',
      { id: 'payload-inv-unknown-type', op: 'inv.decode', in: { bytes: `01ffffffff${'aa'.repeat(32)}` } },
      { items: [{ type: 4294967295, hash: 'aa'.repeat(32) }] },
    ),
  ];
}

export function shortUrlTests(captured: string): VectorCase[] {
  const made = readFileSync(join(captured, 'twister', 'rpc-log.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('"newshorturl"') && line.includes('twist:'))
    .map((line) => JSON.parse(line) as { params: [string, number, string]; result: [string] });
  const urls: [string, string, number, number, string][] = [
    ...made.map(({ params, result }, index): [string, string, number, number, string] => [
      `captured-${index + 1}`,
      result[0],
      Buffer.from(result[0].slice(6), 'base64').readUInt32LE(0),
      params[1],
      'made by a daemon',
    ]),
    ['example', 'twist:0gQAADgAAAA=', 1234, 56, 'computed apart'],
    ['zero', 'twist:AAAAAAAAAAA=', 0, 0, 'the genesis transaction'],
  ];
  const bad: [string, string, string][] = [
    ['scheme', 'http:0gQAADgAAAA=', 'another scheme'],
    ['upper-case', 'TWIST:0gQAADgAAAA=', 'the scheme is lower-case'],
    ['short', 'twist:0gQAADgAAAA', 'eleven characters behind the scheme'],
    ['nothing', 'twist:', 'nothing behind the scheme'],
    ['alphabet', 'twist:0gQA_DgAAAA=', 'a character outside of the alphabet'],
  ];
  return [
    ...urls.flatMap(([id, url, uid, k, comment]) => [
      valid('WIRE-36', comment, { id: `shorturl-${id}-encode`, op: 'shorturl.encode', in: { uid, k } }, { url }),
      valid('WIRE-36', comment, { id: `shorturl-${id}-decode`, op: 'shorturl.decode', in: { url } }, { uid, k }),
    ]),
    ...bad.map(([id, url, comment]) =>
      invalid('WIRE-36', comment, { id: `shorturl-bad-${id}`, op: 'shorturl.decode', in: { url } }, 'bad-url'),
    ),
  ];
}

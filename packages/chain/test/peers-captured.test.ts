import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import {
  decodeAddr,
  decodeInventory,
  decodeMessage,
  decodeVersion,
  encodeInventory,
  encodeLocator,
  encodeMessage,
  type Message,
} from '@rookery/wire';
import { describe, expect, test } from 'vitest';
import { Chain } from '../src/index.ts';
import { chainMain, fromPrinted, newUsers, readCaptured, rejects, remined } from './captured.ts';
import { Bench, shown } from './peer-kit.ts';

interface CapturedMessage {
  readonly t: number;
  readonly dir: string;
  readonly command: string;
  readonly raw: string;
  readonly size?: number;
}

const p2p = readCaptured<{ connections: { capture: string; messages: CapturedMessage[] }[] }>('p2p.json');
const network = 'main';
const blockBytes = chainMain.blocks.map(({ raw }) => hexToBytes(raw));

/** The captured chain up to a height; the last three blocks come from other captures. */
function chainUpTo(height: number): Chain {
  const chain = new Chain({ network, checkpoints: false });
  const later = remined.steps.flatMap(({ block }) => (block === undefined ? [] : [hexToBytes(block)]));
  for (const bytes of [...blockBytes, ...later, hexToBytes(newUsers.block)].slice(1, height + 1))
    chain.addBlock(bytes, 1_800_000_000_000, { trusted: true });
  expect(chain.tip.height).toBe(height);
  return chain;
}

function messageOf({ raw }: CapturedMessage): Message {
  return decodeMessage(hexToBytes(raw), network).value;
}

/** What a daemon says of itself, without clock, nonce, name and the address that it believes to have. */
function greeting(message: Message): object {
  const { version, services, addrYou, startHeight, relay } = decodeVersion(message.payload).value;
  return { command: message.command, version, services, addrYou: bytesToHex(addrYou.ip), startHeight, relay };
}

/** Compares answers with captured ones: greetings by what is not random, all else byte by byte. */
function expectSame(sent: readonly Message[], captured: readonly Message[]): void {
  const plain = (messages: readonly Message[]) => messages.filter(({ command }) => command !== 'version');
  const greetings = (messages: readonly Message[]) => messages.filter(({ command }) => command === 'version');
  expect(shown(plain(sent))).toEqual(shown(plain(captured)));
  expect(greetings(sent).map(greeting)).toEqual(greetings(captured).map(greeting));
}

/** What the daemon said, its own address left out: that comes with a clock of its own. */
function said(messages: readonly CapturedMessage[], side: string): Message[] {
  return messages.filter(({ dir, command }) => dir === side && command !== 'addr').map(messageOf);
}

describe('a captured connection, the daemon replaced by this engine', () => {
  const connection = (name: string, at = 0) => p2p.connections.filter(({ capture }) => capture === name)[at]!.messages;

  test('two nodes mine and register, each tells the other', () => {
    const messages = connection('main1');
    const chain = chainUpTo(0);
    const bench = new Bench(chain, messages[0]!.t * 1000);
    bench.welcome('other', { startHeight: -500 });
    const sent: Message[] = [];
    sent.push(...bench.connect('client'));
    const blocks = new Map(chainMain.blocks.map((block) => [block.hash, hexToBytes(block.raw)]));
    const pooled = '0000009a32f2d85b4ec5d976941dd3d65df25bc5127f8dc9018375441c22737e';
    const asked = '0000006e2d3fcc55e8d72007a90b72db83d886cee46a33e3040d64e12eb37f24';
    const raw = (id: string) =>
      hexToBytes(chainMain.blocks.flatMap(({ txs }) => txs).find(({ txid }) => txid === id)!.raw);
    for (const message of messages) {
      const now = Math.floor(message.t * 1000);
      sent.push(...bench.passTo('client', now));
      const { payload } = messageOf(message);
      if (message.dir === 's2c' && message.command === 'inv') {
        const id = decodeInventory(payload).value[0]!.hash;
        chain.addBlock(blocks.get(bytesToHex(id.slice().reverse()))!, now);
        sent.push(...bench.run('client', (peers) => peers.announceBlock(id, now)));
      }
      if (message.dir !== 'c2s') continue;
      const isOf = (id: string) =>
        message.command === 'inv' && bytesToHex(payload).includes(bytesToHex(fromPrinted(id)));
      if (isOf(pooled)) chain.addTransaction(raw(pooled), now);
      if (isOf(asked)) {
        const item = { type: 1, hash: fromPrinted(asked) };
        expect(shown(bench.say('other', 'inv', encodeInventory([item])))).toHaveLength(1);
      }
      sent.push(...bench.receive('client', hexToBytes(message.raw)));
      if (isOf(asked)) bench.say('other', 'tx', raw(asked));
    }
    expectSame(sent, said(messages, 's2c'));
    expect(chain.tip.height).toBe(23);
  });

  test('a fresh node is given the chain', () => {
    const messages = connection('resync');
    const bench = new Bench(chainUpTo(0), messages[0]!.t * 1000);
    const sent = bench.connect('client');
    for (const message of messages.filter(({ dir }) => dir === 'c2s'))
      sent.push(...bench.receive('client', hexToBytes(message.raw)));
    expectSame(sent, said(messages, 's2c'));
    expect(bench.chain.tip.height).toBe(28);
    expect(bench.told.filter(({ type }) => type === 'synced')).toEqual([{ type: 'synced', height: 28 }]);
  });

  test('a node that has the chain meets one that is still loading it', () => {
    const messages = connection('resync', 1);
    const bench = new Bench(chainUpTo(28), messages[0]!.t * 1000);
    const sent = bench.connect('client');
    for (const message of messages.filter(({ dir }) => dir === 'c2s'))
      sent.push(...bench.receive('client', hexToBytes(message.raw)));
    expectSame(sent, said(messages, 's2c'));
  });

  test('a client asks for everything that can be asked for', () => {
    const messages = connection('p2pclient');
    const answer = messages.filter(({ command, dir }) => command === 'addr' && dir === 's2c').map(messageOf);
    const known = decodeAddr(answer[0]!.payload).value;
    const bench = new Bench(chainUpTo(29), messages[0]!.t * 1000, { knownAddresses: () => known });
    for (const { kind, raw } of rejects.cases)
      if (kind === 'tx') bench.chain.addTransaction(hexToBytes(raw), bench.now);
    const sent = bench.connect('client');
    for (const message of messages.filter(({ dir }) => dir === 'c2s'))
      sent.push(...bench.receive('client', hexToBytes(message.raw)));
    const withoutSync = sent.filter(({ command }) => command !== 'getblocks');
    expectSame(withoutSync, messages.filter(({ dir }) => dir === 's2c').map(messageOf));
  });
});

interface Section {
  readonly name: string;
  readonly log: readonly CapturedMessage[];
}
const sectionsOf = (name: string) => readCaptured<{ sections: Section[] }>(name).sections;

/** Plays the client's side of a captured section on a connection and gives both sides' answers. */
function play(bench: Bench, { log }: Section): { sent: Message[]; captured: Message[] } {
  const sent = log.filter(({ dir }) => dir === 'c2n').flatMap(({ raw }) => bench.receive('client', hexToBytes(raw)));
  const captured = log.filter(({ dir }) => dir === 'n2c').map(messageOf);
  return { sent, captured };
}

describe('getblocks and getheaders, as the daemon answered a scripted client', () => {
  const chain = chainUpTo(39);
  const sections = sectionsOf('chain-net-sync.json').filter(({ log }) => !log.some((entry) => 'truncated' in entry));

  test.each(sections.map((section) => [section.name, section] as const))('%s', (_name, section) => {
    const bench = new Bench(chain, 1_796_000_000_000);
    bench.welcome('client');
    const { sent, captured } = play(bench, section);
    expect(captured.length + Number(section.log.length === 1)).toBeGreaterThan(0);
    expect(shown(sent)).toEqual(shown(captured));
  });

  test.each(['getblocks', 'getheaders'])('%s with a thousand unknown hashes before the first block', (command) => {
    const unknown = Array.from({ length: 1000 }, (_, at) => new Uint8Array(32).fill(1 + (at % 250)));
    const request = { version: 70003, locator: [...unknown, chain.blockIdAt(0)!], stop: new Uint8Array(32) };
    const bench = new Bench(chain, 1_796_000_000_000);
    bench.welcome('client');
    const section = sections.find(({ name }) => name === `${command}: genesis, zero stop`)!;
    expect(shown(bench.say('client', command, encodeLocator(request)))).toEqual(
      section.log.filter(({ dir }) => dir === 'n2c').flatMap((message) => shown([messageOf(message)])),
    );
  });

  test('an inventory that was sent is not sent again on the same connection', () => {
    const bench = new Bench(chain, 1_796_000_000_000);
    bench.welcome('client');
    const section = sections.find(({ name }) => name === 'getblocks: genesis, zero stop')!;
    expect(play(bench, section).sent).toHaveLength(1);
    expect(play(bench, section).sent).toEqual([]);
  });
});

describe('filters, as the daemon answered a scripted client', () => {
  const sections = sectionsOf('chain-net-filters.json');
  const bench = new Bench(chainUpTo(39), 1_796_000_000_000);
  const known = sections.find(({ name }) => name.startsWith('getdata: known tx'))!;
  const pooled = known.log.find(({ command }) => command === 'tx')!;
  bench.chain.addTransaction(messageOf(pooled).payload, bench.now);
  bench.welcome('client');

  test.each(sections.map((section) => [section.name, section] as const))('%s', (name, section) => {
    if (name.includes('relay=0')) {
      bench.peers.disconnect('client', bench.now);
      bench.welcome('client', { relay: false });
    }
    const { sent, captured } = play(bench, section);
    expect(shown(sent)).toEqual(shown(captured));
  });
});

describe('framing, as the daemon answered a scripted client', () => {
  const [first, second] = sectionsOf('chain-net-magic.json');

  test('a wrong magic is skipped, what follows is answered', () => {
    const bench = new Bench(chainUpTo(0), 1_796_000_000_000);
    bench.welcome('client');
    const { sent, captured } = play(bench, first!);
    expect(shown(sent)).toEqual(shown(captured));
  });

  test('so it is before the greeting', () => {
    const bench = new Bench(chainUpTo(39), 1_796_000_000_000);
    bench.connect('client');
    const { sent, captured } = play(bench, second!);
    const commands = (messages: readonly Message[]) => messages.map(({ command }) => command);
    expect(commands(sent).filter((command) => command !== 'getblocks')).toEqual(commands(captured));
  });
});

test('W11: an empty filter does no harm', () => {
  const { log } = readCaptured<{ log: CapturedMessage[] }>('w11-empty-filter.json');
  const bench = new Bench(chainUpTo(39), 1_796_000_000_000);
  bench.welcome('client');
  const answers = log.filter(({ dir }) => dir === 'c2n').flatMap(({ raw }) => bench.receive('client', hexToBytes(raw)));
  expect(answers.map(({ command }) => command)).toEqual(['pong']);
  const ping = encodeMessage(network, 'ping', new Uint8Array(8));
  expect(bench.receive('client', ping).map(({ command }) => command)).toEqual(['pong']);
});

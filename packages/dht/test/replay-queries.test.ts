import { hexToBytes } from '@noble/hashes/utils.js';
import { type BencodeNode, decodeKrpc, type Profile } from '@rookery/wire';
import { describe, expect, test } from 'vitest';
import type { DhtEffect, DhtNode } from '../src/index.ts';
import { decoded, NOW_MS, nodeOf, PEER, PEER_ID, replyTo, sendsOf, shown } from './engine.ts';
import { readCaptured } from './world.ts';

interface Packet {
  readonly kind: string;
  readonly hex: string;
}
interface Exchange {
  readonly reply: string | null;
}
const { passive, clientCases } = readCaptured<{
  readonly passive: readonly Packet[];
  readonly clientCases: readonly Exchange[];
}>('dht.json');
const FREE = ['id', 't', 'token'];

function packetsOf(kind: string): readonly Uint8Array[] {
  return passive.filter((packet) => packet.kind === kind).map(({ hex }) => hexToBytes(hex));
}

function argsOf(packet: Uint8Array): BencodeNode {
  return decodeKrpc(packet).body;
}

function onlySend(effects: readonly DhtEffect[]): Uint8Array {
  const sends = sendsOf(effects);
  expect(sends.map(({ to }) => to)).toEqual([PEER]);
  return sends[0]!.bytes;
}

/** A node that has joined a network of one other. */
function pair(profile: Profile = 'canonical'): DhtNode {
  const node = nodeOf({ profile });
  const joined = node.receive(replyTo(onlySend(node.addContact(PEER, NOW_MS))), PEER, NOW_MS);
  node.receive(replyTo(onlySend(joined), { nodes: '' }), PEER, NOW_MS);
  return node;
}

describe('what a daemon asks another, a node asks in the same bytes but for ids and tokens (KRPC-9)', () => {
  test('findNode, when it joins', () => {
    const [captured] = packetsOf('findNode');
    const node = nodeOf({ id: argsOf(captured!).getBytes('target')! });
    const ping = onlySend(node.addContact(PEER, NOW_MS));
    expect(shown(ping, FREE)).toBe(shown(packetsOf('ping')[0]!, FREE));
    expect(shown(onlySend(node.receive(replyTo(ping), PEER, NOW_MS)), FREE)).toBe(shown(captured!, FREE));
  });

  const gets = packetsOf('getData').filter((packet) => {
    const x = argsOf(packet);
    return x.get('justtoken') === undefined && x.get('infoHash') === undefined;
  });
  test.each(gets.map((packet, index) => [index, packet] as const))('getData %i', (_, captured) => {
    const target = argsOf(captured).getDict('target')!;
    const started = pair().get(target.getBytes('n')!, target.getText('r')!, target.getText('t') as 's' | 'm', NOW_MS);
    expect(shown(onlySend(started.effects), FREE)).toBe(shown(captured, FREE));
  });

  const puts = packetsOf('putData');
  test.each(puts.map((packet, index) => [index, packet] as const))(
    'getData for a token, then putData %i',
    (_, captured) => {
      const x = argsOf(captured);
      const entry = { p: x.getDict('p')!.raw, sigP: x.getBytes('sig_p')!, sigUser: x.getText('sig_user')! };
      const node = pair();
      const asked = onlySend(node.put(entry, NOW_MS).effects);
      const target = x.getDict('p')!.getDict('target')!;
      expect(argsOf(asked).getDict('target')!.raw).toEqual(target.raw);
      expect(argsOf(asked).getNumber('justtoken')).toBe(1);
      const put = onlySend(node.receive(replyTo(asked, { token: 'tokn' }), PEER, NOW_MS));
      expect(shown(put, FREE)).toBe(shown(captured, FREE));
      expect(argsOf(put).getText('token')).toBe('tokn');
    },
  );

  const announcements = packetsOf('announcePeer');
  test.each(announcements.map((packet, index) => [index, packet] as const))(
    'getData, then announcePeer %i',
    (_, captured) => {
      const x = argsOf(captured);
      const lookups = packetsOf('getData').filter((packet) => argsOf(packet).get('infoHash') !== undefined);
      const lookup = lookups.find((packet) => shownHash(packet) === shownHash(captured))!;
      const user = argsOf(lookup).getDict('target')!.getText('n')!;
      const node = pair();
      const asked = onlySend(
        node.announce(user, x.getNumber('port')!, NOW_MS).effects.filter(({ type }) => type === 'send'),
      );
      expect(shown(asked, FREE)).toBe(shown(lookup, FREE));
      const announced = onlySend(node.receive(replyTo(asked, { token: 'tokn', values: [] }), PEER, NOW_MS));
      expect(shown(announced, FREE)).toBe(shown(captured, FREE));
    },
  );

  test('there was something of each kind', () => {
    for (const list of [gets, puts, announcements]) expect(list.length).toBeGreaterThan(3);
  });
});

describe('what a daemon answered, a node understands', () => {
  test('values come out of every reply that held some', () => {
    let found = 0;
    const replies = clientCases.flatMap(({ reply }) => (reply === null ? [] : [hexToBytes(reply)]));
    for (const reply of replies) {
      const first = decoded(reply).getDict('r')?.getList('data')?.items()[0]?.getDict('p')?.getDict('target');
      if (first === undefined) continue;
      const node = pair('deployed');
      const { handle, effects } = node.get(
        first.getBytes('n')!,
        first.getText('r')!,
        first.getText('t') as 's' | 'm',
        NOW_MS,
      );
      const data = decodeKrpc(reply).body.getList('data')!.toValue();
      const done = node.receive(replyTo(onlySend(effects), { data }), PEER, NOW_MS);
      const values = done.filter((effect) => effect.type === 'value');
      expect(values.map((effect) => effect.handle)).toEqual([handle]);
      expect(values[0]!.entries.length).toBe(decoded(reply).getDict('r')!.getList('data')!.size);
      expect(done.at(-1)).toMatchObject({ type: 'done', handle, found: true });
      found += values[0]!.entries.length;
    }
    expect(found).toBeGreaterThan(3);
  });

  test('peers come out of every tracker reply that held some', () => {
    const replies = packetsOf('reply_to_getData').map((reply) => decodeKrpc(reply).body);
    const trackers = replies.filter((body) => (body.getList('values')?.size ?? 0) > 0);
    expect(trackers.length).toBeGreaterThan(0);
    for (const body of trackers) {
      const node = pair();
      const { effects } = node.get(body.getBytes('n')!, 'tracker', 'm', NOW_MS);
      const fields = { values: body.getList('values')!.toValue(), followers: body.getInteger('followers') };
      const told = node.receive(replyTo(onlySend(effects), fields, PEER_ID), PEER, NOW_MS);
      const peers = told.filter((effect) => effect.type === 'peers');
      expect(peers).toHaveLength(1);
      expect(peers[0]!.peers).toHaveLength(body.getList('values')!.size);
      expect(peers[0]!.followers).toBe(body.getNumber('followers'));
    }
  });
});

function shownHash(packet: Uint8Array): string {
  return argsOf(packet).getBytes('infoHash')!.join();
}

import { hexToBytes } from '@noble/hashes/utils.js';
import { type BencodeNode, type BencodeValue, dhtTarget, encodeBencode, encodeUtf8 } from '@rookery/wire';
import { describe, expect, test } from 'vitest';
import type { DhtNode, DhtStore, Endpoint, HeldValue, SignedValue } from '../src/index.ts';
import { decoded, NOW_MS, nodeOf, PEER, sendsOf, shown, tokenFor } from './engine.ts';
import { readCaptured, value } from './world.ts';

interface Case {
  readonly name: string;
  readonly request: string;
  readonly reply: string | null;
}
const { clientCases } = readCaptured<{ readonly clientCases: readonly Case[] }>('dht.json');
const { cases: idCases } = readCaptured<{ readonly cases: readonly (Case & { readonly clientIp: string })[] }>(
  'dht-node-id-check.json',
);

const OWN_ID = hexToBytes('755022584f0dbec98eb03f9fdd9cee2e718790c8');

/** What the daemon drew itself, or knew from elsewhere. */
const FREE = ['token', 'nodes'];

function entriesOf(reply: string): SignedValue[] {
  const data = decoded(hexToBytes(reply)).getDict('r')?.getList('data')?.items() ?? [];
  return data.map((entry: BencodeNode) => ({
    p: entry.getDict('p')!.raw,
    sigP: entry.getBytes('sig_p')!,
    sigUser: entry.getText('sig_user')!,
  }));
}

function stored(values: readonly (readonly [Uint8Array, readonly HeldValue[]])[]): DhtStore {
  return { load: () => values, save: () => undefined };
}

/** What the daemon held before the client came, as far as its replies show it. */
function heldBefore(): DhtStore {
  const replyOf = (name: string): string => clientCases.find((entry) => entry.name === name)!.reply!;
  return stored([
    [dhtTarget(encodeUtf8('alice'), 'profile', 's'), entriesOf(replyOf('getData_profile'))],
    [dhtTarget(encodeUtf8('test'), 'hashtag', 'm'), entriesOf(replyOf('getData_hashtag_multi'))],
    [dhtTarget(encodeUtf8('clienttag'), 'hashtag', 'm'), entriesOf(replyOf('getData_multi_after_put'))],
    [
      dhtTarget(encodeUtf8('bob'), 'mention', 'm'),
      [value({ seq: undefined, target: { n: 'bob', r: 'mention', t: 'm' } })],
    ],
    [dhtTarget(encodeUtf8('alice'), 'avatar', 's'), [value({ target: { n: 'alice', r: 'avatar', t: 's' } })]],
  ]);
}

/** The daemon's tracker table held the swarm of alice. */
function knowPeers(node: DhtNode): void {
  const reply = clientCases.find(({ name }) => name === 'getData_tracker_after_announce')!.reply!;
  const values = decoded(hexToBytes(reply)).getDict('r')!.getList('values')!.items();
  const peers = values.map(({ bytes }): Endpoint => {
    return { ip: bytes.subarray(0, 4).join('.'), port: (bytes[4]! << 8) | bytes[5]! };
  });
  const others = peers.filter(({ port }) => port !== 30555);
  node.trackPeers('alice', others, 10, NOW_MS);
}

/** The captured client asked for this token in a packet that the capture leaves out. */
function trackerToken(node: DhtNode): Uint8Array {
  return tokenFor(node, { n: 'alice', r: 'tracker', t: 'm' });
}

/** Puts the node's own token in the place of the daemon's. */
function withToken(request: Uint8Array, token: Uint8Array | undefined): Uint8Array {
  if (request[0] !== 'd'.charCodeAt(0)) return request;
  const replace = (packet: BencodeValue): BencodeValue => {
    if (packet instanceof Uint8Array || typeof packet !== 'object' || !('entries' in packet)) return packet;
    const entries = (packet as { entries: readonly (readonly [Uint8Array, BencodeValue])[] }).entries;
    return {
      entries: entries.map(([key, child]) => {
        const name = String.fromCharCode(...key);
        if (name === 'token' && token !== undefined) return [key, token] as const;
        return [key, name === 'x' ? replace(child) : child] as const;
      }),
    };
  };
  return encodeBencode(replace(decoded(request).toValue()));
}

function withSortedPeers(reply: Uint8Array): Uint8Array {
  const sort = (value: BencodeValue): BencodeValue => {
    if (value instanceof Uint8Array || typeof value === 'bigint') return value;
    if (Array.isArray(value)) return value;
    const { entries } = value as { entries: readonly (readonly [Uint8Array, BencodeValue])[] };
    return {
      entries: entries.map(([key, child]) => {
        const name = String.fromCharCode(...key);
        if (name !== 'values') return [key, name === 'r' ? sort(child) : child] as const;
        return [key, [...(child as readonly Uint8Array[])].sort((a, b) => (a.join() < b.join() ? -1 : 1))] as const;
      }),
    };
  };
  return encodeBencode(sort(decoded(reply).toValue()));
}

describe('a client that talked to a deployed daemon is answered as by it, byte for byte where nothing is random', () => {
  const node = nodeOf({ id: OWN_ID, profile: 'deployed', store: heldBefore() });
  knowPeers(node);
  let token: Uint8Array | undefined;

  test.each(clientCases.map((entry) => [entry.name, entry] as const))('%s', (name, { request, reply }) => {
    const bytes = hexToBytes(request);
    const own = name.startsWith('announce') ? trackerToken(node) : token;
    const sends = sendsOf(node.receive(withToken(bytes, own), PEER, NOW_MS));
    if (reply === null) {
      expect(sends).toEqual([]);
      return;
    }
    expect(sends.map(({ to }) => to)).toEqual([PEER]);
    const answer = sends[0]!.bytes;
    expect(shown(withSortedPeers(answer), FREE)).toBe(shown(withSortedPeers(hexToBytes(reply)), FREE));
    token = decoded(answer).getDict('r')?.getBytes('token') ?? token;
  });

  test('nothing was left out', () => {
    expect(clientCases.length).toBeGreaterThan(40);
    expect(token).toBeDefined();
  });
});

describe('the canonical profile answers the same, but for values that it refuses', () => {
  const node = nodeOf({ id: OWN_ID, store: heldBefore() });
  knowPeers(node);
  let token: Uint8Array | undefined;
  const different = new Map([['putData_multi_no_seq_different_user', 'v is not a valid post']]);

  test.each(clientCases.map((entry) => [entry.name, entry] as const))('%s', (name, { request, reply }) => {
    const bytes = hexToBytes(request);
    const own = name.startsWith('announce') ? trackerToken(node) : token;
    const sends = sendsOf(node.receive(withToken(bytes, own), PEER, NOW_MS));
    if (reply === null) expect(sends).toEqual([]);
    else {
      const answer = sends[0]!.bytes;
      const text = different.get(name);
      if (text !== undefined) expect(decoded(answer).getList('e')!.items()[1]!.text).toBe(text);
      else expect(shown(withSortedPeers(answer), FREE)).toBe(shown(withSortedPeers(hexToBytes(reply)), FREE));
      token = decoded(answer).getDict('r')?.getBytes('token') ?? token;
    }
  });
});

describe('ids are checked against addresses as by the daemon (DHT-2)', () => {
  const status = value({ target: { n: 'alice', r: 'status', t: 's' } });
  const store = stored([[dhtTarget(encodeUtf8('alice'), 'status', 's'), [status]]]);
  const node = nodeOf({ id: OWN_ID, profile: 'deployed', store });

  test.each(idCases.map((entry) => [entry.name, entry] as const))('%s', (_, { clientIp, request, reply }) => {
    const sends = sendsOf(node.receive(hexToBytes(request), { ip: clientIp, port: 30999 }, NOW_MS));
    expect(sends.map(({ bytes }) => shown(bytes, FREE))).toEqual([shown(hexToBytes(reply!), FREE)]);
  });
});

import { hexToBytes } from '@noble/hashes/utils.js';
import { type BencodeInput, bencodeDict, encodeBencode, encodeUtf8 } from '@rookery/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DhtNode } from '../src/index.ts';
import { decoded, NOW_MS, nodeOf, PEER, PEER_ID, sendsOf } from './engine.ts';
import { readCaptured, value } from './world.ts';

const { clientCases, passive } = readCaptured<{
  readonly clientCases: readonly { readonly request: string; readonly reply: string | null }[];
  readonly passive: readonly { readonly hex: string }[];
}>('dht.json');
const packets = [
  ...clientCases.flatMap(({ request, reply }) => (reply === null ? [request] : [request, reply])),
  ...passive.map(({ hex }) => hex),
].map((hex) => hexToBytes(hex));
const short = packets.filter(({ length }) => length < 1000);

/** A node with requests of all kinds under way. */
function busyNode(): { readonly node: DhtNode; readonly sent: readonly Uint8Array[] } {
  const node = nodeOf();
  const started = [
    node.addContact(PEER, NOW_MS),
    node.receive(decodedQuery(), PEER, NOW_MS),
    node.get(encodeUtf8('alice'), 'profile', 's', NOW_MS).effects,
    node.get(encodeUtf8('alice'), 'mention', 'm', NOW_MS).effects,
    node.get(encodeUtf8('alice'), 'tracker', 'm', NOW_MS).effects,
    node.put(value(), NOW_MS).effects,
    node.announce('alice', 1, NOW_MS).effects,
  ];
  return { node, sent: started.flatMap((effects) => sendsOf(effects).map(({ bytes }) => bytes)) };
}

function decodedQuery(): Uint8Array {
  return encodeBencode(bencodeDict({ q: 'ping', t: 'aa', x: { id: PEER_ID }, z: 'q' }));
}

const bencode: fc.Arbitrary<BencodeInput> = fc.letrec<{ value: BencodeInput }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.uint8Array({ maxLength: 64 }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.constantFrom('p', 'v', 'n', 'r', 't', 'sig_p', 'sig_user', 'target', 'time', 'height'),
      tie('value'),
    ),
  ),
})).value;

const fieldsOfReply = fc.record(
  {
    id: fc.oneof(fc.constant(PEER_ID), bencode),
    token: bencode,
    nodes: fc.oneof(fc.uint8Array({ maxLength: 300 }), bencode),
    data: fc.oneof(fc.array(bencode, { maxLength: 4 }), bencode),
    values: fc.oneof(fc.array(fc.uint8Array({ minLength: 5, maxLength: 7 })), bencode),
    followers: bencode,
    ip: fc.oneof(fc.uint8Array({ minLength: 4, maxLength: 4 }), bencode),
    n: bencode,
  },
  { requiredKeys: [] },
);

describe('nothing that comes in throws', () => {
  test('arbitrary bytes', () => {
    const { node } = busyNode();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(sendsOf(node.receive(bytes, PEER, NOW_MS))).toEqual([]);
      }),
    );
  });

  test('captured packets, cut at every offset', () => {
    const { node } = busyNode();
    for (const packet of short.slice(0, 60)) {
      for (let length = 0; length < packet.length; length += 1) node.receive(packet.subarray(0, length), PEER, NOW_MS);
    }
    expect(node.counts.values).toBe(1);
  });

  test('captured packets with flipped bits', () => {
    const { node } = busyNode();
    fc.assert(
      fc.property(
        fc.constantFrom(...packets),
        fc.array(fc.nat(100_000), { minLength: 1, maxLength: 4 }),
        (packet, bits) => {
          const spoiled = packet.slice();
          for (const bit of bits) {
            const at = (bit >> 3) % packet.length;
            spoiled[at] = spoiled[at]! ^ (1 << (bit & 7));
          }
          expect(Array.isArray(node.receive(spoiled, PEER, NOW_MS))).toBe(true);
        },
      ),
    );
  });

  test('answers to own questions with anything in them', () => {
    fc.assert(
      fc.property(fc.nat(6), fieldsOfReply, fc.constantFrom('r', 'e'), (index, fields, z) => {
        const { node, sent } = busyNode();
        const t = decoded(sent[index % sent.length]!).getBytes('t')!;
        const body = z === 'r' ? { r: fields } : { e: [203, fields] };
        const effects = node.receive(encodeBencode(bencodeDict({ ...body, t, z })), PEER, NOW_MS);
        for (const effect of effects) expect(effect.type).not.toBe('value');
        expect(node.counts.requests).toBeLessThan(200);
      }),
    );
  });

  test('questions with anything in them get one answer or none', () => {
    const { node } = busyNode();
    const query = fc.constantFrom('ping', 'findNode', 'getData', 'putData', 'announcePeer', 'vote');
    const x = fc.dictionary(
      fc.constantFrom(
        'id',
        'target',
        'token',
        'p',
        'sig_p',
        'sig_user',
        'infoHash',
        'port',
        'implied_port',
        'n',
        'justtoken',
      ),
      bencode,
    );
    let now = NOW_MS;
    fc.assert(
      fc.property(query, x, fc.boolean(), fc.uint8Array({ maxLength: 4 }), (q, args, named, t) => {
        const fields = { ...args, ...(named && { id: PEER_ID }) };
        const packet = encodeBencode(bencodeDict({ q, t, x: fields, z: 'q' }));
        // So slowly that it is no flood (DHT-44), however many there are.
        now += 10;
        const sends = sendsOf(node.receive(packet, PEER, now));
        expect(sends.length).toBe(packet.length > 20 ? 1 : 0);
        for (const { bytes } of sends) expect(decoded(bytes).getBytes('t')).toEqual(t);
      }),
    );
  });

  test('deep nesting and huge lengths are read in no time', () => {
    const { node } = busyNode();
    const deep = encodeUtf8(`d1:q4:ping1:t2:aa1:xd2:id20:${'a'.repeat(20)}1:y${'l'.repeat(9000)}`);
    const huge = encodeUtf8(`d1:q4:ping1:t999999999:aa1:z1:q${'e'.repeat(40)}`);
    for (const bytes of [deep, huge]) {
      expect(node.receive(bytes, PEER, NOW_MS)).toEqual([{ type: 'ignored', from: PEER, code: 'no-packet' }]);
    }
  });

  test('an address that is none', () => {
    const from = { ip: 'fe80::1%eth0', port: 1 };
    expect(nodeOf().receive(decodedQuery(), from, NOW_MS)).toEqual([{ type: 'ignored', from, code: 'bad-address' }]);
  });
});

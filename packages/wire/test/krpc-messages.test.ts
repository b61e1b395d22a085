import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bencodeDict,
  decodeCompactNodes,
  decodeCompactPeers,
  decodeKrpc,
  dhtTarget,
  encodeBencode,
  encodeCompactNodes,
  encodeCompactPeers,
  encodeKrpcError,
  encodeKrpcQuery,
  encodeKrpcReply,
  encodeUtf8,
  type KrpcQuery,
  parseKrpcError,
  parseKrpcQuery,
  parseKrpcReply,
} from '../src/index.ts';
import { captured, fromHex, toHex } from './captured-chain.ts';

interface Exchange {
  readonly name: string;
  readonly request: string;
  readonly reply: string | null;
}
const dht = captured<{
  clientCases: readonly Exchange[];
  passive: readonly { readonly kind: string; readonly hex: string }[];
}>('dht.json');
const exchanges = dht.clientCases.filter(({ reply }) => reply !== null);

function parse(bytes: Uint8Array) {
  return parseKrpcQuery(decodeKrpc(bytes));
}

describe('queries, as a live daemon answered them', () => {
  test.each(exchanges.map((entry) => [entry.name, entry] as const))('%s', (_, { request, reply }) => {
    const verdict = parse(fromHex(request));
    const answer = decodeKrpc(fromHex(reply!));
    const text = answer.kind === 'error' ? parseKrpcError(answer).text : undefined;
    if (!verdict.ok) {
      expect(verdict.detail).toBe(text);
    } else if (verdict.query.name !== 'putData') {
      expect(text).toBeUndefined();
    }
  });

  test('an unknown query about a 20-byte info-hash is a search for nodes', () => {
    const { request } = exchanges.find(({ name }) => name === 'getPeers_not_supported')!;
    const verdict = parse(fromHex(request));
    expect(verdict.ok && verdict.query.name).toBe('findNode');
  });

  test('every query between two daemons is written again byte by byte', () => {
    const kinds = new Set(['ping', 'findNode', 'getData', 'putData', 'announcePeer']);
    const queries = dht.passive.filter(({ kind }) => kinds.has(kind));
    expect(queries.length).toBeGreaterThan(70);
    for (const { hex } of queries) {
      const message = decodeKrpc(fromHex(hex));
      const verdict = parseKrpcQuery(message);
      if (!verdict.ok) throw new Error(verdict.detail);
      const { query } = verdict;
      const written = encodeKrpcQuery(message.transaction, query.name, query.id, argumentsOf(query, hex));
      expect(toHex(written)).toBe(hex);
    }
  });
});

/** The arguments beside the id; `noseed` and `infoHash` of the peer search are read from the packet, as nobody else does. */
function argumentsOf(query: KrpcQuery, hex: string): Parameters<typeof encodeKrpcQuery>[3] {
  const x = decodeKrpc(fromHex(hex)).body;
  switch (query.name) {
    case 'ping':
      return {};
    case 'findNode':
      return { target: query.target };
    case 'getData': {
      const { n, r, t } = query.target;
      const [infoHash, noseed] = [x.getBytes('infoHash'), x.getInteger('noseed')];
      return { target: { n, r, t }, justtoken: query.justToken ? 1 : undefined, infoHash, noseed };
    }
    case 'putData':
      return { p: query.p.toValue(), sig_p: query.sigP, sig_user: query.sigUser, token: query.token };
    case 'announcePeer': {
      const { infoHash, port, token, n } = query;
      return { infoHash, port, token, n, seed: x.getInteger('seed'), implied_port: x.getInteger('implied_port') };
    }
  }
}

describe('replies of a live daemon', () => {
  const replies = [
    ...exchanges.map(({ reply }) => reply!),
    ...dht.passive.filter(({ kind }) => kind.startsWith('reply_')).map(({ hex }) => hex),
  ];

  test('are written again byte by byte', () => {
    let written = 0;
    for (const hex of replies) {
      const message = decodeKrpc(fromHex(hex));
      if (message.kind !== 'reply' || message.body.get('n') !== undefined) continue;
      const reply = parseKrpcReply(message);
      const fields = {
        ...reply,
        nodes: message.body.get('nodes') && reply.nodes,
        data: reply.data?.map(({ p, sigP, sigUser }) => ({ p: p.toValue(), sigP, sigUser })),
      };
      expect(toHex(encodeKrpcReply(message.transaction, reply.id, fields))).toBe(hex);
      written += 1;
    }
    expect(written).toBeGreaterThan(70);
  });

  test('a tracker reply lists peers and followers', () => {
    const { reply } = exchanges.find(({ name }) => name === 'getData_tracker_after_announce')!;
    const { values, followers, token } = parseKrpcReply(decodeKrpc(fromHex(reply!)));
    expect(followers).toBe(10);
    expect(values!.length).toBeGreaterThan(3);
    expect(values!.every(({ ip, port }) => /^[0-9.]+$/.test(ip) && port > 0)).toBe(true);
    expect(token?.length).toBe(4);
  });

  test('a value comes with the bytes that its signature covers', () => {
    const { reply } = exchanges.find(({ name }) => name === 'getData_profile')!;
    const [value] = parseKrpcReply(decodeKrpc(fromHex(reply!))).data!;
    expect(toHex(encodeBencode(value!.p.toValue()))).toBe(toHex(value!.p.raw));
    const target = value!.p.getDict('target')!;
    expect(target.getText('r')).toBe('profile');
    expect(value!.sigP.length).toBe(65);
  });

  test('the answer to an id that does not fit its address names the address', () => {
    const { cases } = captured<{ cases: readonly Exchange[] }>('dht-node-id-check.json');
    const told = cases.filter(({ reply }) => reply).map(({ reply }) => decodeKrpc(fromHex(reply!)));
    const ips = told.filter(({ kind }) => kind === 'reply').map((message) => parseKrpcReply(message).ip);
    expect(ips.some((ip) => ip?.length === 4)).toBe(true);
    expect(ips.some((ip) => ip === undefined)).toBe(true);
  });
});

describe('refusals', () => {
  const id = new Uint8Array(20).fill(1);
  const t = Uint8Array.of(0, 1);
  const infoHash = dhtTarget(encodeUtf8('alice'), 'tracker', 'm');
  const token = encodeUtf8('abcd');

  test.each<[string, Parameters<typeof encodeKrpcQuery>[1], Parameters<typeof encodeKrpcQuery>[3], string]>([
    ['a target that is no id', 'findNode', { target: new Uint8Array(19) }, "invalid value for 'target'"],
    ['no target', 'findNode', {}, "missing 'target' key"],
    ['a target that is no dictionary', 'getData', { target: id }, "missing 'target' key"],
    ['a target without r', 'getData', { target: { n: 'a', t: 's' } }, "missing 'r' key"],
    ['a target of four entries', 'getData', { target: { n: 'a', r: 'b', t: 's', u: 1 } }, 'target dict size != 3'],
    ['a t that is neither s nor m', 'getData', { target: { n: 'a', r: 'b', t: 'sm' } }, 'invalid target.t value'],
    ['no token', 'putData', {}, "missing 'token' key"],
    ['p that is a list', 'putData', { token, sig_p: 'x', sig_user: 'x', p: [] }, "missing 'p' key"],
    ['no info-hash', 'announcePeer', {}, "missing 'infoHash' key"],
    ['a port too large', 'announcePeer', { infoHash, port: 65536, token }, 'invalid port'],
    ['a negative port', 'announcePeer', { infoHash, port: -1, token }, 'invalid port'],
  ])('%s', (_, name, args, detail) => {
    expect(parse(encodeKrpcQuery(t, name, id, args))).toMatchObject({ ok: false, detail });
  });

  test('an id that is no id comes before all else', () => {
    expect(parse(encodeKrpcQuery(t, 'ping', new Uint8Array(21)))).toMatchObject({ ok: false, code: 'wrong-length' });
  });

  test('an implied port makes the given one irrelevant', () => {
    const verdict = parse(
      encodeKrpcQuery(t, 'announcePeer', id, { infoHash, port: 99999, token, implied_port: 1, seed: 1 }),
    );
    expect(verdict).toMatchObject({ ok: true, query: { port: undefined, seed: true } });
  });

  test('a reply without an id is refused', () => {
    const without = (r: Parameters<typeof bencodeDict>[0]) =>
      decodeKrpc(encodeBencode(bencodeDict({ r, t: 'aa', v: 'LT00', z: 'r' })));
    expect(() => parseKrpcReply(without({}))).toThrow(expect.objectContaining({ code: 'missing-key' }));
    expect(() => parseKrpcReply(without({ id: 'x' }))).toThrow(expect.objectContaining({ code: 'wrong-length' }));
    const odd = without({ id, nodes: new Uint8Array(27) });
    expect(() => parseKrpcReply(odd)).toThrow(expect.objectContaining({ code: 'wrong-length' }));
    expect(parseKrpcReply(odd, 'deployed').nodes.length).toBe(1);
  });

  test('half entries and IPv6 peers of a reply are left out', () => {
    const bytes = encodeBencode(
      bencodeDict({ r: { id, data: [1, {}, { p: {}, sig_p: 'a' }], values: ['abcdef', 'abc', 7] }, t: 'aa', z: 'r' }),
    );
    const { data, values } = parseKrpcReply(decodeKrpc(bytes));
    expect(data).toEqual([]);
    expect(values).toEqual([{ ip: '97.98.99.100', port: 0x6566 }]);
  });

  test('an error is told by number and text', () => {
    const message = decodeKrpc(encodeKrpcError(t, 'invalid token'));
    expect(parseKrpcError(message)).toEqual({ number: 203, text: 'invalid token' });
    expect(toHex(encodeKrpcError(t, 'x'))).toBe(toHex(encodeUtf8('d1:eli203e1:xe1:t2:\0\x011:v4:LT\x01\x001:z1:ee')));
  });
});

describe('compact nodes (KRPC-8)', () => {
  const node = fc.record({
    id: fc.uint8Array({ minLength: 20, maxLength: 20 }),
    ip: fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((octets) => octets.join('.')),
    port: fc.nat(65535),
  });

  test('encoding then decoding gives the same nodes', () => {
    fc.assert(
      fc.property(fc.array(node, { maxLength: 5 }), (nodes) => {
        const bytes = encodeCompactNodes(nodes);
        expect(bytes.length).toBe(26 * nodes.length);
        expect(decodeCompactNodes(bytes)).toEqual(nodes);
        const peers = nodes.map(({ ip, port }) => ({ ip, port }));
        expect(decodeCompactPeers(encodeCompactPeers(peers))).toEqual(peers);
      }),
    );
  });

  test('bytes left over are refused, or ignored as deployed nodes do', () => {
    expect(() => decodeCompactNodes(new Uint8Array(53))).toThrow(
      expect.objectContaining({ code: 'wrong-length', offset: 52 }),
    );
    expect(decodeCompactNodes(new Uint8Array(53), 'deployed').length).toBe(2);
    expect(() => decodeCompactPeers(new Uint8Array(5))).toThrow(
      expect.objectContaining({ code: 'wrong-length', offset: 0 }),
    );
  });

  test.each(['1.2.3', '1.2.3.256', '01.2.3.4', '1.2.3.4.5', '::1', ''])('%j is no address', (ip) => {
    expect(() => encodeCompactPeers([{ ip, port: 1 }])).toThrow(RangeError);
  });
});

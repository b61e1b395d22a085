import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bencodeDict,
  decodeKrpc,
  encodeBencode,
  encodeKrpc,
  type KrpcMessage,
  WIRE_LIMITS,
  WireError,
} from '../src/index.ts';
import { canonicalValue } from './bencode-arbitraries.ts';
import { captured, fromHex, toHex } from './captured-chain.ts';

interface Exchange {
  readonly name: string;
  readonly request: string;
  readonly reply: string | null;
}
const { clientCases, passive } = captured<{
  clientCases: readonly Exchange[];
  passive: readonly { readonly kind: string; readonly hex: string }[];
}>('dht.json');
const idCases = captured<{ cases: readonly Exchange[] }>('dht-node-id-check.json').cases;
const readerCases = captured<{ cases: readonly { readonly udp?: readonly { query: string; reply: string }[] }[] }>(
  'dht-reader-checks.json',
).cases.flatMap(({ udp }) => udp ?? []);

const packets: string[] = [
  ...[...clientCases, ...idCases].flatMap(({ request, reply }) => [request, reply]),
  ...readerCases.flatMap(({ query, reply }) => [query, reply]),
  ...passive.filter(({ kind }) => kind !== 'utp_or_other').map(({ hex }) => hex),
].filter((hex) => typeof hex === 'string');

/** Requests that nobody answers, with the code that says why. */
const SILENT: Readonly<Record<string, string>> = { mainline_y_key_ignored: 'missing-key', not_bencode: 'wrong-length' };
const silent = clientCases.filter(({ name }) => name in SILENT);
const silentRequests = new Set(silent.map(({ request }) => request));

function again(message: KrpcMessage): Uint8Array {
  return encodeKrpc({ ...message, body: message.body.toValue(), extra: message.extra });
}

describe('captured packets', () => {
  test('decode, and encode to the same bytes', () => {
    const readable = packets.filter((hex) => !silentRequests.has(hex));
    expect(readable.length).toBeGreaterThan(200);
    for (const hex of readable) {
      const bytes = fromHex(hex);
      expect(toHex(again(decodeKrpc(bytes)))).toBe(hex);
      expect(toHex(again(decodeKrpc(bytes, 'deployed')))).toBe(hex);
    }
  });

  test.each(clientCases.filter(({ reply }) => reply !== null).map((entry) => [entry.name, entry] as const))(
    'the answer to %s carries its transaction',
    (_, { request, reply }) => {
      const query = decodeKrpc(fromHex(request));
      const answer = decodeKrpc(fromHex(reply!));
      expect(query.kind).toBe('query');
      expect(answer.kind).not.toBe('query');
      expect(toHex(answer.transaction)).toBe(toHex(query.transaction));
      expect(answer.extra.entries.map(([key]) => String.fromCharCode(...key))).toContain('v');
    },
  );

  test('what deployed nodes leave unanswered is refused', () => {
    expect(silent.length).toBe(2);
    for (const { name, request, reply } of silent) {
      expect(reply).toBeNull();
      for (const profile of ['canonical', 'deployed'] as const) {
        expect(() => decodeKrpc(fromHex(request), profile)).toThrow(expect.objectContaining({ code: SILENT[name] }));
      }
    }
  });

  test('other datagrams on the same port are no packets', () => {
    const others = passive.filter(({ kind }) => kind === 'utp_or_other');
    expect(others.length).toBe(3);
    for (const { hex } of others) expect(() => decodeKrpc(fromHex(hex), 'deployed')).toThrow(WireError);
  });

  test('an error may come with a half-made reply, which is extra', () => {
    const { reply } = clientCases.find(({ name }) => name === 'findNode_bad_target')!;
    const message = decodeKrpc(fromHex(reply!));
    expect(message.kind).toBe('error');
    expect(message.extra.entries.map(([key]) => String.fromCharCode(...key))).toEqual(['r', 'v']);
  });
});

const packet = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const PING = 'd1:q4:ping1:t2:aa1:v4:LT\x01\x001:xde1:z1:qe';

describe('refusals', () => {
  test.each([
    ['digits after it', 'd1:ale1:t0:1:z1:qe012', 'trailing-bytes', 'trailing-bytes'],
    ['less', 'd1:rde1:t1:a1:z1:re', 'wrong-length', 'wrong-length'],
    ['a list', 'l1:q4:ping1:t2:aa1:xe', 'wrong-type', 'wrong-type'],
    ['z of two letters', 'd1:q4:ping1:t2:aa1:xde1:z2:qqe', 'unknown-message', undefined],
    ['z of another letter', 'd1:q4:ping1:t2:aa1:xde1:z1:xe', 'unknown-message', 'unknown-message'],
    ['an empty z', 'd1:q4:ping1:t2:aa1:xde1:z0:e', 'missing-key', 'missing-key'],
    ['z that is a number', 'd1:q4:ping1:t2:aa1:xde1:zi1ee', 'missing-key', 'missing-key'],
    ['no t', 'd1:q4:ping1:v4:LT\x01\x001:xde1:z1:qe', 'missing-key', undefined],
    ['no q', 'd1:t2:aa1:v4:LT\x01\x001:xde1:z1:qe', 'missing-key', 'missing-key'],
    ['q that is a number', 'd1:qi1e1:t2:aa1:v4:LT\x01\x001:xde1:z1:qe', 'wrong-type', 'wrong-type'],
    ['no x', 'd1:q4:ping1:t2:aa1:v4:LT\x01\x001:z1:qe', 'missing-key', 'missing-key'],
    ['x that is a list', 'd1:q4:ping1:t2:aa1:xle1:z1:qe', 'wrong-type', 'wrong-type'],
    ['no r', 'd1:t2:aa1:v4:LT\x01\x001:z1:re', 'missing-key', 'missing-key'],
    ['no e', 'd1:t2:aa1:v4:LT\x01\x001:z1:ee', 'missing-key', 'missing-key'],
    ['e that is a dictionary', 'd1:ede1:t2:aa1:v2:LT1:z1:ee', 'wrong-type', 'wrong-type'],
    ['bytes after it that end in e', `${PING}xe`, 'trailing-bytes', undefined],
    ['bytes after it', `${PING}x`, 'trailing-bytes', 'trailing-bytes'],
    ['unsorted keys', 'd1:z1:q1:q4:ping1:t2:aa1:xdee', 'unsorted-keys', undefined],
    ['eleven levels', `d1:q4:ping1:t2:aa1:xd1:a${'l'.repeat(9)}${'e'.repeat(9)}e1:z1:qe`, 'too-deep', 'too-deep'],
    ['500 values', `d1:q4:ping1:t2:aa1:xd1:al${'le'.repeat(494)}ee1:z1:qe`, 'too-many', 'too-many'],
  ])('%s', (_, text, canonical, deployed) => {
    expect(() => decodeKrpc(packet(text))).toThrow(expect.objectContaining({ code: canonical }));
    const decode = () => decodeKrpc(packet(text), 'deployed');
    if (deployed === undefined) expect(decode).not.toThrow();
    else expect(decode).toThrow(expect.objectContaining({ code: deployed }));
  });

  test('ten levels, 499 values and 10,000 bytes are taken', () => {
    const deep = `d1:q4:ping1:t2:aa1:xd1:a${'l'.repeat(8)}${'e'.repeat(8)}e1:z1:qe`;
    expect(decodeKrpc(packet(deep)).query).toBe('ping');
    expect(decodeKrpc(packet(`d1:q4:ping1:t2:aa1:xd1:al${'le'.repeat(493)}ee1:z1:qe`)).query).toBe('ping');
    const padding = WIRE_LIMITS.krpcMostBytes - 'd1:q4:ping1:t2:aa1:xd1:a9999:e1:z1:qe'.length;
    const large = `d1:q4:ping1:t2:aa1:xd1:a${padding}:${'a'.repeat(padding)}e1:z1:qe`;
    expect(large.length).toBe(WIRE_LIMITS.krpcMostBytes);
    expect(decodeKrpc(packet(large)).query).toBe('ping');
    const larger = large.replace(`${padding}:`, `${padding + 1}:a`);
    expect(() => decodeKrpc(packet(larger))).toThrow(expect.objectContaining({ code: 'too-long' }));
  });

  test('a query name that is not UTF-8 is no text', () => {
    const message = decodeKrpc(packet('d1:q2:\xff\xfe1:t2:aa1:v2:LT1:xde1:z1:qe'));
    expect(message.kind).toBe('query');
    expect(message.query).toBeUndefined();
  });

  test('a missing t reads as empty in the deployed profile', () => {
    expect(decodeKrpc(packet('d1:q4:ping1:v4:LT\x01\x001:xde1:z1:qe'), 'deployed').transaction.length).toBe(0);
  });
});

describe('encoding', () => {
  const body = bencodeDict({ id: new Uint8Array(20) });
  const transaction = Uint8Array.of(1, 2);

  test('refuses what is no packet', () => {
    expect(() => encodeKrpc({ kind: 'query', transaction, body })).toThrow(TypeError);
    expect(() => encodeKrpc({ kind: 'reply', transaction, query: 'ping', body })).toThrow(TypeError);
    expect(() => encodeKrpc({ kind: 'reply', transaction, body: [] })).toThrow(TypeError);
    expect(() => encodeKrpc({ kind: 'error', transaction, body })).toThrow(TypeError);
    expect(() => encodeKrpc({ kind: 'reply', transaction, body, extra: bencodeDict({ z: 'q' }) })).toThrow(TypeError);
  });

  test('whatever the arguments, a packet that is small enough comes back', () => {
    const args = fc.dictionary(fc.string({ maxLength: 5 }), canonicalValue, { maxKeys: 4, noNullPrototype: true });
    const content = fc.record({
      transaction: fc.uint8Array({ maxLength: 4 }),
      query: fc.string({ maxLength: 12 }),
      args,
      version: fc.uint8Array({ minLength: 4, maxLength: 4 }),
    });
    fc.assert(
      fc.property(content, ({ transaction: t, query, args: fields, version }) => {
        const extra = bencodeDict({ v: version });
        const bytes = encodeKrpc({ kind: 'query', transaction: t, query, body: bencodeDict(fields), extra });
        const message = decodeKrpc(bytes);
        expect(message.query).toBe(query);
        expect(toHex(message.body.raw)).toBe(toHex(encodeBencode(bencodeDict(fields))));
        expect(toHex(again(message))).toBe(toHex(bytes));
      }),
    );
  });

  test('any flipped bit of a packet ends with a packet or a WireError', () => {
    const bytes = packet(PING);
    for (let bit = 0; bit < 8 * bytes.length; bit += 1) {
      const altered = Uint8Array.from(bytes);
      altered[bit >> 3]! ^= 1 << (bit & 7);
      for (const profile of ['canonical', 'deployed'] as const) {
        try {
          decodeKrpc(altered, profile);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }
    }
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => decodeKrpc(bytes.subarray(0, length), 'deployed')).toThrow(WireError);
    }
  });
});

import { hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, test } from 'vitest';
import { checkRequest, hasPiece, infoHashOf, type RequestContext, requestFor } from '../src/index.ts';
import { type CapturedCase, payloadOf, readCaptured } from './captured.ts';

const served: RequestContext = {
  waiting: 0,
  pieces: 10,
  owned: true,
  interested: true,
  choked: false,
  allowedFast: false,
};

function codeOf(request: Parameters<typeof checkRequest>[0], changes: Partial<RequestContext> = {}): string {
  const verdict = checkRequest(request, { ...served, ...changes });
  return verdict.ok ? 'accepted' : verdict.code;
}

test('a whole piece is asked for, and given (SWARM-7)', () => {
  expect(requestFor(3)).toEqual({ piece: 3, begin: 0, length: 16_384 });
  expect(checkRequest(requestFor(3), served)).toEqual({ ok: true, byWork: false });
});

test('pieces that are not here (SWARM-7)', () => {
  expect(codeOf(requestFor(10))).toBe('no-such-piece');
  expect(codeOf(requestFor(-1))).toBe('no-such-piece');
  expect(codeOf(requestFor(3), { owned: false })).toBe('no-such-piece');
});

test('blocks of a piece: any for deployed nodes, the whole one in the canonical profile (SWARM-7, W59)', () => {
  const both = (begin: number, length: number): string[] => [
    codeOf({ piece: 0, begin, length }),
    codeOf({ piece: 0, begin, length }, { profile: 'deployed' }),
  ];
  expect(both(0, 16_384)).toEqual(['accepted', 'accepted']);
  expect(both(0, 1)).toEqual(['accepted', 'accepted']);
  expect(both(1, 16_383)).toEqual(['bad-block', 'accepted']);
  expect(both(16_383, 1)).toEqual(['bad-block', 'accepted']);
  expect(both(1, 16_384)).toEqual(['bad-block', 'bad-block']);
  expect(both(16_384, 1)).toEqual(['bad-block', 'bad-block']);
  expect(both(0, 16_385)).toEqual(['bad-block', 'bad-block']);
  expect(both(0, 0)).toEqual(['bad-block', 'bad-block']);
  expect(both(0, -1)).toEqual(['bad-block', 'bad-block']);
  expect(both(-1, 1)).toEqual(['bad-block', 'bad-block']);
});

test('who may ask (SWARM-7)', () => {
  expect(codeOf(requestFor(0), { waiting: 250 })).toBe('accepted');
  expect(codeOf(requestFor(0), { waiting: 251 })).toBe('queue-full');
  expect(codeOf(requestFor(0), { interested: false })).toBe('not-interested');
  expect(codeOf(requestFor(0), { choked: true })).toBe('choked');
  expect(codeOf(requestFor(0), { choked: true, allowedFast: true })).toBe('accepted');
  expect(codeOf(requestFor(0), { choked: true, allowedFast: true, interested: false })).toBe('not-interested');
});

test('a nonce counts for a choked peer only, and for its piece only (SWARM-7, SWARM-11)', () => {
  const peek = { infoHash: infoHashOf('mfreitas'), nonce: hexToBytes('00002a93'), nbits: 16 };
  const choked = { ...served, choked: true, peek };
  expect(checkRequest(requestFor(5), choked)).toEqual({ ok: true, byWork: true });
  expect(checkRequest(requestFor(5), { ...choked, choked: false })).toEqual({ ok: true, byWork: false });
  expect(checkRequest(requestFor(5), { ...choked, allowedFast: true })).toEqual({ ok: true, byWork: false });
  expect(checkRequest(requestFor(6), choked)).toMatchObject({ code: 'choked' });
  expect(checkRequest(requestFor(5), { ...choked, peek: { ...peek, nbits: 20 } })).toMatchObject({ code: 'choked' });
});

describe('what a deployed daemon did with the requests of a scripted peer', () => {
  const { infoHash, cases } = readCaptured<{ infoHash: string; cases: CapturedCase[] }>('swarm-peek-choked.json');
  const fresh = cases.filter(({ log = [] }) => log.some(({ msg }) => msg === 'handshake'));

  test.each(fresh.map((one) => [one.name, one] as const))('%s', (_, { log = [], closedByNode }) => {
    const from = (dir: string, msg: string): string[] =>
      log.filter((message) => message.dir === dir && message.msg === msg).map(payloadOf);
    const [request] = from('c2n', 'request');
    if (request === undefined) return expect(from('c2n', 'hashcash_nonce').length).toBe(2);
    const piece = Number.parseInt(request.slice(0, 8), 16);
    const bitfield = hexToBytes(from('n2c', 'bitfield')[0]!);
    const [nonce] = from('c2n', 'hashcash_nonce');
    const nbits = Number.parseInt(from('n2c', 'hashcash_nbits')[0]!, 16);
    const verdict = checkRequest(
      { piece, begin: Number.parseInt(request.slice(8, 16), 16), length: Number.parseInt(request.slice(16), 16) },
      {
        waiting: 0,
        pieces: 8 * bitfield.length,
        owned: hasPiece(bitfield, piece),
        interested: from('c2n', 'interested').length > 0,
        choked: true,
        allowedFast: from('n2c', 'allowed_fast').includes(request.slice(0, 8)),
        peek: nonce === undefined ? undefined : { infoHash: hexToBytes(infoHash), nonce: hexToBytes(nonce), nbits },
      },
    );
    expect(verdict.ok).toBe(from('n2c', 'piece').length > 0);
    expect(verdict.ok).toBe(closedByNode === false);
  });

  test('an unchoked peer is refused a piece that is not here', () => {
    const extra = readCaptured<{ cases: CapturedCase[] }>('swarm-extra.json').cases;
    const { log = [] } = extra.find(({ name }) => name.includes('not owned'))!;
    const bitfield = hexToBytes(payloadOf(log.find(({ msg }) => msg === 'bitfield')!));
    expect(log.at(-1)?.msg).toBe('reject');
    expect(hasPiece(bitfield, 11)).toBe(false);
    expect(codeOf(requestFor(11), { pieces: 8 * bitfield.length, owned: false })).toBe('no-such-piece');
  });
});

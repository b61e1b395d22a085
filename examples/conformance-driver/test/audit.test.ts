import { createNobleBackend } from '@rookery/keys';
import { describe, expect, test } from 'vitest';
import { writeLine } from '../src/lines.ts';
import { engines, operations } from '../src/operations.ts';
import { Session } from '../src/session.ts';

const identity = { name: 'test', version: '0', language: 'TypeScript', homepage: '', profiles: [] };
const session = new Session(identity, operations, engines, { backend: createNobleBackend() });

function run(op: string, input: object): unknown {
  return session.answer(JSON.stringify({ seq: 1, cmd: 'run', op, in: input }));
}

test.each([
  ['9007199254740992', '0700000000000020'],
  ['-9223372036854775808', '09000000000000008080'],
])('the number %s is pushed', (n, bytes) => {
  expect(run('script.encode', { items: [{ n }] })).toEqual({ seq: 1, ok: { bytes } });
});

test('a number that does not fit 64 bits is a bad request', () => {
  expect(run('script.encode', { items: [{ n: '9223372036854775808' }] })).toMatchObject({ error: {} });
});

test('a wrong network is a bad request whatever the bytes are', () => {
  expect(run('tx.check', { network: 'x', bytes: '' })).toMatchObject({ error: {} });
  expect(run('tx.check', { bytes: '00' })).toMatchObject({ error: {} });
});

test('a profile of null is a bad request', () => {
  expect(run('bencode.decode', { bytes: '6930650a', profile: null })).toMatchObject({ error: {} });
});

describe('what is left out of a check is refused', () => {
  test.each([
    ['username.check', {}, 'bad-user-name'],
    ['tx.check', { network: 'main' }, 'truncated'],
    ['promotion.check', { height: 5, users: [] }, 'truncated'],
    ['promotion.check', { bytes: '00', users: [] }, 'unknown-promotion-author'],
    ['promotion.check', { bytes: '00', height: 5 }, 'unknown-promotion-author'],
    ['checkpoint.vote.check', { network: 'main', tip: 60000, users: [] }, 'truncated'],
    ['checkpoint.vote.check', { network: 'main', bytes: '00', users: [] }, 'vote-too-early'],
    ['checkpoint.vote.check', { network: 'main', bytes: '00', tip: 60000 }, 'bad-vote-signature'],
    ['block.check', { network: 'main', now: 1700000000 }, 'truncated'],
    ['block.check', { network: 'main', bytes: '00' }, 'time-too-new'],
  ])('%s of %j', (op, input, code) => {
    expect(run(op, input)).toEqual({ seq: 1, reject: { code } });
  });
});

test('a block that is only too new scores 0', () => {
  const bytes =
    '020000001d00000075a340fc085f8c48994f47b2b39894b94c462536d65ffec01e81889afa12d5852914b177e108fbe21aea670e4efd20bf0e2570ad' +
    '057ccd3b42a7bb46088e9639fc3a016bffff031f970600000201000000121172656a656374207465737420626c6f636b0d066e6f626f647900040102' +
    '0304090101062f503253482f00000000010000000009086e65777573657231222102e7e3b562115398046b13dc1a7e81d18342295a39e8aa6215f46e' +
    'd46c765ae136f20d5f00';
  const late = { network: 'main', bytes, now: 0x6b013afc - 7201 };
  expect(run('block.check', late)).toEqual({ seq: 1, reject: { code: 'time-too-new', penalty: 0 } });
  expect(run('block.check', { ...late, now: late.now + 1 })).toEqual({ seq: 1, ok: {} });
});

test('on testnet the given last bits count', () => {
  const input = { network: 'testnet', prevHeight: 100, prevTime: 5, prevBits: 0x1e00ffff, firstTime: 1, time: 6 };
  expect(run('difficulty.next', { ...input, lastBits: 0x1f03ffff })).toEqual({ seq: 1, ok: { bits: 0x1f03ffff } });
});

test('an answer that is longer than a line may be becomes an error', () => {
  const answer = { seq: 7, ok: { bytes: 'é'.repeat(20) } };
  expect(writeLine(answer)).toBe(JSON.stringify(answer));
  expect(writeLine(answer, 67)).toBe(JSON.stringify(answer));
  expect(JSON.parse(writeLine(answer, 66))).toMatchObject({ seq: 7, error: {} });
});

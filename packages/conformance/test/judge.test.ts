import { describe, expect, test } from 'vitest';
import { type Answer, judge, type VectorCase } from '../src/index.ts';

const head = { id: 'test-1', rule: 'CONF-6', level: 'MUST', comment: 'c', flags: [], op: 'test.do', in: {} } as const;
const valid: VectorCase = { ...head, result: 'valid', out: { n: 1 } };
const invalid: VectorCase = { ...head, result: 'invalid', reject: { code: 'bad-thing', penalty: 10 } };
const either: VectorCase = {
  ...head,
  result: 'acceptable',
  either: [{ out: { n: 1 } }, { out: { n: 2 } }, { reject: { code: 'bad-thing' } }],
};
const ok = (n: number): Answer => ({ kind: 'ok', ok: { n, extra: true } });
const reject = (code: string, penalty?: number): Answer => ({
  kind: 'reject',
  reject: penalty === undefined ? { code } : { code, penalty },
});

describe('CONF-6', () => {
  test.each<[string, VectorCase, Answer, string]>([
    ['a valid case with the expected fields and more', valid, ok(1), 'pass'],
    ['a valid case with another value', valid, ok(2), 'fail'],
    ['a valid case that is refused', valid, reject('bad-thing'), 'fail'],
    ['an invalid case with the code and the penalty', invalid, reject('bad-thing', 10), 'pass'],
    ['an invalid case without a penalty', invalid, reject('bad-thing'), 'pass'],
    ['an invalid case with another penalty', invalid, reject('bad-thing', 20), 'warn'],
    ['an invalid case with another code', invalid, reject('other', 10), 'warn'],
    ['an invalid case that is accepted', invalid, ok(1), 'fail'],
    ['the first allowed outcome', either, ok(1), 'pass'],
    ['the second allowed outcome', either, ok(2), 'pass'],
    ['the allowed refusal', either, reject('bad-thing'), 'pass'],
    ['the allowed refusal with another code', either, reject('other'), 'warn'],
    ['none of the allowed outcomes', either, ok(3), 'fail'],
    ['a skip', valid, { kind: 'skip', reason: 'not yet' }, 'skip'],
    ['an error', invalid, { kind: 'error', message: 'boom' }, 'error'],
  ])('%s', (_, test, answer, status) => {
    const judgement = judge(test, answer);
    expect(judgement.status).toBe(status);
    expect(judgement.detail === '').toBe(status === 'pass');
  });
});

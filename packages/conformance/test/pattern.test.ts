import { describe, expect, test, vi } from 'vitest';
import { type Bindings, type Decode, insert, type Json, matchEffects, matchPattern } from '../src/index.ts';

const none: Bindings = new Map();
/** Stands for a driver that decodes `<op>` by upper-casing. */
const decode: Decode = async (op, input) =>
  op === 'up' ? { ok: { text: String(input.bytes).toUpperCase(), given: input } } : { detail: 'unknown operation' };

async function fits(pattern: Json, actual: Json | undefined, bindings: Bindings = none): Promise<boolean> {
  return (await matchPattern(pattern, actual, bindings, decode)).ok;
}

describe('CONF-7', () => {
  test('a star matches anything that is there, null too, and nothing that is not', async () => {
    expect(await fits('*', null)).toBe(true);
    expect(await fits({ a: '*' }, { a: [1, 2] })).toBe(true);
    expect(await fits({ a: '*' }, {})).toBe(false);
  });

  test('fields that are left out are free, elements are not', async () => {
    expect(await fits({ a: 1 }, { a: 1, b: 2 })).toBe(true);
    expect(await fits([1], [1, 2])).toBe(false);
    expect(await fits({ a: 1 }, { a: '1' })).toBe(false);
    expect(await fits({ a: {} }, { a: [] })).toBe(false);
  });

  test('let binds, use wants the same and in full', async () => {
    const pattern = [{ id: { let: 'x' } }, { ref: { use: 'x' } }];
    expect(await fits(pattern, [{ id: { deep: 1 } }, { ref: { deep: 1 } }])).toBe(true);
    expect(await fits(pattern, [{ id: { deep: 1 } }, { ref: { deep: 1, more: 2 } }])).toBe(false);
    const result = await matchPattern({ let: 'x' }, 7, new Map([['x', 1]]), decode);
    expect(result).toEqual({ ok: true, bindings: new Map([['x', 7]]) });
  });

  test('use of what nothing has bound does not match, and says so', async () => {
    const result = await matchPattern({ use: 'x' }, 1, none, decode);
    expect(result).toEqual({ ok: false, detail: 'nothing has bound x yet' });
  });

  test('what is bound is no pattern', async () => {
    expect(await fits({ use: 'x' }, 'anything', new Map([['x', '*']]))).toBe(false);
    expect(await fits({ use: 'x' }, '*', new Map([['x', '*']]))).toBe(true);
  });

  test('insert puts values into inputs at any depth', () => {
    const bindings = new Map<string, Json>([['x', 'ff']]);
    expect(insert({ a: [{ use: 'x' }, { use: 'x', more: 1 }] }, bindings)).toEqual({
      a: ['ff', { use: 'x', more: 1 }],
    });
    expect(() => insert({ use: 'y' }, bindings)).toThrow(RangeError);
  });

  test('bytes are decoded by an operation before they are matched', async () => {
    expect(await fits({ bytes: { op: 'up', ok: { text: 'AB' } } }, { bytes: 'ab' })).toBe(true);
    expect(await fits({ bytes: { op: 'up', ok: { text: 'AC' } } }, { bytes: 'ab' })).toBe(false);
    expect(await fits({ bytes: { op: 'down', ok: {} } }, { bytes: 'ab' })).toBe(false);
    expect(await fits({ bytes: { op: 'up', ok: {} } }, { bytes: 5 })).toBe(false);
  });

  test('decoding takes further fields, bindings and patterns inside of patterns', async () => {
    const inner = { op: 'up', ok: { text: { op: 'up', ok: { text: 'AB' } } } };
    expect(await fits(inner, 'ab')).toBe(true);
    const further = { op: 'up', in: { network: { use: 'n' } }, ok: { given: { network: 'main' } } };
    expect(await fits(further, 'ab', new Map([['n', 'main']]))).toBe(true);
    expect(await fits(further, 'ab')).toBe(false);
    const learned = await matchPattern({ op: 'up', ok: { text: { let: 't' } } }, 'ab', none, decode);
    expect(learned).toEqual({ ok: true, bindings: new Map([['t', 'AB']]) });
  });

  test('has and hasNot judge any list by what is in it', async () => {
    expect(await fits({ nodes: { has: [2, 1] } }, { nodes: [1, 2, 3] })).toBe(true);
    expect(await fits({ nodes: { has: [1, 1] } }, { nodes: [1, 2, 3] })).toBe(false);
    expect(await fits({ nodes: { hasNot: [4] } }, { nodes: [1, 2, 3] })).toBe(true);
    expect(await fits({ nodes: { has: [1], hasNot: [3] } }, { nodes: [1, 2, 3] })).toBe(false);
    expect(await fits({ nodes: { has: [] } }, { nodes: 'none' })).toBe(false);
  });

  test('an object that only looks like a mark is compared as it is', async () => {
    expect(await fits({ let: 'x', other: 1 }, { let: 'x', other: 1 })).toBe(true);
    expect(await fits({ op: 'up' }, { op: 'up' })).toBe(true);
    expect(await fits({ has: 1 }, { has: 1 })).toBe(true);
  });
});

describe('effects', () => {
  const send = (to: string) => ({ type: 'send', to });
  const stored = { type: 'stored' };

  test('sends stand in any order among their places', async () => {
    const result = await matchEffects([send('a'), stored, send('b')], [send('b'), stored, send('a')], none, decode);
    expect(result.ok).toBe(true);
  });

  test('other effects keep their order, and sends do not change places with them', async () => {
    expect((await matchEffects([send('a'), stored], [stored, send('a')], none, decode)).ok).toBe(false);
    const two = [{ type: 'one' }, { type: 'two' }];
    expect((await matchEffects(two, [...two].reverse(), none, decode)).ok).toBe(false);
  });

  test('an exact list lets nothing more through', async () => {
    expect((await matchEffects([send('a')], [send('a'), send('a')], none, decode)).ok).toBe(false);
    expect((await matchEffects([], [stored], none, decode)).ok).toBe(false);
  });

  test('a pairing that binds the wrong value is taken back', async () => {
    const pattern = [
      { type: 'send', to: { let: 'x' } },
      { type: 'send', to: 'b', copy: { use: 'x' } },
    ];
    const effects = [
      { type: 'send', to: 'b', copy: 'c' },
      { type: 'send', to: 'c', copy: 'd' },
    ];
    const result = await matchEffects(pattern, effects, none, decode);
    expect(result).toEqual({ ok: true, bindings: new Map([['x', 'c']]) });
  });

  test('the closest miss is named', async () => {
    const result = await matchEffects({ has: [send('a'), send('z')] }, [send('a'), send('b')], none, decode);
    expect(result).toMatchObject({ ok: false });
    expect(!result.ok && result.detail).toContain('"z"');
  });

  test('a hostile number of pairings ends', async () => {
    const patterns = Array.from({ length: 12 }, (_, i) => ({ type: 'send', to: '*', n: i === 11 ? 'never' : '*' }));
    const effects = Array.from({ length: 12 }, () => ({ type: 'send', to: 'a', n: 1 }));
    const result = await matchEffects(patterns, effects, none, decode);
    expect(!result.ok && result.detail).toContain('too many ways');
  });

  test('each question to the decoder is put with the bytes at hand', async () => {
    const asked = vi.fn(decode);
    await matchEffects(
      { has: [{ bytes: { op: 'up', ok: { text: 'B' } } }] },
      [{ bytes: 'a' }, { bytes: 'b' }],
      none,
      asked,
    );
    expect(asked.mock.calls.map(([, input]) => input.bytes)).toEqual(['a', 'b']);
  });
});

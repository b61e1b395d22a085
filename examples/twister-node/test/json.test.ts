import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JsonError, parseJson } from '../src/rpc/parse-json.ts';
import { Real, type RpcValue } from '../src/rpc/value.ts';
import { writeJson } from '../src/rpc/write-json.ts';

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'utf8'));
const textOf = (value: RpcValue) => writeJson(value).toString('utf8');

describe('reading', () => {
  test('agrees with the built-in reader, integers apart from reals', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        expect(plain(parseJson(bytesOf(JSON.stringify(value))))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('keeps integers beyond 2^53, tells 1 from 1.0', () => {
    expect(parseJson(bytesOf('[9223372036854775807, 1, 1.0, -0, 1e2]'))).toEqual([
      9223372036854775807n,
      1,
      new Real(1),
      0,
      new Real(100),
    ]);
  });

  test('understands escapes, as text and not as bytes', () => {
    expect(parseJson(bytesOf('"\\u00e4\\ud83d\\ude00\\n\\/ä"'))).toBe('ä😀\n/ä');
  });

  test('takes strings of bytes that are no UTF-8, and writes them back as they were', () => {
    const raw = Uint8Array.from([0x22, 0xff, 0x41, 0x5c, 0x6e, 0xc3, 0x22]);
    expect(parseJson(raw)).toEqual(Uint8Array.from([0xff, 0x41, 0x0a, 0xc3]));
    expect(new Uint8Array(writeJson(parseJson(raw)))).toEqual(raw);
  });

  test.each([
    '',
    '{',
    '[1,]',
    '{"a":1,}',
    '"a',
    '"\\x"',
    '"\\ud800"',
    '01',
    'nul',
    '1 2',
    '{a:1}',
    '[1 2]',
    '"\n"',
    '-',
  ])('refuses %j', (text) => {
    expect(() => parseJson(bytesOf(text))).toThrow(JsonError);
  });

  test('refuses deep nesting and survives long input', () => {
    expect(() => parseJson(bytesOf('['.repeat(100_000)))).toThrow(JsonError);
    expect(parseJson(bytesOf(`"${'\\\\'.repeat(200_000)}"`))).toHaveLength(200_000);
  });

  test('a field called __proto__ is a field', () => {
    const value = parseJson(bytesOf('{"__proto__":{"x":1}}')) as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(['__proto__']);
  });
});

describe('writing', () => {
  test('escapes only what must be and leaves other characters as they are', () => {
    expect(textOf('ä"\\\n\u0001漢😀')).toBe('"ä\\"\\\\\\n\\u0001漢😀"');
  });

  test('writes reals with eight decimals, as twisterd does', () => {
    expect(textOf({ difficulty: new Real(3.81e-6), big: 2n ** 63n })).toBe(
      '{"difficulty":0.00000381,"big":9223372036854775808}',
    );
  });

  test('reading what was written gives the same', () => {
    const scalar = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.boolean(),
      fc.constant(null),
    );
    const values = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof({ maxDepth: 4 }, scalar, fc.array(tie('value')), fc.dictionary(fc.string(), tie('value'))),
    })).value;
    fc.assert(
      fc.property(values, (value) => {
        const once = parseJson(writeJson(value as RpcValue));
        expect(parseJson(writeJson(once))).toEqual(once);
      }),
    );
  });
});

function plain(value: unknown): unknown {
  if (value instanceof Real) return value.value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, plain(field)]));
  return value;
}

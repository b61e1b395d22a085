import { describe, expect, test } from 'vitest';
import {
  type BencodeOptions,
  type BencodeValue,
  bencodeDict,
  decodeBencode,
  encodeBencode,
  encodeUtf8,
  WIRE_LIMITS,
  type WireErrorCode,
} from '../src/index.ts';

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const latin = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
const deployed: BencodeOptions = { profile: 'deployed' };

function expectRefusal(text: string, code: WireErrorCode, offset: number, options?: BencodeOptions): void {
  expect(() => decodeBencode(ascii(text), options)).toThrow(expect.objectContaining({ code, offset }));
}

describe('canonical form', () => {
  test.each<[string, WireErrorCode, number]>([
    ['', 'truncated', 0],
    ['x', 'syntax', 0],
    ['e', 'syntax', 0],
    ['-1:a', 'syntax', 0],
    ['1a:b', 'syntax', 1],
    ['3:ab', 'truncated', 4],
    ['12', 'truncated', 2],
    ['01:a', 'bad-length', 0],
    ['00:', 'bad-length', 0],
    ['i1', 'truncated', 2],
    ['i', 'truncated', 1],
    ['ie', 'bad-integer', 1],
    ['i-e', 'bad-integer', 2],
    ['i-0e', 'bad-integer', 2],
    ['i01e', 'bad-integer', 1],
    ['i-01e', 'bad-integer', 2],
    ['i+1e', 'bad-integer', 1],
    ['i1 e', 'bad-integer', 2],
    ['i1.0e', 'bad-integer', 2],
    ['i9223372036854775808e', 'bad-integer', 1],
    ['i-9223372036854775809e', 'bad-integer', 2],
    ['i99999999999999999999e', 'bad-integer', 1],
    ['l', 'truncated', 1],
    ['lx', 'syntax', 1],
    ['di1ei2ee', 'syntax', 1],
    ['dle1:ae', 'syntax', 1],
    ['d1:ae', 'syntax', 4],
    ['d1:b0:1:a0:e', 'unsorted-keys', 8],
    ['d2:aa0:1:a0:e', 'unsorted-keys', 9],
    ['d1:a0:1:a0:e', 'duplicate-key', 8],
    ['d1:ad1:x0:e1:a0:e', 'duplicate-key', 13],
    ['d1:ad1:x0:e1:Z0:e', 'unsorted-keys', 13],
    ['d0:0:0:0:e', 'duplicate-key', 7],
    ['i1ei2e', 'trailing-bytes', 3],
    ['0:\0', 'trailing-bytes', 2],
  ])('%j is refused with %s at %i (BENC-2 … BENC-12)', (text, code, offset) => {
    expectRefusal(text, code, offset);
  });

  test.each<[string, bigint]>([
    ['i0e', 0n],
    ['i-1e', -1n],
    ['i9007199254740993e', 9007199254740993n],
    ['i9223372036854775807e', 9223372036854775807n],
    ['i-9223372036854775808e', -9223372036854775808n],
  ])('%s is exact (BENC-6)', (text, value) => {
    expect(decodeBencode(ascii(text)).value.integer).toBe(value);
  });

  test('keys rise by unsigned bytes, a longer key after its beginning (BENC-9)', () => {
    expect(decodeBencode(ascii('d0:i0e1:ai1e2:aai2e1:\x7fi3e1:\x80i4ee')).value.size).toBe(5);
  });

  test('an empty string may be the whole value', () => {
    expect(decodeBencode(ascii('0:')).value.bytes.length).toBe(0);
  });
});

describe('deployed form', () => {
  test.each<[string, WireErrorCode, number]>([
    ['', 'truncated', 0],
    ['0:', 'truncated', 2],
    ['00:', 'truncated', 3],
    ['l0:', 'truncated', 3],
    ['i12', 'truncated', 3],
    ['d1:ae', 'syntax', 4],
    ['di1ei2ee', 'syntax', 1],
    ['99999999999999999999999999:a', 'truncated', 28],
    ['1x:a', 'syntax', 1],
  ])('%j is refused with %s at %i', (text, code, offset) => {
    expectRefusal(text, code, offset, deployed);
  });

  test.each<[string, bigint]>([
    ['ie', 0n],
    ['i-e', 0n],
    ['i-0e', 0n],
    ['i007e', 7n],
    ['i-007e', -7n],
    ['i1xe', 0n],
    ['i+1e', 0n],
    ['i 1e', 0n],
    ['i--1e', 0n],
    ['i9223372036854775807e', 9223372036854775807n],
    ['i9223372036854775808e', 0n],
    ['i-9223372036854775807e', -9223372036854775807n],
    ['i-9223372036854775808e', 0n],
    ['i18446744073709551621e', 0n],
    ['i0000000000000000000000000000005e', 5n],
  ])('%s reads as %s (BENC-7)', (text, value) => {
    const { value: node, consumed } = decodeBencode(ascii(text), deployed);
    expect(node.integer).toBe(value);
    expect(node.number).toBe(Number.isSafeInteger(Number(value)) ? Number(value) : undefined);
    expect(consumed).toBe(text.length);
  });

  test('of two entries of one key the first counts, and order does not matter (BENC-9)', () => {
    const { value } = decodeBencode(ascii('d1:bi1e1:ai2e1:bi3ee'), deployed);
    expect(value.getInteger('b')).toBe(1n);
    expect(value.getInteger('a')).toBe(2n);
    expect(value.size).toBe(3);
    expect(value.entries().map(([key]) => latin(key))).toEqual(['b', 'a', 'b']);
  });

  test('the first entry counts even where it is of another kind (BENC-9)', () => {
    const { value } = decodeBencode(ascii('d1:a1:x1:ai3ee'), deployed);
    expect(value.getInteger('a')).toBeUndefined();
  });

  test('a length with leading zeros takes them into the key in front of it (BENC-4)', () => {
    const { value } = decodeBencode(ascii('d1:a003:abce'), deployed);
    expect(value.get('a')).toBeUndefined();
    expect(value.getText('a00')).toBe('abc');
    expect(latin(value.get('a00')!.raw)).toBe('3:abc');
  });

  test('leading zeros in the length of a key do no harm (BENC-4)', () => {
    expect(decodeBencode(ascii('d01:ai1ee'), deployed).value.getInteger('a')).toBe(1n);
  });

  test('a key with NUL is found by its whole name only', () => {
    const { value } = decodeBencode(ascii('d3:a\0bi1ee'), deployed);
    expect(value.get('a')).toBeUndefined();
    expect(value.getInteger('a\0b')).toBe(1n);
  });

  test('what follows the value is left (BENC-12)', () => {
    const { value, consumed } = decodeBencode(ascii('i1exyz'), deployed);
    expect(consumed).toBe(3);
    expect(latin(value.raw)).toBe('i1e');
  });
});

describe('limits', () => {
  const nested = (levels: number): string => 'l'.repeat(levels) + 'e'.repeat(levels);

  test.each(['canonical', 'deployed'] as const)('depth, %s (BENC-11)', (profile) => {
    expect(decodeBencode(ascii(nested(1000)), { profile }).consumed).toBe(2000);
    expectRefusal(nested(1001), 'too-deep', 1000, { profile });
    expect(decodeBencode(ascii('li1ee'), { profile, maxDepth: 1 }).consumed).toBe(5);
    expectRefusal('llee', 'too-deep', 1, { profile, maxDepth: 1 });
    expectRefusal('i1e', 'too-deep', 0, { profile, maxDepth: 0 });
  });

  test.each(['canonical', 'deployed'] as const)(
    'number of values, %s: one fewer than the limit (BENC-10)',
    (profile) => {
      expect(decodeBencode(ascii('li1ei2ee'), { profile, maxItems: 4 }).consumed).toBe(8);
      expectRefusal('li1ei2ee', 'too-many', 4, { profile, maxItems: 3 });
      expectRefusal('i1e', 'too-many', 0, { profile, maxItems: 1 });
      expect(decodeBencode(ascii('d1:a1:b1:c1:de'), { profile, maxItems: 4 }).value.size).toBe(2);
      const most = `l${'i0e'.repeat(WIRE_LIMITS.bencodeItems - 2)}e`;
      expect(decodeBencode(ascii(most), { profile }).value.size).toBe(WIRE_LIMITS.bencodeItems - 2);
      expectRefusal(`${most.slice(0, -1)}i0ee`, 'too-many', most.length - 1, { profile });
    },
  );

  test('size (BENC-1)', () => {
    expect(decodeBencode(ascii('3:abc'), { maxBytes: 5 }).consumed).toBe(5);
    expectRefusal('3:abc', 'too-long', 4, { maxBytes: 4 });
    const bytes = new Uint8Array(WIRE_LIMITS.bencodeBytes + 1);
    expect(() => decodeBencode(bytes)).toThrow(expect.objectContaining({ code: 'too-long' }));
  });

  test('a limit that is none is the mistake of the caller', () => {
    expect(() => decodeBencode(ascii('i1e'), { maxDepth: -1 })).toThrow(RangeError);
    expect(() => decodeBencode(ascii('i1e'), { maxItems: 1.5 })).toThrow(RangeError);
  });

  test('depth is no danger to any function, as nothing recurses', () => {
    const levels = 200_000;
    const { value } = decodeBencode(ascii(`${'d1:al'.repeat(levels)}${'ee'.repeat(levels)}`), {
      maxDepth: 2 * levels,
      maxItems: 3 * levels,
    });
    const plain = value.toValue();
    expect(encodeBencode(plain).length).toBe(7 * levels);
    let input: unknown[] = [];
    for (let level = 0; level < levels; level += 1) input = [input];
    expect(encodeBencode(bencodeDict({ a: input as BencodeValue[] })).length).toBe(2 * levels + 7);
  });

  test.each([
    ['a string longer than memory', '9007199254740993:'],
    ['a length that is longer still', `${'9'.repeat(100_000)}:`],
  ])('%s is refused without reserving anything', (_, text) => {
    expectRefusal(text, 'truncated', text.length);
    expectRefusal(text, 'truncated', text.length, deployed);
  });

  test('an integer of a million digits is refused, and reads as 0 for deployed nodes', () => {
    const text = `i${'7'.repeat(1_000_000)}e`;
    expectRefusal(text, 'bad-integer', 1);
    expect(decodeBencode(ascii(text), deployed).value.integer).toBe(0n);
  });
});

describe('nodes', () => {
  const { value: root } = decodeBencode(ascii('d1:bl1:x2:\xff\xfee1:di-5e4:dictd1:ki7eee'));

  test('say where they stand and hand out what was received (BENC-13)', () => {
    const list = root.get('b')!;
    expect([list.kind, list.start, list.end, latin(list.raw)]).toEqual(['list', 4, 13, 'l1:x2:\xff\xfee']);
    expect(latin(root.getDict('dict')!.raw)).toBe('d1:ki7ee');
    expect(latin(root.getList('b')!.items()[1]!.raw)).toBe('2:\xff\xfe');
  });

  test('look up by key and kind', () => {
    expect(root.getInteger('d')).toBe(-5n);
    expect(root.getNumber('d')).toBe(-5);
    expect(root.getBytes('d')).toBeUndefined();
    expect(root.getText('nothing')).toBeUndefined();
    expect(root.getDict('b')).toBeUndefined();
    expect(
      root
        .getList('b')
        ?.items()
        .map((item) => item.text),
    ).toEqual(['x', undefined]);
    expect(root.getDict('dict')?.getNumber('k')).toBe(7);
    expect(root.items().map(({ kind }) => kind)).toEqual(['list', 'integer', 'dict']);
  });

  test('a key that is not ASCII is looked up by its UTF-8 bytes', () => {
    expect(decodeBencode(encodeBencode(bencodeDict({ é: 1 }))).value.getNumber('é')).toBe(1);
  });

  test('refuse to be what they are not', () => {
    expect(() => root.integer).toThrow(TypeError);
    expect(() => root.bytes).toThrow(TypeError);
    expect(() => root.get('d')!.get('x')).toThrow(TypeError);
    expect(() => root.get('d')!.size).toThrow(TypeError);
    expect(() => root.get('b')!.entries()).toThrow(TypeError);
  });

  test('a number beyond 2^53 is left to the bigint', () => {
    const { value } = decodeBencode(ascii('d1:ai9007199254740991e1:bi9007199254740992ee'));
    expect(value.getNumber('a')).toBe(Number.MAX_SAFE_INTEGER);
    expect(value.getNumber('b')).toBeUndefined();
    expect(value.getInteger('b')).toBe(9007199254740992n);
  });

  test('one decoder does not disturb what another has read', () => {
    const first = decodeBencode(ascii('l1:a1:be')).value;
    for (let round = 0; round < 3; round += 1) decodeBencode(ascii(`l${'i7e'.repeat(5_000)}e`));
    expect(() => decodeBencode(ascii('l1:c'))).toThrow();
    expect(first.items().map(({ text }) => text)).toEqual(['a', 'b']);
  });
});

describe('encoding', () => {
  test('writes what it is given, sorted or not (BENC-14)', () => {
    const entry = (key: string): [Uint8Array, BencodeValue] => [ascii(key), 1n];
    expect(latin(encodeBencode({ entries: [entry('b'), entry('a'), entry('b')] }))).toBe('d1:bi1e1:ai1e1:bi1ee');
  });

  test('bencodeDict sorts by bytes, leaves out undefined and takes plain data', () => {
    const dict = bencodeDict({
      b: [1, 'x', { z: 1, a: undefined, B: 2n }],
      '\u{10000}': 1,
      '\uffff': 2,
      none: undefined,
      raw: {
        entries: [
          [ascii('b'), 1n],
          [ascii('a'), 2n],
        ],
      },
    });
    expect(latin(encodeBencode(dict))).toBe(
      `d1:bli1e1:xd1:Bi2e1:zi1eee3:rawd1:bi1e1:ai2ee3:\xef\xbf\xbfi2e4:\xf0\x90\x80\x80i1ee`,
    );
  });

  test('refuses numbers that would not come back', () => {
    expect(() => bencodeDict({ a: 0.5 })).toThrow(RangeError);
    expect(() => bencodeDict({ a: 2 ** 53 })).toThrow(RangeError);
    expect(() => encodeBencode(2n ** 63n)).toThrow(RangeError);
    expect(() => encodeBencode(-(2n ** 63n) - 1n)).toThrow(RangeError);
    expect(() => bencodeDict({ a: '\ud800' })).toThrow(RangeError);
  });

  test('empty containers', () => {
    expect(latin(encodeBencode([]))).toBe('le');
    expect(latin(encodeBencode(bencodeDict({})))).toBe('de');
    expect(latin(encodeBencode(encodeUtf8('')))).toBe('0:');
    expect(latin(encodeBencode(bencodeDict({ a: {}, b: [] })))).toBe('d1:ade1:blee');
  });
});

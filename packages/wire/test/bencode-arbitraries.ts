import fc from 'fast-check';
import type { BencodeDict, BencodeValue } from '../src/index.ts';
import { compareKeys } from '../src/index.ts';

const integer: fc.Arbitrary<bigint> = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -20n, max: 20n }),
  fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n, 0n, 2n ** 53n, -(2n ** 53n) - 1n),
);
const bytes: fc.Arbitrary<Uint8Array> = fc.uint8Array({ maxLength: 24 });

function trees(dict: (value: fc.Arbitrary<BencodeValue>) => fc.Arbitrary<BencodeDict>): fc.Arbitrary<BencodeValue> {
  const { tree } = fc.letrec<{ tree: BencodeValue }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      integer,
      bytes,
      fc.array(tie('tree'), { maxLength: 5 }) as fc.Arbitrary<BencodeValue>,
      dict(tie('tree')),
    ),
  }));
  return tree;
}

function sorted(entries: readonly (readonly [Uint8Array, BencodeValue])[]): BencodeDict {
  const rising = [...entries].sort(([left], [right]) => compareKeys(left, right));
  return { entries: rising.filter(([key], index) => index === 0 || compareKeys(rising[index - 1]![0], key) !== 0) };
}

/** Values whose dictionaries are sorted and without duplicates: those that have a canonical form. */
export const canonicalValue: fc.Arbitrary<BencodeValue> = trees((value) =>
  fc.array(fc.tuple(bytes, value), { maxLength: 5 }).map(sorted),
);

/** Any value: dictionaries in any order, duplicates among them. */
export const anyValue: fc.Arbitrary<BencodeValue> = trees((value) =>
  fc
    .array(fc.tuple(fc.oneof(bytes, fc.constantFrom(Uint8Array.of(0x61), Uint8Array.of(0x62))), value), {
      maxLength: 5,
    })
    .map((entries) => ({ entries })),
);

const token: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('d', 'l', 'e', 'e', 'i0e', 'i-0e', 'ie', 'i-e', 'i007e', 'i1 e', 'i9223372036854775807e'),
  fc.constantFrom(
    'i9223372036854775808e',
    'i-9223372036854775808e',
    'i-9223372036854775809e',
    'i99999999999999999999e',
  ),
  fc.constantFrom(
    '0:',
    '00:',
    '1:a',
    '01:b',
    '2:ab',
    '0003:abc',
    '1:',
    '9',
    ':',
    '-',
    'd1:a',
    'd1:b',
    '1:ai1e',
    '1:ci2e',
  ),
  fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map((value) => `i${value}e`),
  fc.string({ unit: 'binary-ascii', maxLength: 3 }),
);

/** Bytes that look like bencode and now and then are. */
export const nearlyBencode: fc.Arbitrary<Uint8Array> = fc
  .tuple(
    fc.constantFrom('', 'l', 'd', 'd1:a', 'll', 'd1:bl'),
    fc.array(token, { maxLength: 12 }),
    fc.constantFrom('', 'e', 'ee', 'eex'),
  )
  .map(([head, tokens, tail]) =>
    Uint8Array.from(`${head}${tokens.join('')}${tail}`, (character) => character.charCodeAt(0)),
  );

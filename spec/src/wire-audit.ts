/** Cases of suite `wire` from an audit of the conformance driver: values computed apart, in Python, from the sources of deployed nodes. */
import type { VectorCase, VectorFile } from './format.ts';
import { valid } from './wire-cases.ts';

/** Numbers at the ends of what a double holds and of 64 bits; beyond the former they are decimal strings. */
const NUMBERS: readonly (readonly [n: number | string, bytes: string])[] = [
  [-9007199254740991, '07ffffffffffff9f'],
  ['9007199254740992', '0700000000000020'],
  ['-9007199254740992', '07000000000000a0'],
  ['36028797018963968', '080000000000008000'],
  ['9223372036854775807', '08ffffffffffffff7f'],
  ['-9223372036854775807', '08ffffffffffffffff'],
  ['-9223372036854775808', '09000000000000008080'],
];

function numberTests(): VectorCase[] {
  return NUMBERS.map(([n, bytes]) => {
    const id = `script-number-${String(n).replace('-', 'minus-')}`;
    const wanted = { id, op: 'script.encode', in: { items: [{ n }] }, flags: ['64-bit'] };
    return valid('WIRE-7', `the number ${n}`, wanted, { bytes });
  });
}

/** Writes the vector files of the audit. */
export function wireAuditFiles(): VectorFile[] {
  return [
    {
      path: 'wire/audit.json',
      content: {
        suite: 'wire',
        specVersion: 1,
        source: 'computed apart, in Python, from the sources of deployed nodes',
        notes: {
          '64-bit': {
            bugClass: 'precision',
            description: 'The integer is no safe one and must not pass through a double.',
          },
        },
        tests: numberTests(),
      },
    },
  ];
}

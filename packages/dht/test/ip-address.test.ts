import { BlockList, isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseIpAddress } from '../src/index.ts';

const almost = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.stringMatching(/^[0-9a-f:.]{0,20}$/),
  fc
    .tuple(fc.ipV6(), fc.nat(40), fc.constantFrom(':', '::', '.', '0', 'g', ''))
    .map(([text, at, inserted]) => text.slice(0, at) + inserted + text.slice(at + 1)),
);

test('takes what Node takes, but for zones', () => {
  fc.assert(
    fc.property(almost, (text) => {
      const parsed = parseIpAddress(text);
      expect(parsed?.length).toBe(isIPv4(text) ? 4 : isIPv6(text) ? 16 : undefined);
    }),
  );
});

test('reads the octets that Node reads', () => {
  fc.assert(
    fc.property(fc.ipV6(), (text) => {
      const groups = Array.from({ length: 8 }, (_, index) => {
        const octets = parseIpAddress(text)!;
        return ((octets[2 * index]! << 8) | octets[2 * index + 1]!).toString(16);
      });
      const list = new BlockList();
      list.addAddress(text, 'ipv6');
      expect(list.check(groups.join(':'), 'ipv6')).toBe(true);
    }),
  );
});

test('examples', () => {
  expect(parseIpAddress('192.0.2.1')).toEqual(Uint8Array.of(192, 0, 2, 1));
  expect(parseIpAddress('::')).toEqual(new Uint8Array(16));
  expect(parseIpAddress('1:2:3:4:5:6:7::')?.subarray(12)).toEqual(Uint8Array.of(0, 7, 0, 0));
  expect(parseIpAddress('::ffff:192.0.2.1')?.subarray(10)).toEqual(Uint8Array.of(255, 255, 192, 0, 2, 1));
  for (const text of [
    '',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '01.2.3.4',
    ' 1.2.3.4',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
    ':1',
    '1:',
  ]) {
    expect(parseIpAddress(text), text).toBeUndefined();
  }
  expect(parseIpAddress('fe80::1%eth0')).toBeUndefined();
  expect(parseIpAddress(':'.repeat(100_000))).toBeUndefined();
});

import { hexToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkNodeId, deriveNodeId, parseIpAddress } from '../src/index.ts';

const random = fc.uint8Array({ minLength: 16, maxLength: 16 });
const address = fc.oneof(
  fc.uint8Array({ minLength: 4, maxLength: 4 }),
  fc.uint8Array({ minLength: 16, maxLength: 16 }),
);
/** Documentation addresses, which are not exempt. */
const judged = fc.oneof(
  fc.nat(255).map((last) => Uint8Array.of(203, 0, 113, last)),
  fc.uint8Array({ minLength: 12, maxLength: 12 }).map((rest) => Uint8Array.of(0x20, 0x01, 0x0d, 0xb8, ...rest)),
);

test('a derived id belongs to its address and keeps the random bytes (DHT-1, DHT-2)', () => {
  fc.assert(
    fc.property(address, random, (from, bytes) => {
      const id = deriveNodeId(from, bytes);
      expect(id.length).toBe(20);
      expect(id.subarray(4)).toEqual(bytes);
      expect(checkNodeId(id, from)).toEqual({ ok: true });
    }),
  );
});

test('any flipped bit of the prefix is refused (DHT-2)', () => {
  fc.assert(
    fc.property(judged, random, fc.nat(31), (from, bytes, bit) => {
      const id = deriveNodeId(from, bytes);
      id[bit >> 3]! ^= 0x80 >> (bit & 7);
      expect(checkNodeId(id, from)).toMatchObject({ ok: false, code: 'wrong-node-id' });
    }),
  );
});

test('only the last three bits of the last byte, and the masked bits of the address, decide the prefix (DHT-1)', () => {
  fc.assert(
    fc.property(random, random, fc.uint8Array({ minLength: 4, maxLength: 4 }), (left, right, from) => {
      const same = Uint8Array.from(right);
      same[15] = (right[15]! & 0xf8) | (left[15]! & 7);
      const masked = from.map((octet, index) => octet & [0x01, 0x07, 0x1f, 0x7f][index]!);
      expect(deriveNodeId(from, same).subarray(0, 4)).toEqual(deriveNodeId(masked, left).subarray(0, 4));
    }),
  );
});

describe('lengths (DHT-2)', () => {
  const from = Uint8Array.of(203, 0, 113, 1);

  test.each([0, 4, 19, 21, 40])('an id of %i bytes', (length) => {
    expect(checkNodeId(new Uint8Array(length), from)).toMatchObject({
      code: 'bad-node-id',
      krpcError: "invalid value for 'id'",
    });
  });

  test('no id', () => {
    expect(checkNodeId(undefined, from)).toMatchObject({ code: 'missing-key', krpcError: "missing 'id' key" });
  });

  test('misuse', () => {
    expect(() => deriveNodeId(new Uint8Array(5), new Uint8Array(16))).toThrow(RangeError);
    expect(() => deriveNodeId(from, new Uint8Array(15))).toThrow(RangeError);
    expect(() => checkNodeId(new Uint8Array(20), new Uint8Array(0))).toThrow(RangeError);
  });
});

test('published prefixes of the SHA-1 draft of BEP 42 (DHT-1)', () => {
  const published = [
    ['124.31.75.21', 1, 'f766f9f5'],
    ['21.75.31.124', 86, '7ee04779'],
    ['65.23.51.170', 22, '76a626ff'],
    ['84.124.73.14', 65, 'beb4e619'],
    ['43.213.53.83', 90, 'ace5613a'],
  ] as const;
  for (const [ip, r, prefix] of published) {
    const seed = new Uint8Array(16);
    seed[15] = r;
    expect(deriveNodeId(parseIpAddress(ip)!, seed).subarray(0, 4)).toEqual(hexToBytes(prefix));
  }
});

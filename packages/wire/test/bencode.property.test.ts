import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type BencodeDict,
  type BencodeNode,
  type BencodeValue,
  decodeBencode,
  encodeBencode,
  type Profile,
  WireError,
} from '../src/index.ts';
import { anyValue, canonicalValue, nearlyBencode } from './bencode-arbitraries.ts';
import { modelDecode } from './bencode-model.ts';
import { toHex } from './captured-chain.ts';

function show(value: BencodeValue): string {
  if (typeof value === 'bigint') return `i${value}`;
  if (value instanceof Uint8Array) return `s${toHex(value)}`;
  if (Array.isArray(value)) return `l(${(value as readonly BencodeValue[]).map(show).join(',')})`;
  const { entries } = value as BencodeDict;
  return `d(${entries.flatMap(([key, child]) => [`${toHex(key)}=`, show(child)]).join(',')})`;
}

function outcome(bytes: Uint8Array, profile: Profile): string | undefined {
  try {
    const { value, consumed } = decodeBencode(bytes, { profile });
    return `${show(value.toValue())} to ${consumed}`;
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

function everyNode(root: BencodeNode): BencodeNode[] {
  return root.kind === 'list' || root.kind === 'dict' ? [root, ...root.items().flatMap(everyNode)] : [root];
}

test('encoding then decoding gives the same value', () => {
  fc.assert(
    fc.property(canonicalValue, (value) => {
      const bytes = encodeBencode(value);
      const { value: node, consumed } = decodeBencode(bytes);
      expect(consumed).toBe(bytes.length);
      expect(show(node.toValue())).toBe(show(value));
    }),
  );
});

test('decoding then encoding gives the same bytes, or decoding fails', () => {
  fc.assert(
    fc.property(nearlyBencode, (bytes) => {
      if (outcome(bytes, 'canonical') === undefined) return;
      expect(toHex(encodeBencode(decodeBencode(bytes).value.toValue()))).toBe(toHex(bytes));
    }),
  );
});

test.each(['canonical', 'deployed'] as const)('the %s profile agrees with the second reader', (profile) => {
  fc.assert(
    fc.property(fc.oneof(nearlyBencode, anyValue.map(encodeBencode)), (bytes) => {
      expect(outcome(bytes, profile)).toBe(modelDecode(bytes, profile));
    }),
  );
});

test('the deployed profile keeps order and duplicates', () => {
  fc.assert(
    fc.property(fc.array(anyValue, { maxLength: 3 }), (items) => {
      const { value } = decodeBencode(encodeBencode(items), { profile: 'deployed' });
      const asRead = show(items).replaceAll('i-9223372036854775808', 'i0');
      expect(show(value.toValue())).toBe(asRead);
    }),
  );
});

test('a canonical value has no other encoding: any changed byte is refused or another value', () => {
  fc.assert(
    fc.property(canonicalValue, fc.nat(), fc.integer({ min: 1, max: 255 }), (value, position, change) => {
      const bytes = encodeBencode(value);
      const altered = Uint8Array.from(bytes);
      altered[position % bytes.length]! ^= change;
      expect(outcome(altered, 'canonical')).not.toBe(outcome(bytes, 'canonical'));
    }),
  );
});

test('no beginning of a canonical value is a value', () => {
  fc.assert(
    fc.property(canonicalValue, (value) => {
      const bytes = encodeBencode(value);
      for (let length = 0; length < bytes.length; length += 1) {
        const cut = () => decodeBencode(bytes.subarray(0, length));
        expect(cut).toThrow(expect.objectContaining({ code: 'truncated', offset: length }));
      }
    }),
  );
});

test('the raw bytes of every node decode to that node', () => {
  fc.assert(
    fc.property(canonicalValue, (value) => {
      const { value: root } = decodeBencode(encodeBencode(value));
      for (const node of everyNode(root)) {
        expect(node.raw.length).toBe(node.end - node.start);
        expect(show(decodeBencode(node.raw).value.toValue())).toBe(show(node.toValue()));
      }
    }),
  );
});

test('whatever the bytes, decoding ends with a value or a WireError whose offset lies within them', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.uint8Array({ maxLength: 60 }), nearlyBencode),
      fc.constantFrom<Profile>('canonical', 'deployed'),
      (bytes, profile) => {
        try {
          const { value, consumed } = decodeBencode(bytes, { profile });
          expect(consumed).toBe(value.end);
          expect(consumed).toBeLessThanOrEqual(bytes.length);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
          expect((error as WireError).offset).toBeGreaterThanOrEqual(0);
          expect((error as WireError).offset).toBeLessThanOrEqual(bytes.length);
        }
      },
    ),
  );
});

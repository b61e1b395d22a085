import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256Parts } from '../src/sha256-parts.ts';

test('the hash of parts is SHA-256 of their concatenation, as the platform computes it', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 900 }), { maxLength: 6 }), (parts) => {
      const hash = createHash('sha256');
      for (const part of parts) hash.update(part);
      expect(sha256Parts(...parts)).toEqual(new Uint8Array(hash.digest()));
    }),
  );
});

test('every length around the ends of blocks', () => {
  for (let length = 0; length < 200; length += 1) {
    const bytes = new Uint8Array(length).fill(length);
    expect(sha256Parts(bytes)).toEqual(new Uint8Array(createHash('sha256').update(bytes).digest()));
  }
});

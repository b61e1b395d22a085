import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeShortUrl, encodeShortUrl, WireError } from '../src/index.ts';
import { uint32 } from './arbitraries.ts';

function offsetOf(url: string, profile?: 'canonical' | 'deployed'): number | undefined {
  try {
    decodeShortUrl(url, profile);
    return undefined;
  } catch (error) {
    if (!(error instanceof WireError) || error.code !== 'bad-url') throw error;
    return error.offset;
  }
}

test('a URL that a daemon made, and the computed example (WIRE-36)', () => {
  expect(encodeShortUrl({ uid: 15, k: 9 })).toBe('twist:DwAAAAkAAAA=');
  expect(decodeShortUrl('twist:DwAAAAkAAAA=')).toEqual({ uid: 15, k: 9 });
  expect(encodeShortUrl({ uid: 1234, k: 56 })).toBe('twist:0gQAADgAAAA=');
});

test('short URLs round-trip, as Node writes Base64 (WIRE-36)', () => {
  fc.assert(
    fc.property(uint32, uint32, (uid, k) => {
      const buffer = Buffer.alloc(8);
      buffer.writeUInt32LE(uid, 0);
      buffer.writeUInt32LE(k, 4);
      const url = encodeShortUrl({ uid, k });
      expect(url).toBe(`twist:${buffer.toString('base64')}`);
      expect(decodeShortUrl(url)).toEqual({ uid, k });
      expect(decodeShortUrl(url, 'deployed')).toEqual({ uid, k });
      expect(decodeShortUrl(`${url.slice(0, -1)}?more`, 'deployed')).toEqual({ uid, k });
    }),
  );
});

test('each number has one canonical URL; deployed nodes look at the first eleven characters only (WIRE-36)', () => {
  for (const url of ['twist:DwAAAAkAAAA=x', 'twist:DwAAAAkAAAB=', 'twist:DwAAAAkAAAA!', 'twist:DwAAAAkAAAAA']) {
    expect(offsetOf(url)).toBe(17);
    expect(decodeShortUrl(url, 'deployed')).toEqual({ uid: 15, k: 9 });
  }
  for (const [url, offset] of [
    ['', 0],
    ['http:DwAAAAkAAAA=', 0],
    ['TWIST:DwAAAAkAAAA=', 0],
    ['twist:', 6],
    ['twist:DwAAAAkAAAA', 17],
    ['twist:DwAA_AkAAAA=', 10],
    ['twist:DwAAAAkAAA==', 16],
  ] as const) {
    for (const profile of ['canonical', 'deployed'] as const) {
      expect([url, offsetOf(url, profile)]).toEqual([url, offset]);
    }
  }
});

test('numbers beyond 32 bits are the caller’s mistake (WIRE-36)', () => {
  for (const uid of [-1, 2 ** 32, 0.5]) expect(() => encodeShortUrl({ uid, k: 0 })).toThrow(RangeError);
});

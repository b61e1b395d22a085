import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linesOf } from '../src/lines.ts';

async function* stream(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

async function collect(chunks: readonly Uint8Array[], maxBytes?: number): Promise<(string | undefined)[]> {
  const lines = [];
  for await (const line of linesOf(stream(chunks), maxBytes)) lines.push(line);
  return lines;
}

test('lines do not depend on how the stream is cut', async () => {
  const lines = fc.array(fc.string({ unit: 'grapheme' }).map((line) => line.replaceAll('\n', ' ')));
  await fc.assert(
    fc.asyncProperty(lines, fc.integer({ min: 1, max: 9 }), async (expected, size) => {
      const bytes = Buffer.from(expected.map((line) => `${line}\n`).join(''));
      const chunks = [];
      for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
      expect(await collect(chunks)).toEqual(expected);
    }),
  );
});

test('a last line without an end is given', async () => {
  expect(await collect([Buffer.from('a\nb')])).toEqual(['a', 'b']);
});

test('a line over the limit is dropped and the next one is read', async () => {
  expect(await collect([Buffer.from('1234'), Buffer.from('56789\nab\n')], 8)).toEqual([undefined, 'ab']);
  expect(await collect([Buffer.from('12345678\n')], 8)).toEqual(['12345678']);
  expect(await collect([Buffer.from('123456789')], 8)).toEqual([undefined]);
});

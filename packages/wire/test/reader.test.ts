import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteReader, ByteWriter, WIRE_LIMITS, WireError } from '../src/index.ts';
import { bytes, int32, int64, uint32, uint64 } from './arbitraries.ts';
import { fromHex, toHex } from './captured-chain.ts';

const uint16 = fc.nat(0xffff);

function codeOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    return error instanceof WireError ? `${error.code} at ${error.offset}` : String(error);
  }
}

test('integers have the byte order of their names, as DataView writes them (WIRE-1)', () => {
  fc.assert(
    fc.property(uint16, uint32, int32, uint64, int64, (short, word, signed, long, signedLong) => {
      const view = new DataView(new ArrayBuffer(32));
      view.setUint16(0, short, false);
      view.setUint16(2, short, true);
      view.setUint32(4, word, false);
      view.setUint32(8, word, true);
      view.setInt32(12, signed, true);
      view.setBigUint64(16, long, true);
      view.setBigInt64(24, signedLong, true);
      const written = new ByteWriter(1)
        .u16be(short)
        .u16le(short)
        .u32be(word)
        .u32le(word)
        .i32le(signed)
        .u64le(long)
        .i64le(signedLong)
        .finish();
      expect(written).toEqual(new Uint8Array(view.buffer));
      const reader = new ByteReader(written);
      expect([reader.u16be(), reader.u16le(), reader.u32be(), reader.u32le(), reader.i32le()]).toEqual([
        short,
        short,
        word,
        word,
        signed,
      ]);
      expect([reader.u64le(), reader.i64le(), reader.remaining]).toEqual([long, signedLong, 0]);
    }),
  );
});

test('CompactSize is written by the shortest form and read from every form (WIRE-2)', () => {
  const forms: [number, string][] = [
    [0, '00'],
    [252, 'fc'],
    [253, 'fdfd00'],
    [0xffff, 'fdffff'],
    [0x10000, 'fe00000100'],
    [0x02000000, 'fe00000002'],
  ];
  for (const [value, form] of forms) {
    expect(toHex(new ByteWriter().compactSize(value).finish())).toBe(form);
    expect(new ByteReader(fromHex(form)).compactSize()).toBe(value);
  }
  for (const [form, value] of [
    ['fd0000', 0],
    ['fdfc00', 252],
    ['fe00000000', 0],
    ['feffff0000', 0xffff],
    ['ff0000000000000000', 0],
    ['ff0000000200000000', 0x02000000],
  ] as const) {
    expect(new ByteReader(fromHex(form)).compactSize()).toBe(value);
  }
  expect(codeOf(() => new ByteReader(fromHex('00fe01000002'), 1).compactSize())).toBe('too-long at 1');
  expect(codeOf(() => new ByteReader(fromHex('ff0000000001000000')).compactSize())).toBe('too-long at 0');
  expect(() => new ByteWriter().compactSize(WIRE_LIMITS.compactSize + 1)).toThrow(RangeError);
});

test('a read that fails leaves the cursor where it was and names the end of the input (WIRE-1)', () => {
  const reads: ((reader: ByteReader) => unknown)[] = [
    (reader) => reader.u16be(),
    (reader) => reader.u16le(),
    (reader) => reader.u32be(),
    (reader) => reader.u32le(),
    (reader) => reader.i32le(),
    (reader) => reader.u64le(),
    (reader) => reader.i64le(),
    (reader) => reader.bytes(2),
    (reader) => reader.compactSize(),
    (reader) => reader.varBytes(),
    (reader) => reader.count(1),
  ];
  for (const read of reads) {
    const reader = new ByteReader(Uint8Array.of(0, 0xfd), 1);
    expect(codeOf(() => read(reader))).toBe('truncated at 2');
    expect(reader.offset).toBe(1);
  }
  const reader = new ByteReader(Uint8Array.of(3, 1, 2));
  expect(codeOf(() => reader.varBytes())).toBe('truncated at 3');
  expect(codeOf(() => reader.count(2))).toBe('truncated at 3');
  expect(reader.offset).toBe(0);
  expect(codeOf(() => new ByteReader(new Uint8Array(0)).u8())).toBe('truncated at 0');
});

test('byte strings are views of the input (WIRE-3)', () => {
  fc.assert(
    fc.property(bytes(300), bytes(5), (value, trailing) => {
      const written = new ByteWriter(0).varBytes(value).bytes(trailing).finish();
      const reader = new ByteReader(written);
      const read = reader.varBytes();
      expect(read).toEqual(value);
      expect(value.length === 0 || read.buffer === written.buffer).toBe(true);
      expect(reader.remaining).toBe(trailing.length);
      expect(codeOf(() => reader.expectEnd())).toBe(
        trailing.length === 0 ? undefined : `trailing-bytes at ${reader.offset}`,
      );
    }),
  );
});

test('any byte but zero reads as true (WIRE-1)', () => {
  for (let byte = 0; byte < 256; byte += 1) expect(new ByteReader(Uint8Array.of(byte)).bool()).toBe(byte !== 0);
  expect(new ByteWriter().bool(true).bool(false).finish()).toEqual(Uint8Array.of(1, 0));
});

test('the writer refuses integers out of range and byte strings of a wrong fixed length (WIRE-1)', () => {
  const writer = new ByteWriter();
  for (const write of [
    () => writer.u8(256),
    () => writer.u8(1.5),
    () => writer.u16be(-1),
    () => writer.u16le(0x10000),
    () => writer.u32be(0x100000000),
    () => writer.u32le(-1),
    () => writer.i32le(0x80000000),
    () => writer.u64le(-1n),
    () => writer.u64le(2n ** 64n),
    () => writer.i64le(2n ** 63n),
    () => writer.fixedBytes(new Uint8Array(31), 32),
    () => writer.compactSize(Number.NaN),
  ]) {
    expect(write).toThrow(RangeError);
  }
  expect(writer.finish()).toHaveLength(0);
  expect(writer.offset).toBe(0);
});

test('what a writer has handed out does not change with later writes', () => {
  const writer = new ByteWriter(8).u8(1);
  const first = writer.finish();
  writer.u8(2);
  expect([first, writer.finish()]).toEqual([Uint8Array.of(1), Uint8Array.of(1, 2)]);
});

test('a cursor outside the input is the caller’s mistake', () => {
  for (const offset of [-1, 2, 0.5]) expect(() => new ByteReader(new Uint8Array(1), offset)).toThrow(RangeError);
  expect(() => new ByteReader(new Uint8Array(1)).bytes(-1)).toThrow(RangeError);
});

test('empty byte strings share one object, so that a list of them costs little more than its bytes', () => {
  const reader = new ByteReader(new Uint8Array(3));
  expect(new Set([reader.varBytes(), reader.varBytes(), reader.bytes(0)]).size).toBe(1);
});

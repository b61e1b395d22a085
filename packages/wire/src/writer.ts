import { WIRE_LIMITS } from './limits.ts';

const FIRST_CAPACITY = 64;

/**
 * A growing buffer that writes what {@link ByteReader} reads (WIRE-1 … WIRE-3). Every method returns the writer.
 * An integer out of its range throws `RangeError`: that is the caller's mistake, not a fault of bytes received.
 */
export class ByteWriter {
  private buffer: Uint8Array;
  private length = 0;

  /** `capacity` is the number of bytes to reserve at first, where it is known. */
  constructor(capacity: number = FIRST_CAPACITY) {
    this.buffer = new Uint8Array(capacity);
  }

  /** Bytes written so far. */
  get offset(): number {
    return this.length;
  }

  /** One byte, 0…255. */
  u8(value: number): this {
    inRange(value, 0, 0xff);
    const at = this.reserve(1);
    this.buffer[at] = value;
    return this;
  }

  /** One byte, 1 for true. */
  bool(value: boolean): this {
    return this.u8(value ? 1 : 0);
  }

  /** Two bytes, most significant first: 0…65,535. */
  u16be(value: number): this {
    inRange(value, 0, 0xffff);
    const at = this.reserve(2);
    this.buffer[at] = value >>> 8;
    this.buffer[at + 1] = value;
    return this;
  }

  /** Two bytes, least significant first: 0…65,535. */
  u16le(value: number): this {
    inRange(value, 0, 0xffff);
    const at = this.reserve(2);
    this.buffer[at] = value;
    this.buffer[at + 1] = value >>> 8;
    return this;
  }

  /** Four bytes, most significant first: 0…2^32−1. */
  u32be(value: number): this {
    inRange(value, 0, 0xffffffff);
    const at = this.reserve(4);
    this.buffer[at] = value >>> 24;
    this.buffer[at + 1] = value >>> 16;
    this.buffer[at + 2] = value >>> 8;
    this.buffer[at + 3] = value;
    return this;
  }

  /** Four bytes, least significant first: 0…2^32−1. */
  u32le(value: number): this {
    inRange(value, 0, 0xffffffff);
    return this.word(value);
  }

  /** Four bytes, least significant first, two's complement: −2^31…2^31−1. */
  i32le(value: number): this {
    inRange(value, -0x80000000, 0x7fffffff);
    return this.word(value);
  }

  /** Eight bytes, least significant first: 0…2^64−1. */
  u64le(value: bigint): this {
    if (BigInt.asUintN(64, value) !== value) throw new RangeError(`${value} is not an unsigned 64-bit integer`);
    return this.word(Number(value & 0xffffffffn)).word(Number(value >> 32n));
  }

  /** Eight bytes, least significant first, two's complement: −2^63…2^63−1. */
  i64le(value: bigint): this {
    if (BigInt.asIntN(64, value) !== value) throw new RangeError(`${value} is not a signed 64-bit integer`);
    return this.u64le(BigInt.asUintN(64, value));
  }

  /** The bytes themselves, without a length. */
  bytes(value: Uint8Array): this {
    const at = this.reserve(value.length);
    this.buffer.set(value, at);
    return this;
  }

  /** The bytes themselves, which must be exactly `length` many: for hashes, addresses and nonces. */
  fixedBytes(value: Uint8Array, length: number): this {
    if (value.length !== length) throw new RangeError(`${length} bytes are wanted, got ${value.length}`);
    return this.bytes(value);
  }

  /** The shortest CompactSize form (WIRE-2) of a value in 0…33,554,432. */
  compactSize(value: number): this {
    inRange(value, 0, WIRE_LIMITS.compactSize);
    if (value < 253) return this.u8(value);
    if (value <= 0xffff) return this.u8(253).u16le(value);
    return this.u8(254).u32le(value);
  }

  /** A CompactSize length and the bytes (WIRE-3). */
  varBytes(value: Uint8Array): this {
    return this.compactSize(value.length).bytes(value);
  }

  /** The bytes written so far; later writes do not change them. */
  finish(): Uint8Array {
    // A full buffer is never written to again: the next write moves to a larger one.
    return this.length === this.buffer.length ? this.buffer : this.buffer.slice(0, this.length);
  }

  private word(value: number): this {
    const at = this.reserve(4);
    this.buffer[at] = value;
    this.buffer[at + 1] = value >>> 8;
    this.buffer[at + 2] = value >>> 16;
    this.buffer[at + 3] = value >>> 24;
    return this;
  }

  private reserve(length: number): number {
    const at = this.length;
    const wanted = at + length;
    if (wanted > this.buffer.length) {
      const grown = new Uint8Array(Math.max(wanted, 2 * this.buffer.length));
      grown.set(this.buffer.subarray(0, at));
      this.buffer = grown;
    }
    this.length = wanted;
    return at;
  }
}

/** Bytes of the shortest CompactSize form (WIRE-2) of a value. */
export function compactSizeBytes(value: number): number {
  if (value < 253) return 1;
  return value <= 0xffff ? 3 : 5;
}

function inRange(value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`${value} is not an integer from ${least} to ${most}`);
  }
}

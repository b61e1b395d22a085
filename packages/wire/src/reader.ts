import { WireError } from './errors.ts';
import { WIRE_LIMITS } from './limits.ts';

const EMPTY: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/**
 * A cursor that reads fixed-width integers, CompactSize values and byte strings (WIRE-1 … WIRE-3).
 * Every method throws {@link WireError} `truncated` where bytes are missing and leaves the cursor where it was.
 * Byte strings are views of the input, never copies: they change when the input does.
 */
export class ByteReader {
  private readonly source: Uint8Array;
  private position: number;

  /** Starts at `offset` of `bytes`; offsets in errors count from the start of `bytes`. */
  constructor(bytes: Uint8Array, offset = 0) {
    if (!Number.isSafeInteger(offset) || offset < 0 || offset > bytes.length) {
      throw new RangeError(`offset must lie within the ${bytes.length} bytes, got ${offset}`);
    }
    this.source = bytes;
    this.position = offset;
  }

  /** Bytes read so far, counted from the start of the input. */
  get offset(): number {
    return this.position;
  }

  /** Bytes not read yet. */
  get remaining(): number {
    return this.source.length - this.position;
  }

  /** One byte, 0…255. */
  u8(): number {
    const at = this.take(1);
    return this.source[at]!;
  }

  /** One byte; anything but zero reads as true, as deployed nodes read it. */
  bool(): boolean {
    return this.u8() !== 0;
  }

  /** Two bytes, most significant first: 0…65,535. */
  u16be(): number {
    const at = this.take(2);
    return (this.source[at]! << 8) | this.source[at + 1]!;
  }

  /** Two bytes, least significant first: 0…65,535. */
  u16le(): number {
    const at = this.take(2);
    return this.source[at]! | (this.source[at + 1]! << 8);
  }

  /** Four bytes, most significant first: 0…2^32−1. */
  u32be(): number {
    const at = this.take(4);
    const { source } = this;
    return ((source[at]! << 24) | (source[at + 1]! << 16) | (source[at + 2]! << 8) | source[at + 3]!) >>> 0;
  }

  /** Four bytes, least significant first: 0…2^32−1. */
  u32le(): number {
    return this.i32le() >>> 0;
  }

  /** Four bytes, least significant first, two's complement: −2^31…2^31−1. */
  i32le(): number {
    const at = this.take(4);
    const { source } = this;
    return source[at]! | (source[at + 1]! << 8) | (source[at + 2]! << 16) | (source[at + 3]! << 24);
  }

  /** Eight bytes, least significant first: 0…2^64−1. */
  u64le(): bigint {
    return BigInt.asUintN(64, this.i64le());
  }

  /** Eight bytes, least significant first, two's complement: −2^63…2^63−1. */
  i64le(): bigint {
    if (this.remaining < 8) this.take(8);
    const low = this.u32le();
    return (BigInt(this.i32le()) << 32n) | BigInt(low);
  }

  /** A view of the next `length` bytes. */
  bytes(length: number): Uint8Array {
    if (!Number.isSafeInteger(length) || length < 0) throw new RangeError(`length must not be negative, got ${length}`);
    const at = this.take(length);
    return length === 0 ? EMPTY : this.source.subarray(at, at + length);
  }

  /**
   * A CompactSize value (WIRE-2): 0…33,554,432. Non-minimal forms are read, as deployed nodes read them.
   * Throws `too-long` for a larger value.
   */
  compactSize(): number {
    const start = this.position;
    const first = this.u8();
    if (first < 253) return first;
    const width = first === 253 ? 2 : first === 254 ? 4 : 8;
    if (this.remaining < width) {
      this.position = start;
      throw this.truncated(width + 1);
    }
    if (first === 253) return this.u16le();
    const low = this.u32le();
    const high = first === 255 ? this.u32le() : 0;
    if (high !== 0 || low > WIRE_LIMITS.compactSize) {
      this.position = start;
      const claimed = (BigInt(high) << 32n) | BigInt(low);
      throw new WireError('too-long', start, `a size of ${claimed} exceeds ${WIRE_LIMITS.compactSize}`);
    }
    return low;
  }

  /** A CompactSize length and that many bytes (WIRE-3), as a view. */
  varBytes(): Uint8Array {
    const start = this.position;
    const length = this.compactSize();
    if (length > this.remaining) {
      this.position = start;
      throw this.truncated(length);
    }
    return this.bytes(length);
  }

  /**
   * The CompactSize number of elements of a list whose elements take at least `elementBytes` each (WIRE-3).
   * Throws `truncated` at once when the bytes that are left cannot hold so many, so that nobody allocates by a mere claim.
   */
  count(elementBytes: number): number {
    const start = this.position;
    const count = this.compactSize();
    if (count * elementBytes > this.remaining) {
      this.position = start;
      throw this.truncated(count * elementBytes);
    }
    return count;
  }

  /** Throws `trailing-bytes` unless everything has been read. */
  expectEnd(): void {
    if (this.remaining > 0) {
      throw new WireError('trailing-bytes', this.position, `${this.remaining} bytes follow the value`);
    }
  }

  private take(length: number): number {
    const at = this.position;
    if (length > this.source.length - at) throw this.truncated(length);
    this.position = at + length;
    return at;
  }

  private truncated(wanted: number): WireError {
    return new WireError(
      'truncated',
      this.source.length,
      `${wanted} bytes are wanted from byte ${this.position} on, ${this.remaining} are there`,
    );
  }
}

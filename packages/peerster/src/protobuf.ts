import { PeersterError } from './errors.ts';

/** Wire types of Protocol Buffers that the packets use (PEERSTER-1). */
const WIRE_VARINT = 0;
const WIRE_FIXED64 = 1;
export const WIRE_BYTES = 2;
const WIRE_FIXED32 = 5;

const MAX_VARINT_BYTES = 10;

/**
 * A cursor over the fields of one Protocol Buffers message (PEERSTER-1). `next` reads a field whole and leaves what it
 * found in the properties; nothing is allocated for a field that nobody looks at.
 * In `strict` mode varints must be minimal (`bad-integer`).
 */
export class FieldReader {
  /** Number of the field that `next` read; a float above 2^53, which is no known field. */
  field = 0;
  wireType = 0;
  /** The value of a varint or fixed-width field, truncated to 32 bits as the original truncates it. */
  low = 0;
  /** True where the untruncated value does not fit 32 bits. */
  wide = false;
  /** The content of a length-delimited field: `bytes.subarray(start, end)`. */
  start = 0;
  end = 0;
  /** Offset of the key of the field that `next` read. */
  at = 0;

  private position: number;
  private readonly bytes: Uint8Array;
  private readonly limit: number;
  private readonly strict: boolean;
  private value = 0;

  constructor(bytes: Uint8Array, start: number, end: number, strict: boolean) {
    this.bytes = bytes;
    this.position = start;
    this.limit = end;
    this.strict = strict;
  }

  /** Reads one field; false at the end. Throws {@link PeersterError} `truncated`, `syntax` or `bad-integer`. */
  next(): boolean {
    if (this.position === this.limit) return false;
    this.at = this.position;
    this.varint();
    this.field = Math.floor(this.value / 8);
    this.wireType = this.low & 7;
    switch (this.wireType) {
      case WIRE_VARINT:
        this.varint();
        this.wide = this.value > 0xffffffff;
        return true;
      case WIRE_FIXED64:
        this.fixed(8);
        return true;
      case WIRE_FIXED32:
        this.fixed(4);
        return true;
      case WIRE_BYTES:
        this.varint();
        if (this.value > this.limit - this.position) throw this.truncated();
        this.start = this.position;
        this.end = this.position + this.value;
        this.position = this.end;
        return true;
      default:
        throw new PeersterError('syntax', this.at, `wire type ${this.wireType} is unknown`);
    }
  }

  /** The content of the length-delimited field that `next` read, as a view. */
  content(): Uint8Array {
    return this.bytes.subarray(this.start, this.end);
  }

  /** The fields of the message that the length-delimited field holds. */
  message(): FieldReader {
    return new FieldReader(this.bytes, this.start, this.end, this.strict);
  }

  private fixed(width: number): void {
    const at = this.position;
    if (width > this.limit - at) throw this.truncated();
    const { bytes } = this;
    this.low = (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
    this.wide = false;
    for (let index = at + 4; index < at + width; index += 1) this.wide ||= bytes[index] !== 0;
    this.position = at + width;
  }

  private varint(): void {
    const start = this.position;
    let low = 0;
    let value = 0;
    let scale = 1;
    for (let index = 0; index < MAX_VARINT_BYTES; index += 1) {
      if (this.position === this.limit) throw this.truncated();
      const byte = this.bytes[this.position]!;
      this.position += 1;
      if (index < 5) low |= (byte & 0x7f) << (7 * index);
      value += (byte & 0x7f) * scale;
      scale *= 128;
      if (byte < 0x80) {
        if (index === MAX_VARINT_BYTES - 1 && byte > 1) break;
        if (this.strict && byte === 0 && index > 0) {
          throw new PeersterError('bad-integer', start, 'a varint has a needless last byte');
        }
        this.low = low >>> 0;
        this.value = value;
        return;
      }
    }
    throw new PeersterError('syntax', start, 'a varint exceeds 64 bits');
  }

  private truncated(): PeersterError {
    return new PeersterError('truncated', this.limit, `the field at byte ${this.at} goes on beyond the end`);
  }
}

/** Bytes of the minimal varint of a value below 2^53 (PEERSTER-1). */
export function varintBytes(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size += 1;
  return size;
}

/** Bytes of a length-delimited field with a one-byte key. */
export function delimitedBytes(length: number): number {
  return 1 + varintBytes(length) + length;
}

/** Writes fields into a buffer of known size (PEERSTER-1); every key is one byte, as every field number is below 16. */
export class FieldWriter {
  readonly bytes: Uint8Array;
  private position = 0;

  constructor(size: number) {
    this.bytes = new Uint8Array(size);
  }

  /** A key and an unsigned integer as a minimal varint. */
  varintField(field: number, value: number): this {
    return this.key(field, WIRE_VARINT).varint(value);
  }

  /** A key, a length and the bytes. */
  bytesField(field: number, content: Uint8Array): this {
    this.header(field, content.length);
    this.bytes.set(content, this.position);
    this.position += content.length;
    return this;
  }

  /** The key and length of a field whose content follows by further calls. */
  header(field: number, length: number): this {
    return this.key(field, WIRE_BYTES).varint(length);
  }

  private key(field: number, wireType: number): this {
    this.bytes[this.position] = (field << 3) | wireType;
    this.position += 1;
    return this;
  }

  private varint(value: number): this {
    let rest = value;
    while (rest >= 0x80) {
      this.bytes[this.position] = (rest % 0x80) | 0x80;
      this.position += 1;
      rest = Math.floor(rest / 0x80);
    }
    this.bytes[this.position] = rest;
    this.position += 1;
    return this;
  }
}

/** The fields of the message that `reader` stands on; another wire type is `wrong-type`. */
export function embedded(reader: FieldReader): FieldReader {
  if (reader.wireType !== WIRE_BYTES) throw new PeersterError('wrong-type', reader.at, 'a message is wanted here');
  return reader.message();
}

/** Strict order (PEERSTER-3): 1, 2, … `last`, each once and none missing, then higher numbers in ascending order. */
export function inOrder(reader: FieldReader, passed: number, last: number): void {
  const { field } = reader;
  if (field === passed + 1 || (field > last && passed >= last && field >= passed)) return;
  if (field === passed) throw new PeersterError('duplicate-key', reader.at, `field ${field} stands twice`);
  if (field < passed) throw new PeersterError('unsorted-keys', reader.at, `field ${field} follows field ${passed}`);
  throw new PeersterError('missing-key', reader.at, `field ${passed + 1} is missing`);
}

/** The end of a strict message: its `last` known field has been read. */
export function complete(reader: FieldReader, passed: number, last: number): void {
  if (passed < last) throw new PeersterError('missing-key', reader.at, `field ${passed + 1} is missing`);
}

/** The content of a byte-string field; another wire type is `wrong-type`. */
export function delimited(reader: FieldReader): Uint8Array {
  if (reader.wireType !== WIRE_BYTES) throw new PeersterError('wrong-type', reader.at, 'a byte string is wanted here');
  return reader.content();
}

/** A uint32 field: strict reads varints below 2^32, compat also fixed widths, truncated to 32 bits (PEERSTER-4). */
export function uint32(reader: FieldReader, strict: boolean): number {
  if (reader.wireType === WIRE_BYTES || (strict && reader.wireType !== 0)) {
    throw new PeersterError('wrong-type', reader.at, 'a varint is wanted here');
  }
  if (strict && reader.wide) throw new PeersterError('bad-integer', reader.at, 'a uint32 exceeds 32 bits');
  return reader.low;
}

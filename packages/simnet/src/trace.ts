import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { SimnetError } from './errors.ts';
import { SIM_LIMITS } from './limits.ts';
import { formatRecord, RECORD_FIELDS, RECORD_KINDS, type TraceRecord } from './record.ts';

/** How much of a trace a run keeps: nothing, its hash alone (64 kB of memory), or all of it. */
export type TraceMode = 'off' | 'hash' | 'full';

/** What a trace begins with. */
export interface TraceHeader {
  /** Seed of the run. */
  readonly seed: number;
  /** Number of nodes. */
  readonly nodes: number;
  /** Start of virtual time, ms since the Unix epoch. */
  readonly startMs: number;
}

const MAGIC = [0x53, 0x49, 0x4d, 0x01];
const CHUNK = 1 << 16;
const LONGEST_RECORD = 64;

/** Writes the log of a run: a header, then one record after the other, all numbers as LEB128 varints (SIM-9). */
export class TraceWriter {
  private buffer = new Uint8Array(CHUNK);
  private length = 0;
  private lastAt = 0;
  private full: boolean;
  private readonly hasher = sha256.create();

  /** A log that keeps all, or just the running hash. */
  constructor(header: TraceHeader, full: boolean) {
    this.full = full;
    this.buffer.set(MAGIC);
    this.length = MAGIC.length;
    this.varint(header.seed);
    this.varint(header.nodes);
    this.varint(header.startMs);
  }

  /** Adds a record; fields that the kind does not have are not written. */
  write(kind: number, node: number, at: number, count: number, first: number, second: number, third: number): void {
    if (this.length + LONGEST_RECORD > this.buffer.length) this.makeRoom();
    this.buffer[this.length] = kind;
    this.length += 1;
    this.varint(at - this.lastAt);
    this.lastAt = at;
    this.varint(node);
    if (count > 0) this.varint(first);
    if (count > 1) this.varint(second);
    if (count > 2) this.varint(third);
  }

  /** All bytes so far, a view; `undefined` when they were not kept. */
  bytes(): Uint8Array | undefined {
    return this.full ? this.buffer.subarray(0, this.length) : undefined;
  }

  /** SHA-256 of all bytes so far, in hexadecimal: what `sha256sum` says of the written trace. */
  hash(): string {
    if (this.full) return bytesToHex(sha256(this.buffer.subarray(0, this.length)));
    return bytesToHex(this.hasher.clone().update(this.buffer.subarray(0, this.length)).digest());
  }

  private makeRoom(): void {
    if (this.full && this.buffer.length * 2 <= SIM_LIMITS.maxTraceBytes) {
      const larger = new Uint8Array(this.buffer.length * 2);
      larger.set(this.buffer);
      this.buffer = larger;
      return;
    }
    this.hasher.update(this.buffer.subarray(0, this.length));
    if (this.full) this.buffer = new Uint8Array(CHUNK);
    this.full = false;
    this.length = 0;
  }

  private varint(value: number): void {
    let rest = value;
    while (rest >= 0x8000_0000) {
      this.buffer[this.length] = (rest & 0x7f) | 0x80;
      this.length += 1;
      rest = Math.floor(rest / 128);
    }
    while (rest > 0x7f) {
      this.buffer[this.length] = (rest & 0x7f) | 0x80;
      this.length += 1;
      rest >>>= 7;
    }
    this.buffer[this.length] = rest;
    this.length += 1;
  }
}

/** A trace that has been read. */
export interface Trace {
  /** What it begins with. */
  readonly header: TraceHeader;
  /** All its records. */
  readonly records: readonly TraceRecord[];
}

/** SHA-256 of a written trace, in hexadecimal. */
export function traceHash(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}

/**
 * Reads a written trace (SIM-9). Throws a {@link SimnetError} `bad-trace` with the offset for anything else: another magic or
 * version, an unknown kind, a number beyond 2^53−1 or not in its shortest form, or an end within a record.
 */
export function decodeTrace(bytes: Uint8Array): Trace {
  let offset = MAGIC.length;
  for (const [at, byte] of MAGIC.entries())
    if (bytes[at] !== byte) throw new SimnetError('bad-trace', 'not a trace', at);
  const varint = (): number => {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = bytes[offset];
      if (byte === undefined) throw new SimnetError('bad-trace', 'the trace ends within a number', offset);
      value += (byte & 0x7f) * factor;
      if (value > Number.MAX_SAFE_INTEGER) throw new SimnetError('bad-trace', 'a number beyond 2^53−1', offset);
      if (byte === 0 && factor > 1) throw new SimnetError('bad-trace', 'a number with a needless byte', offset);
      offset += 1;
      if (byte < 0x80) return value;
      factor *= 128;
    }
  };
  const header: TraceHeader = { seed: varint(), nodes: varint(), startMs: varint() };
  const records: TraceRecord[] = [];
  let at = 0;
  while (offset < bytes.length) {
    const kind = RECORD_KINDS[(bytes[offset] as number) - 1];
    if (kind === undefined) throw new SimnetError('bad-trace', `no kind of record: ${bytes[offset]}`, offset);
    offset += 1;
    at += varint();
    const node = varint();
    const fields = RECORD_FIELDS[kind].map(varint);
    records.push({ index: records.length, at, kind, node, fields });
  }
  return { header, records };
}

/** The first place at which two traces differ. */
export interface TraceDifference {
  /** Index of the first record that differs. */
  readonly index: number;
  /** The record of the first trace there; `undefined` at its end. */
  readonly left: TraceRecord | undefined;
  /** The record of the second trace there; `undefined` at its end. */
  readonly right: TraceRecord | undefined;
}

/** Compares two traces record by record; `undefined` when they tell the same. Headers are not compared. */
export function firstDifference(left: Trace, right: Trace): TraceDifference | undefined {
  const length = Math.max(left.records.length, right.records.length);
  for (let index = 0; index < length; index += 1) {
    const one = left.records[index];
    const other = right.records[index];
    if (one === undefined || other === undefined || formatRecord(one) !== formatRecord(other)) {
      return { index, left: one, right: other };
    }
  }
  return undefined;
}

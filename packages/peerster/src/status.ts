import { PeersterError } from './errors.ts';
import type { Profile } from './profile.ts';
import {
  complete,
  delimited,
  delimitedBytes,
  embedded,
  FieldReader,
  FieldWriter,
  inOrder,
  uint32,
  varintBytes,
  WIRE_BYTES,
} from './protobuf.ts';

/** What a status says of one origin (PEERSTER-32). */
export interface StatusEntry {
  /** Name of the origin, as bytes: entries of names that nobody knows are skipped, not judged. */
  readonly origin: Uint8Array;
  /** uint32; the highest stored message number plus one. */
  readonly nextId: number;
  /** First eight bytes of the running hash over the messages below `nextId` (PEERSTER-37). */
  readonly digest?: Uint8Array;
}

/** The names that a status of several parts tells of (PEERSTER-39), both ends included. */
export interface StatusRange {
  /** Lowest name; empty: no lower end. */
  readonly first: Uint8Array;
  /** Highest name; empty: no upper end. */
  readonly last: Uint8Array;
}

const ENTRY = 1;
const IDENTIFIER = 1;
const NEXT_ID = 2;
const DIGEST = 3;
const DIGEST_BYTES = 8;
const NO_BYTES: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/** Reads the content of a Status field alone (PEERSTER-2); same rules and codes as {@link decodePacket}. */
export function decodeStatus(bytes: Uint8Array, profile: Profile = 'strict'): StatusEntry[] {
  const strict = profile === 'strict';
  return decodeStatusFields(new FieldReader(bytes, 0, bytes.length, strict), strict, undefined);
}

/** Writes the content of a Status field (PEERSTER-3); the caller puts the entries in ascending order (PEERSTER-32). */
export function encodeStatus(entries: readonly StatusEntry[]): Uint8Array {
  const writer = new FieldWriter(statusFieldsBytes(entries));
  encodeStatusFields(writer, entries);
  return writer.bytes;
}

/** Bytes of the content of a Status field. */
export function statusFieldsBytes(entries: readonly StatusEntry[]): number {
  let size = 0;
  for (const entry of entries) size += delimitedBytes(entryBytes(entry));
  return size;
}

/** Bytes that one entry adds to a status (PEERSTER-5): 22 for a name and a number below 128, ten more with a digest. */
export function statusEntryBytes(entry: StatusEntry): number {
  return delimitedBytes(entryBytes(entry));
}

/** Writes the entries. */
export function encodeStatusFields(writer: FieldWriter, entries: readonly StatusEntry[]): void {
  for (const entry of entries) {
    writer.header(ENTRY, entryBytes(entry)).bytesField(IDENTIFIER, entry.origin).varintField(NEXT_ID, entry.nextId);
    if (entry.digest !== undefined) writer.bytesField(DIGEST, entry.digest);
  }
}

/** Reads the entries; in compat mode after those of an earlier Status field of the same packet (PEERSTER-4). */
export function decodeStatusFields(
  reader: FieldReader,
  strict: boolean,
  earlier: readonly StatusEntry[] | undefined,
): StatusEntry[] {
  const entries: StatusEntry[] = earlier === undefined ? [] : [...earlier];
  let passed = 0;
  while (reader.next()) {
    const { field } = reader;
    if (field < passed) {
      if (strict) throw new PeersterError('unsorted-keys', reader.at, `field ${field} follows field ${passed}`);
      continue;
    }
    passed = field;
    if (field === 0 && strict) throw new PeersterError('syntax', reader.at, 'field numbers begin at 1');
    if (field !== ENTRY) continue;
    entries.push(decodeEntry(embedded(reader), strict));
  }
  return entries;
}

function entryBytes(entry: StatusEntry): number {
  return (
    delimitedBytes(entry.origin.length) +
    (1 + varintBytes(entry.nextId)) +
    (entry.digest === undefined ? 0 : delimitedBytes(entry.digest.length))
  );
}

function decodeEntry(reader: FieldReader, strict: boolean): StatusEntry {
  let origin = NO_BYTES;
  let nextId = 0;
  let digest: Uint8Array | undefined;
  let passed = 0;
  while (reader.next()) {
    const { field } = reader;
    if (strict) inOrder(reader, passed, NEXT_ID);
    else if (field < passed) continue;
    passed = field;
    if (field === IDENTIFIER) origin = delimited(reader);
    else if (field === NEXT_ID) nextId = uint32(reader, strict);
    else if (field === DIGEST && reader.wireType === WIRE_BYTES && reader.end - reader.start === DIGEST_BYTES) {
      digest = reader.content();
    }
  }
  if (strict) complete(reader, passed, NEXT_ID);
  return digest === undefined ? { origin, nextId } : { origin, nextId, digest };
}

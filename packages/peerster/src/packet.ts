import { PeersterError } from './errors.ts';
import { PEERSTER_LIMITS } from './limits.ts';
import type { Profile } from './profile.ts';
import { delimitedBytes, embedded, FieldReader, FieldWriter, varintBytes, WIRE_BYTES } from './protobuf.ts';
import { decodeRumorFields, encodeRumorFields, type Rumor, rumorBytes } from './rumor.ts';
import {
  decodeStatusFields,
  encodeStatusFields,
  type StatusEntry,
  type StatusRange,
  statusFieldsBytes,
} from './status.ts';

const PACKET_RUMOR = 1;
const PACKET_STATUS = 2;
const PACKET_PROBE = 3;
const PACKET_RANGE = 4;
const DIGEST_BYTES = 8;
const NO_BYTES: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/**
 * A question about where two histories of one origin differ first (PEERSTER-38), an extension that the original skips.
 * `digest` tells of the sender's messages 0 … m − 1 with m = from + ⌊(to − from) / 2⌋; it is empty where `to` is 0.
 */
export interface Probe {
  readonly origin: Uint8Array;
  /** uint32; the histories agree below this number. */
  readonly from: number;
  /** uint32; they differ below this number. 0 asks for the status of the origin alone. */
  readonly to: number;
  /** First eight bytes of the running hash, or none. */
  readonly digest: Uint8Array;
}

/** The probe that asks for the status of one origin alone (PEERSTER-38). */
export function questionOf(origin: Uint8Array): Probe {
  return { origin, from: 0, to: 0, digest: NO_BYTES };
}

/** One datagram (PEERSTER-2). All parts are optional; an empty packet is zero bytes. */
export interface Packet {
  readonly rumor?: Rumor;
  readonly status?: readonly StatusEntry[];
  readonly probe?: Probe;
  /** The names that `status` tells of; absent: all of them (PEERSTER-39). */
  readonly range?: StatusRange;
}

/** Whether a packet shows that its sender knows the extensions (PEERSTER-37 … PEERSTER-39). */
export function isExtended(packet: Packet): boolean {
  return (
    packet.probe !== undefined ||
    packet.range !== undefined ||
    (packet.status?.some((entry) => entry.digest !== undefined) ?? false)
  );
}

/**
 * Reads a datagram (PEERSTER-2 … PEERSTER-5); byte strings are views of it. `strict` accepts the canonical form, followed
 * by fields of higher numbers that it skips; `compat` reads what the original program reads, missing fields as empty.
 * Throws {@link PeersterError} `truncated`, `syntax`, `wrong-type`, and in `strict` also `bad-integer`, `missing-key`,
 * `duplicate-key`, `unsorted-keys` or `too-long`. Probe and range are extensions: a malformed one is skipped like any
 * unknown field. Checks neither names nor lengths nor work.
 */
export function decodePacket(bytes: Uint8Array, profile: Profile = 'strict'): Packet {
  const strict = profile === 'strict';
  if (strict && bytes.length > PEERSTER_LIMITS.datagramBytes) {
    throw new PeersterError('too-long', PEERSTER_LIMITS.datagramBytes, `a datagram of ${bytes.length} bytes`);
  }
  const packet: { rumor?: Rumor; status?: StatusEntry[]; probe?: Probe; range?: StatusRange } = {};
  const reader = new FieldReader(bytes, 0, bytes.length, strict);
  let passed = 0;
  while (reader.next()) {
    const { field } = reader;
    if (field < passed || (field === passed && strict && field <= PACKET_STATUS)) {
      if (strict) throw misplaced(reader, passed);
      continue;
    }
    passed = field;
    if (field === PACKET_RUMOR) packet.rumor = decodeRumorFields(embedded(reader), strict, packet.rumor);
    else if (field === PACKET_STATUS) packet.status = decodeStatusFields(embedded(reader), strict, packet.status);
    else if (field === PACKET_PROBE) optional(reader, decodeProbe, (probe) => (packet.probe = probe));
    else if (field === PACKET_RANGE) optional(reader, decodeRange, (range) => (packet.range = range));
  }
  return packet;
}

/** Writes a packet in the canonical form (PEERSTER-3): every field of its parts, defaults included, in ascending order. */
export function encodePacket(packet: Packet): Uint8Array {
  const { rumor, status, probe, range } = packet;
  const rumorSize = rumor === undefined ? 0 : rumorBytes(rumor);
  const statusSize = status === undefined ? 0 : statusFieldsBytes(status);
  const probeSize = probe === undefined ? 0 : probeBytes(probe);
  const rangeSize = range === undefined ? 0 : rangeBytes(range);
  const writer = new FieldWriter(
    (rumor === undefined ? 0 : delimitedBytes(rumorSize)) +
      (status === undefined ? 0 : delimitedBytes(statusSize)) +
      (probe === undefined ? 0 : delimitedBytes(probeSize)) +
      (range === undefined ? 0 : delimitedBytes(rangeSize)),
  );
  if (rumor !== undefined) encodeRumorFields(writer.header(PACKET_RUMOR, rumorSize), rumor);
  if (status !== undefined) encodeStatusFields(writer.header(PACKET_STATUS, statusSize), status);
  if (probe !== undefined) {
    writer.header(PACKET_PROBE, probeSize).bytesField(1, probe.origin).varintField(2, probe.from);
    writer.varintField(3, probe.to).bytesField(4, probe.digest);
  }
  if (range !== undefined) {
    writer.header(PACKET_RANGE, rangeSize).bytesField(1, range.first).bytesField(2, range.last);
  }
  return writer.bytes;
}

function misplaced(reader: FieldReader, passed: number): PeersterError {
  if (reader.field === 0) return new PeersterError('syntax', reader.at, 'field numbers begin at 1');
  const code = reader.field === passed ? 'duplicate-key' : 'unsorted-keys';
  return new PeersterError(code, reader.at, `field ${reader.field} follows field ${passed}`);
}

/** Reads an extension; whatever is wrong with it makes it an unknown field, which is skipped. */
function optional<T>(
  reader: FieldReader,
  decode: (reader: FieldReader) => T | undefined,
  keep: (value: T) => void,
): void {
  try {
    const value = reader.wireType === WIRE_BYTES ? decode(reader.message()) : undefined;
    if (value !== undefined) keep(value);
  } catch (error) {
    if (!(error instanceof PeersterError)) throw error;
  }
}

function decodeProbe(reader: FieldReader): Probe | undefined {
  let origin: Uint8Array | undefined;
  let from: number | undefined;
  let to: number | undefined;
  let digest = NO_BYTES;
  while (reader.next()) {
    const isBytes = reader.wireType === WIRE_BYTES;
    if (reader.field === 1 && isBytes) origin = reader.content();
    else if (reader.field === 2 && !isBytes && !reader.wide) from = reader.low;
    else if (reader.field === 3 && !isBytes && !reader.wide) to = reader.low;
    else if (reader.field === 4 && isBytes) digest = reader.content();
  }
  if (origin === undefined || from === undefined || to === undefined) return undefined;
  if (digest.length !== (to === 0 ? 0 : DIGEST_BYTES) || from > to || (from === to && to !== 0)) return undefined;
  return { origin, from, to, digest };
}

function probeBytes(probe: Probe): number {
  return (
    delimitedBytes(probe.origin.length) +
    (1 + varintBytes(probe.from)) +
    (1 + varintBytes(probe.to)) +
    delimitedBytes(probe.digest.length)
  );
}

function decodeRange(reader: FieldReader): StatusRange | undefined {
  let first: Uint8Array | undefined;
  let last: Uint8Array | undefined;
  while (reader.next()) {
    if (reader.wireType !== WIRE_BYTES) continue;
    if (reader.field === 1) first = reader.content();
    else if (reader.field === 2) last = reader.content();
  }
  return first === undefined || last === undefined ? undefined : { first, last };
}

function rangeBytes(range: StatusRange): number {
  return delimitedBytes(range.first.length) + delimitedBytes(range.last.length);
}

import type { Profile } from './profile.ts';
import {
  complete,
  delimited,
  delimitedBytes,
  FieldReader,
  FieldWriter,
  inOrder,
  uint32,
  varintBytes,
} from './protobuf.ts';

/** One message of an origin as it travels (PEERSTER-2). Names are bytes until PEERSTER-9 has said that they are names. */
export interface Rumor {
  /** Name of the author. */
  readonly origin: Uint8Array;
  /** Name of the recipient; empty for public messages and key announcements. */
  readonly destination: Uint8Array;
  /** uint32; consecutive for each origin, 0 for its key announcement. */
  readonly id: number;
  /** Serialised key, UTF-8 text or private content, by kind (PEERSTER-10). */
  readonly content: Uint8Array;
  /** 256 bytes; empty for key announcements. */
  readonly signature: Uint8Array;
  /** 16 bytes, the proof of work. */
  readonly nonce: Uint8Array;
}

const ORIGIN = 1;
const DESTINATION = 2;
const ID = 3;
const CONTENT = 4;
const SIGNATURE = 5;
const NONCE = 6;
const MAX_UINT32 = 0xffffffff;
const NO_BYTES: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/**
 * Reads the content of a Rumor field alone (PEERSTER-2): what stands after its key and length in a packet.
 * Same rules and codes as {@link decodePacket}.
 */
export function decodeRumor(bytes: Uint8Array, profile: Profile = 'strict'): Rumor {
  const strict = profile === 'strict';
  return decodeRumorFields(new FieldReader(bytes, 0, bytes.length, strict), strict, undefined);
}

/** Writes the content of a Rumor field in the canonical form (PEERSTER-3), without the key and length of a packet. */
export function encodeRumor(rumor: Rumor): Uint8Array {
  const writer = new FieldWriter(rumorBytes(rumor));
  encodeRumorFields(writer, rumor);
  return writer.bytes;
}

/** Bytes of an encoded rumor, without the key and length of the packet's field. */
export function rumorBytes(rumor: Rumor): number {
  return (
    delimitedBytes(rumor.origin.length) +
    delimitedBytes(rumor.destination.length) +
    (1 + varintBytes(rumor.id)) +
    delimitedBytes(rumor.content.length) +
    delimitedBytes(rumor.signature.length) +
    delimitedBytes(rumor.nonce.length)
  );
}

/** Bytes of the datagram that carries nothing but this rumor (PEERSTER-5). */
export function rumorDatagramBytes(rumor: Rumor): number {
  return delimitedBytes(rumorBytes(rumor));
}

/** Writes the six fields. An `id` outside uint32 throws `RangeError`. */
export function encodeRumorFields(writer: FieldWriter, rumor: Rumor): void {
  if (!Number.isInteger(rumor.id) || rumor.id < 0 || rumor.id > MAX_UINT32) {
    throw new RangeError(`a message number is a uint32, got ${rumor.id}`);
  }
  writer
    .bytesField(ORIGIN, rumor.origin)
    .bytesField(DESTINATION, rumor.destination)
    .varintField(ID, rumor.id)
    .bytesField(CONTENT, rumor.content)
    .bytesField(SIGNATURE, rumor.signature)
    .bytesField(NONCE, rumor.nonce);
}

/** Reads the six fields; in compat mode on top of those of an earlier Rumor field of the same packet (PEERSTER-4). */
export function decodeRumorFields(reader: FieldReader, strict: boolean, earlier: Rumor | undefined): Rumor {
  let origin = earlier?.origin ?? NO_BYTES;
  let destination = earlier?.destination ?? NO_BYTES;
  let id = earlier?.id ?? 0;
  let content = earlier?.content ?? NO_BYTES;
  let signature = earlier?.signature ?? NO_BYTES;
  let nonce = earlier?.nonce ?? NO_BYTES;
  let passed = 0;
  while (reader.next()) {
    const { field } = reader;
    if (strict) inOrder(reader, passed, NONCE);
    else if (field < passed) continue;
    passed = field;
    switch (field) {
      case ORIGIN:
        origin = delimited(reader);
        break;
      case DESTINATION:
        destination = delimited(reader);
        break;
      case ID:
        id = uint32(reader, strict);
        break;
      case CONTENT:
        content = delimited(reader);
        break;
      case SIGNATURE:
        signature = delimited(reader);
        break;
      case NONCE:
        nonce = delimited(reader);
        break;
    }
  }
  if (strict) complete(reader, passed, NONCE);
  return { origin, destination, id, content, signature, nonce };
}

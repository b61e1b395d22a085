import type { Decoded } from './decoded.ts';
import { WireError } from './errors.ts';
import { WIRE_LIMITS } from './limits.ts';
import { ByteReader } from './reader.ts';
import { ByteWriter } from './writer.ts';

/**
 * A message of the peer wire (PEER-4). `piece`, `begin` and `length` are signed 32-bit integers, as deployed nodes read them,
 * `port` and `nbits` unsigned 16-bit ones, `extId` is one byte, all big-endian. `nonce` has at most 9 bytes; `bitfield` is most
 * significant bit first.
 */
export type PeerMessage =
  | { readonly id: null; readonly name: 'keepalive' }
  | { readonly id: 0; readonly name: 'choke' }
  | { readonly id: 1; readonly name: 'unchoke' }
  | { readonly id: 2; readonly name: 'interested' }
  | { readonly id: 3; readonly name: 'not_interested' }
  | { readonly id: 4; readonly name: 'have'; readonly piece: number }
  | { readonly id: 5; readonly name: 'bitfield'; readonly bitfield: Uint8Array }
  | ({ readonly id: 6; readonly name: 'request' } & BlockRange)
  | {
      readonly id: 7;
      readonly name: 'piece';
      readonly piece: number;
      readonly begin: number;
      readonly data: Uint8Array;
    }
  | ({ readonly id: 8; readonly name: 'cancel' } & BlockRange)
  | { readonly id: 9; readonly name: 'dht_port'; readonly port: number }
  | { readonly id: 10; readonly name: 'hashcash_nbits'; readonly nbits: number }
  | { readonly id: 11; readonly name: 'hashcash_nonce'; readonly nonce: Uint8Array }
  | { readonly id: 13; readonly name: 'suggest'; readonly piece: number }
  | { readonly id: 14; readonly name: 'have_all' }
  | { readonly id: 15; readonly name: 'have_none' }
  | ({ readonly id: 16; readonly name: 'reject' } & BlockRange)
  | { readonly id: 17; readonly name: 'allowed_fast'; readonly piece: number }
  | { readonly id: 20; readonly name: 'extended'; readonly extId: number; readonly payload: Uint8Array };

/** Which part of which piece; twister asks for whole pieces only: begin 0, length 16,384. */
export interface BlockRange {
  readonly piece: number;
  readonly begin: number;
  readonly length: number;
}

/** Least and most bytes of a frame by message id, the id itself counted (PEER-4). Ids without a row do not exist. */
const FRAME_BYTES: Readonly<Record<number, readonly [least: number, most: number]>> = Object.freeze({
  0: [1, 1],
  1: [1, 1],
  2: [1, 1],
  3: [1, 1],
  4: [5, 5],
  5: [1, WIRE_LIMITS.frameBytes],
  6: [13, 13],
  7: [9, WIRE_LIMITS.frameBytes],
  8: [13, 13],
  9: [3, 3],
  10: [3, 3],
  11: [1, 1 + WIRE_LIMITS.hashcashNonceBytes],
  13: [5, 5],
  14: [1, 1],
  15: [1, 1],
  16: [13, 13],
  17: [5, 5],
  20: [2, WIRE_LIMITS.frameBytes],
});

const LENGTH_BYTES = 4;

/**
 * Reads the messages at the start of a stream, handshake already taken off (PEER-3, PEER-4); every frame is one message. A last frame that is
 * not complete is left: `consumed` says where it starts. Throws `WireError` `too-long` for a frame over 1 MiB, `unknown-message` for an id
 * that does not exist, `wrong-length` for a frame too short or too long for its id, each as soon as the bytes that show it are there.
 * Byte fields are views of the stream. Not checked: whether a message fits the state of the connection, whether numbers make sense.
 */
export function decodePeerMessages(stream: Uint8Array): Decoded<PeerMessage[]> {
  const messages: PeerMessage[] = [];
  let consumed = 0;
  while (stream.length - consumed >= LENGTH_BYTES) {
    const reader = new ByteReader(stream, consumed);
    const length = reader.u32be();
    if (length > WIRE_LIMITS.frameBytes) {
      throw new WireError('too-long', consumed, `a frame of ${length} bytes exceeds ${WIRE_LIMITS.frameBytes}`);
    }
    if (length === 0) {
      messages.push({ id: null, name: 'keepalive' });
    } else {
      if (reader.remaining === 0) break;
      const id = reader.u8();
      checkLength(id, length, consumed);
      if (reader.remaining < length - 1) break;
      messages.push(decodeBody(id, length - 1, reader));
    }
    consumed += LENGTH_BYTES + length;
  }
  return { value: messages, consumed };
}

/**
 * Writes one message as a frame: its length in 4 bytes, its id, its fields (PEER-3, PEER-4). Throws `RangeError` for a number out of
 * range and for bytes that are too many for the message.
 */
export function encodePeerMessage(message: PeerMessage): Uint8Array {
  if (message.id === null) return new Uint8Array(LENGTH_BYTES);
  const body = new ByteWriter().u8(message.id);
  writeFields(message, body);
  const most = FRAME_BYTES[message.id]![1];
  if (body.offset > most) throw new RangeError(`${message.name} takes at most ${most} bytes, got ${body.offset}`);
  return new ByteWriter(LENGTH_BYTES + body.offset).u32be(body.offset).bytes(body.finish()).finish();
}

function checkLength(id: number, length: number, frame: number): void {
  const range = FRAME_BYTES[id];
  if (range === undefined) throw new WireError('unknown-message', frame + LENGTH_BYTES, `no message has the id ${id}`);
  const [least, most] = range;
  if (length < least || length > most) {
    const wanted = least === most ? `${least}` : `${least} to ${most}`;
    throw new WireError('wrong-length', frame, `message ${id} takes ${wanted} bytes, not ${length}`);
  }
}

function decodeBody(id: number, length: number, reader: ByteReader): PeerMessage {
  switch (id) {
    case 0:
      return { id, name: 'choke' };
    case 1:
      return { id, name: 'unchoke' };
    case 2:
      return { id, name: 'interested' };
    case 3:
      return { id, name: 'not_interested' };
    case 4:
      return { id, name: 'have', piece: readInt(reader) };
    case 5:
      return { id, name: 'bitfield', bitfield: reader.bytes(length) };
    case 6:
      return { id, name: 'request', ...readRange(reader) };
    case 7:
      return { id, name: 'piece', piece: readInt(reader), begin: readInt(reader), data: reader.bytes(length - 8) };
    case 8:
      return { id, name: 'cancel', ...readRange(reader) };
    case 9:
      return { id, name: 'dht_port', port: reader.u16be() };
    case 10:
      return { id, name: 'hashcash_nbits', nbits: reader.u16be() };
    case 11:
      return { id, name: 'hashcash_nonce', nonce: reader.bytes(length) };
    case 13:
      return { id, name: 'suggest', piece: readInt(reader) };
    case 14:
      return { id, name: 'have_all' };
    case 15:
      return { id, name: 'have_none' };
    case 16:
      return { id, name: 'reject', ...readRange(reader) };
    case 17:
      return { id, name: 'allowed_fast', piece: readInt(reader) };
    default:
      return { id: 20, name: 'extended', extId: reader.u8(), payload: reader.bytes(length - 1) };
  }
}

function writeFields(message: PeerMessage, body: ByteWriter): void {
  switch (message.name) {
    case 'have':
    case 'suggest':
    case 'allowed_fast':
      writeInt(body, message.piece);
      break;
    case 'bitfield':
      body.bytes(message.bitfield);
      break;
    case 'request':
    case 'cancel':
    case 'reject':
      writeInt(body, message.piece);
      writeInt(body, message.begin);
      writeInt(body, message.length);
      break;
    case 'piece':
      writeInt(body, message.piece);
      writeInt(body, message.begin);
      body.bytes(message.data);
      break;
    case 'dht_port':
      body.u16be(message.port);
      break;
    case 'hashcash_nbits':
      body.u16be(message.nbits);
      break;
    case 'hashcash_nonce':
      body.bytes(message.nonce);
      break;
    case 'extended':
      body.u8(message.extId).bytes(message.payload);
      break;
    default:
      break;
  }
}

function readRange(reader: ByteReader): BlockRange {
  return { piece: readInt(reader), begin: readInt(reader), length: readInt(reader) };
}

function readInt(reader: ByteReader): number {
  return reader.u32be() | 0;
}

function writeInt(writer: ByteWriter, value: number): void {
  if (value !== (value | 0)) throw new RangeError(`${value} is no signed 32-bit integer`);
  writer.u32be(value >>> 0);
}

import type { Decoded } from './decoded.ts';
import { WireError } from './errors.ts';
import { sha256d } from './hash.ts';
import { WIRE_LIMITS } from './limits.ts';
import { MAGIC } from './magic.ts';
import type { Network } from './profile.ts';
import { ByteReader } from './reader.ts';
import { ByteWriter } from './writer.ts';

const COMMAND_AT = 4;
const LENGTH_AT = COMMAND_AT + WIRE_LIMITS.commandBytes;
const CHECKSUM_AT = LENGTH_AT + 4;
const CHECKSUM_BYTES = 4;

/** A message of the chain network: a command and its payload (WIRE-17). */
export interface Message {
  /** Printable ASCII, at most 12 characters. */
  readonly command: string;
  /** A view of the input where the message was decoded. */
  readonly payload: Uint8Array;
}

/**
 * Reads one message from the start of a stream (WIRE-17 … WIRE-19).
 * Throws {@link WireError}: `bad-magic`; `bad-command` for a byte outside 0x20…0x7e before the first NUL or anything but NUL after it;
 * `too-long` for a payload above 33,554,432 bytes; `truncated` while more bytes could complete it; `bad-checksum`.
 * Faults are reported as soon as the bytes that show them are there, in the order of the fields.
 * An unknown command is no fault. {@link messageFrameBytes} tells how much to skip after a refusal.
 */
export function decodeMessage(bytes: Uint8Array, network: Network): Decoded<Message> {
  checkMagic(bytes, MAGIC[network]);
  const command = readCommand(bytes);
  const consumed = messageFrameBytes(bytes);
  if (consumed === undefined || bytes.length < consumed) {
    const wanted = consumed ?? WIRE_LIMITS.messageHeaderBytes;
    throw new WireError('truncated', bytes.length, `${wanted} bytes are wanted, ${bytes.length} are there`);
  }
  const payload = bytes.subarray(WIRE_LIMITS.messageHeaderBytes, consumed);
  const checksum = sha256d(payload);
  for (let index = 0; index < CHECKSUM_BYTES; index += 1) {
    if (bytes[CHECKSUM_AT + index] !== checksum[index]) {
      throw new WireError('bad-checksum', CHECKSUM_AT + index, `the checksum of ${command || 'the message'} is wrong`);
    }
  }
  return { value: { command, payload }, consumed };
}

/**
 * Bytes that the message at the start of a stream takes, header included, or `undefined` while its length is not there yet (WIRE-18).
 * Deployed nodes skip that many after a wrong magic, command or checksum, and read on behind them.
 * Throws {@link WireError} `too-long`, after which the stream cannot be read any further.
 */
export function messageFrameBytes(bytes: Uint8Array): number | undefined {
  if (bytes.length < CHECKSUM_AT) return undefined;
  const length = new ByteReader(bytes, LENGTH_AT).u32le();
  if (length > WIRE_LIMITS.compactSize) {
    throw new WireError('too-long', LENGTH_AT, `a payload of ${length} bytes exceeds ${WIRE_LIMITS.compactSize}`);
  }
  return WIRE_LIMITS.messageHeaderBytes + length;
}

/**
 * Writes one message (WIRE-17): magic, command padded with NUL, uint32 length, four bytes of checksum, payload.
 * Throws {@link WireError} `bad-command` or `too-long` for what no node would read.
 */
export function encodeMessage(network: Network, command: string, payload: Uint8Array): Uint8Array {
  const writer = new ByteWriter(WIRE_LIMITS.messageHeaderBytes + payload.length).bytes(MAGIC[network]);
  for (let index = 0; index < WIRE_LIMITS.commandBytes; index += 1) {
    const unit = index < command.length ? command.charCodeAt(index) : 0;
    if (index < command.length && !isPrintable(unit)) throw badCommand(COMMAND_AT + index);
    writer.u8(unit);
  }
  if (command.length > WIRE_LIMITS.commandBytes) throw badCommand(LENGTH_AT);
  if (payload.length > WIRE_LIMITS.compactSize) {
    throw new WireError(
      'too-long',
      LENGTH_AT,
      `a payload of ${payload.length} bytes exceeds ${WIRE_LIMITS.compactSize}`,
    );
  }
  return writer.u32le(payload.length).bytes(sha256d(payload).subarray(0, CHECKSUM_BYTES)).bytes(payload).finish();
}

function checkMagic(bytes: Uint8Array, magic: Uint8Array): void {
  for (let index = 0; index < Math.min(magic.length, bytes.length); index += 1) {
    if (bytes[index] !== magic[index]) throw new WireError('bad-magic', index, 'the message is not of this network');
  }
}

function readCommand(bytes: Uint8Array): string {
  let command = '';
  let ended = false;
  for (let at = COMMAND_AT; at < Math.min(LENGTH_AT, bytes.length); at += 1) {
    const byte = bytes[at]!;
    if (byte === 0) ended = true;
    else if (ended || !isPrintable(byte)) throw badCommand(at);
    else command += String.fromCharCode(byte);
  }
  return command;
}

function isPrintable(byte: number): boolean {
  return byte >= 0x20 && byte <= 0x7e;
}

function badCommand(offset: number): WireError {
  return new WireError('bad-command', offset, 'a command is at most 12 printable ASCII characters, padded with NUL');
}

import type { Decoded } from './decoded.ts';
import { ByteReader } from './reader.ts';
import { ByteWriter } from './writer.ts';

/** The payload of `alert`: a notice of the network's maintainers and their signature (WIRE-33). */
export interface Alert {
  /** What {@link decodeAlertContent} reads; the signature covers these bytes. */
  readonly message: Uint8Array;
  /** ECDSA in DER by the network's alert key over the double SHA-256 of `message`; not checked here. */
  readonly signature: Uint8Array;
}

/** What an alert says (WIRE-34). Texts are bytes, not always UTF-8. */
export interface AlertContent {
  /** int32. */
  readonly version: number;
  /** int64, seconds since the Unix epoch: until when it is passed on. */
  readonly relayUntil: bigint;
  /** int64, seconds since the Unix epoch: until when it is in force. */
  readonly expiration: bigint;
  /** int32. */
  readonly id: number;
  /** int32; every alert with an id up to this one is cancelled. */
  readonly cancel: number;
  /** int32 each; the alerts with these ids are cancelled too. */
  readonly cancels: readonly number[];
  /** int32, least protocol version that is meant. */
  readonly minVersion: number;
  /** int32, greatest protocol version that is meant. */
  readonly maxVersion: number;
  /** User agents that are meant; all when empty. */
  readonly subVersions: readonly Uint8Array[];
  /** int32. */
  readonly priority: number;
  readonly comment: Uint8Array;
  /** What people are shown. */
  readonly statusBar: Uint8Array;
  readonly reserved: Uint8Array;
}

/** Reads the payload of `alert` (WIRE-33). Throws {@link WireError} `truncated` or `too-long`. */
export function decodeAlert(bytes: Uint8Array): Decoded<Alert> {
  const reader = new ByteReader(bytes);
  const value = { message: reader.varBytes(), signature: reader.varBytes() };
  return { value, consumed: reader.offset };
}

/** Writes the payload of `alert` (WIRE-33). */
export function encodeAlert(alert: Alert): Uint8Array {
  return new ByteWriter().varBytes(alert.message).varBytes(alert.signature).finish();
}

/**
 * Reads the signed part of an alert (WIRE-34). Lists keep the order of the wire, repeats included, where deployed nodes keep
 * sorted sets. Throws {@link WireError} `truncated` or `too-long`.
 */
export function decodeAlertContent(bytes: Uint8Array): Decoded<AlertContent> {
  const reader = new ByteReader(bytes);
  const value = {
    version: reader.i32le(),
    relayUntil: reader.i64le(),
    expiration: reader.i64le(),
    id: reader.i32le(),
    cancel: reader.i32le(),
    cancels: readList(reader, 4, () => reader.i32le()),
    minVersion: reader.i32le(),
    maxVersion: reader.i32le(),
    subVersions: readList(reader, 1, () => reader.varBytes()),
    priority: reader.i32le(),
    comment: reader.varBytes(),
    statusBar: reader.varBytes(),
    reserved: reader.varBytes(),
  };
  return { value, consumed: reader.offset };
}

/** Writes the signed part of an alert (WIRE-34). */
export function encodeAlertContent(content: AlertContent): Uint8Array {
  const writer = new ByteWriter()
    .i32le(content.version)
    .i64le(content.relayUntil)
    .i64le(content.expiration)
    .i32le(content.id)
    .i32le(content.cancel)
    .compactSize(content.cancels.length);
  for (const id of content.cancels) writer.i32le(id);
  writer.i32le(content.minVersion).i32le(content.maxVersion).compactSize(content.subVersions.length);
  for (const subVersion of content.subVersions) writer.varBytes(subVersion);
  return writer
    .i32le(content.priority)
    .varBytes(content.comment)
    .varBytes(content.statusBar)
    .varBytes(content.reserved)
    .finish();
}

function readList<T>(reader: ByteReader, elementBytes: number, read: () => T): T[] {
  const count = reader.count(elementBytes);
  const list: T[] = [];
  for (let index = 0; index < count; index += 1) list.push(read());
  return list;
}

import type { Decoded } from './decoded.ts';
import { ByteReader } from './reader.ts';
import { ByteWriter } from './writer.ts';

/** What a request of the DHT proxy is about (WIRE-28). Names are bytes, not always UTF-8. */
export interface DhtProxyTarget {
  readonly user: Uint8Array;
  readonly resource: Uint8Array;
  /** True for a resource of many values (`t` = `m`), false for a single one (`s`). */
  readonly multi: boolean;
}

/** The payload of `dhtgetreq`: asks a peer to look a value up in the DHT, or to stop doing so (WIRE-28). */
export interface DhtGetRequest extends DhtProxyTarget {
  readonly stop: boolean;
}

/** The payload of `dhtputreq`: asks a peer to store a signed value in the DHT (WIRE-29). */
export interface DhtPutRequest extends DhtProxyTarget {
  /** The value's `p` dictionary as bencoded and signed; not checked here. */
  readonly p: Uint8Array;
  /** Signature over `p`. */
  readonly sigP: Uint8Array;
  /** Name of the signer: bytes, not always UTF-8. */
  readonly sigUser: Uint8Array;
}

/** The payload of `dhtgetreply`: what a proxy found (WIRE-30). */
export interface DhtGetReply {
  /** Target of the lookup, 20 bytes where it is any good. */
  readonly target: Uint8Array;
  /** A bencoded list of `{p, sig_p, sig_user}`, or nothing at all where nothing was found; not checked here. */
  readonly values: Uint8Array;
}

/** Reads the payload of `dhtgetreq` (WIRE-28). Throws {@link WireError} `truncated` or `too-long`. */
export function decodeDhtGetRequest(bytes: Uint8Array): Decoded<DhtGetRequest> {
  const reader = new ByteReader(bytes);
  const value = { ...readTarget(reader), stop: reader.bool() };
  return { value, consumed: reader.offset };
}

/** Writes the payload of `dhtgetreq` (WIRE-28). */
export function encodeDhtGetRequest(request: DhtGetRequest): Uint8Array {
  return writeTarget(new ByteWriter(), request).bool(request.stop).finish();
}

/** Reads the payload of `dhtputreq` (WIRE-29). Throws {@link WireError} `truncated` or `too-long`. */
export function decodeDhtPutRequest(bytes: Uint8Array): Decoded<DhtPutRequest> {
  const reader = new ByteReader(bytes);
  const value = {
    ...readTarget(reader),
    p: reader.varBytes(),
    sigP: reader.varBytes(),
    sigUser: reader.varBytes(),
  };
  return { value, consumed: reader.offset };
}

/** Writes the payload of `dhtputreq` (WIRE-29). */
export function encodeDhtPutRequest(request: DhtPutRequest): Uint8Array {
  return writeTarget(new ByteWriter(), request)
    .varBytes(request.p)
    .varBytes(request.sigP)
    .varBytes(request.sigUser)
    .finish();
}

/** Reads the payload of `dhtgetreply` (WIRE-30). Throws {@link WireError} `truncated` or `too-long`. */
export function decodeDhtGetReply(bytes: Uint8Array): Decoded<DhtGetReply> {
  const reader = new ByteReader(bytes);
  const value = { target: reader.varBytes(), values: reader.varBytes() };
  return { value, consumed: reader.offset };
}

/** Writes the payload of `dhtgetreply` (WIRE-30). */
export function encodeDhtGetReply(reply: DhtGetReply): Uint8Array {
  return new ByteWriter().varBytes(reply.target).varBytes(reply.values).finish();
}

function readTarget(reader: ByteReader): DhtProxyTarget {
  return { user: reader.varBytes(), resource: reader.varBytes(), multi: reader.bool() };
}

function writeTarget(writer: ByteWriter, target: DhtProxyTarget): ByteWriter {
  return writer.varBytes(target.user).varBytes(target.resource).bool(target.multi);
}

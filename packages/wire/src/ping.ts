import type { Decoded } from './decoded.ts';
import { WIRE_LIMITS } from './limits.ts';
import { ByteReader } from './reader.ts';
import { ByteWriter } from './writer.ts';

/**
 * Reads the payload of `ping` or `pong`: the 8 bytes of its nonce (WIRE-35). Throws {@link WireError} `truncated`.
 * Peers up to protocol version 60000 send `ping` without a nonce and want no answer.
 */
export function decodePing(bytes: Uint8Array): Decoded<Uint8Array> {
  const reader = new ByteReader(bytes);
  return { value: reader.bytes(WIRE_LIMITS.nonceBytes), consumed: reader.offset };
}

/** Writes the payload of `ping` or `pong` (WIRE-35). */
export function encodePing(nonce: Uint8Array): Uint8Array {
  return new ByteWriter(WIRE_LIMITS.nonceBytes).fixedBytes(nonce, WIRE_LIMITS.nonceBytes).finish();
}

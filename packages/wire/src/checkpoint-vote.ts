import type { Decoded } from './decoded.ts';
import { WIRE_LIMITS } from './limits.ts';
import { ByteReader } from './reader.ts';
import { ByteWriter } from './writer.ts';

/** The payload of `cp`: one user's vote for a block of the chain (WIRE-27). */
export interface CheckpointVote {
  /** int32, height of the block. */
  readonly height: number;
  /** Id of the block, 32 bytes in wire order. */
  readonly hash: Uint8Array;
  /** Name of the voter: bytes, not always UTF-8. */
  readonly user: Uint8Array;
  /** 65 bytes where it is any good. */
  readonly signature: Uint8Array;
}

/** Reads the payload of `cp` (WIRE-27). Throws {@link WireError} `truncated` or `too-long`; judges neither voter nor signature. */
export function decodeCheckpointVote(bytes: Uint8Array): Decoded<CheckpointVote> {
  const reader = new ByteReader(bytes);
  const value = {
    height: reader.i32le(),
    hash: reader.bytes(WIRE_LIMITS.hashBytes),
    user: reader.varBytes(),
    signature: reader.varBytes(),
  };
  return { value, consumed: reader.offset };
}

/** Writes the payload of `cp` (WIRE-27). */
export function encodeCheckpointVote(vote: CheckpointVote): Uint8Array {
  return new ByteWriter()
    .i32le(vote.height)
    .fixedBytes(vote.hash, WIRE_LIMITS.hashBytes)
    .varBytes(vote.user)
    .varBytes(vote.signature)
    .finish();
}

import { KEYS_LIMITS } from './limits.ts';

/** A message signature taken apart. */
export interface MessageSignature {
  /** Whether the signer's public key is meant in its 33-byte form. */
  readonly compressed: boolean;
  /** Recovery id: bit 0 is the parity of the nonce point's y, 2 says that its x is r + n. */
  readonly recovery: number;
  /** r and s, 32 bytes each, big-endian. */
  readonly compact: Uint8Array;
}

/** Header byte of an uncompressed key and recovery id 0. */
const FIRST_HEADER = 27;
/** Added to the header for a compressed key. */
const COMPRESSED_STEP = 4;
/** Deployed nodes refuse recovery id 3. */
const MAX_RECOVERY = 2;

/**
 * Takes a 65-byte message signature apart: header 27 + recovery id (+ 4 for a compressed key), r, s.
 * Undefined if the length is another or the header is not of 27–29 or 31–33. `compact` is a view of the input.
 * The range of r and s is not checked. Rules KEY-6 and KEY-7.
 */
export function decodeSignature(signature: Uint8Array): MessageSignature | undefined {
  if (signature.length !== KEYS_LIMITS.signatureBytes) return undefined;
  const code = (signature[0] as number) - FIRST_HEADER;
  const compressed = code >= COMPRESSED_STEP;
  const recovery = compressed ? code - COMPRESSED_STEP : code;
  if (recovery < 0 || recovery > MAX_RECOVERY) return undefined;
  return { compressed, recovery, compact: signature.subarray(1) };
}

/** Puts a message signature together. */
export function encodeSignature({ compressed, recovery, compact }: MessageSignature): Uint8Array {
  const signature = new Uint8Array(KEYS_LIMITS.signatureBytes);
  signature[0] = FIRST_HEADER + recovery + (compressed ? COMPRESSED_STEP : 0);
  signature.set(compact, 1);
  return signature;
}

import type { Decoded } from '../decoded.ts';
import { WireError } from '../errors.ts';
import { WIRE_LIMITS } from '../limits.ts';
import type { Profile } from '../profile.ts';
import { BencodeNode } from './node.ts';
import { parseTape } from './parse.ts';
import { LARGEST_INPUT_BYTES } from './tape.ts';

/** How to read bencode; what is left out is the canonical profile with the limits of `WIRE_LIMITS`. */
export interface BencodeOptions {
  /** `canonical`: one encoding a value, nothing after it. `deployed`: what deployed nodes read, with the value they read. */
  readonly profile?: Profile;
  /** Lists and dictionaries inside each other, the outermost counted (BENC-11). */
  readonly maxDepth?: number;
  /** One more than the number of values allowed, keys not counted, the outermost value counted (BENC-10). */
  readonly maxItems?: number;
  /** Bytes of the input, at most 2^29 − 1 (BENC-1). */
  readonly maxBytes?: number;
}

/**
 * Reads the bencoded value at the start of `bytes` (BENC-1 … BENC-12). Linear time, no recursion, memory at most about ten times the input.
 * Throws `WireError`: `too-long`, `truncated`, `syntax`, `too-deep`, `too-many`; canonical also `bad-length`, `bad-integer`,
 * `unsorted-keys`, `duplicate-key`, `trailing-bytes`. Not checked: what the value means.
 */
export function decodeBencode(bytes: Uint8Array, options: BencodeOptions = {}): Decoded<BencodeNode> {
  const value = readBencode(
    bytes,
    options.profile === 'deployed',
    limit('maxDepth', options.maxDepth, WIRE_LIMITS.bencodeDepth),
    limit('maxItems', options.maxItems, WIRE_LIMITS.bencodeItems),
    limit('maxBytes', options.maxBytes, WIRE_LIMITS.bencodeBytes),
  );
  return { value, consumed: value.end };
}

/** The same with every limit given, for decoders with limits of their own. */
export function readBencode(
  bytes: Uint8Array,
  deployed: boolean,
  maxDepth: number,
  maxItems: number,
  maxBytes: number,
): BencodeNode {
  const most = Math.min(maxBytes, LARGEST_INPUT_BYTES);
  if (bytes.length > most) throw new WireError('too-long', most, `${bytes.length} bytes are more than ${most}`);
  const tape = parseTape(bytes, !deployed, maxDepth, maxItems);
  const root = new BencodeNode(bytes, tape, 0);
  if (!deployed && root.end < bytes.length) {
    throw new WireError('trailing-bytes', root.end, `${bytes.length - root.end} bytes follow the value`);
  }
  return root;
}

function limit(name: string, given: number | undefined, usual: number): number {
  if (given === undefined) return usual;
  if (!Number.isSafeInteger(given) || given < 0)
    throw new RangeError(`${name} must be an integer from 0 on, got ${given}`);
  return given;
}

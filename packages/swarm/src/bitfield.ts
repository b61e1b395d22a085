import type { Verdict } from '@rookery/wire';
import { checkIndex, greatestIndex, type SwarmContext } from './ceiling.ts';
import type { SwarmCode } from './codes.ts';
import { piecesWith } from './have.ts';
import { SWARM_LIMITS } from './limits.ts';

const BYTE_BITS = 8;
const TOP_BIT = 0x80;

/** What a peer's bitfield says. */
export interface KnownPieces {
  /** Count of pieces of the swarm from now on. */
  readonly pieces: number;
  /** The bitfield without the bits that belong to no piece; a view of what was received, of at most ⌈pieces / 8⌉ bytes. */
  readonly bitfield: Uint8Array;
}

/**
 * Decides whether a peer's bitfield can be true, and how many pieces the swarm then has (SWARM-4).
 * `bitfield` is the payload of the message, the most significant bit of byte 0 being piece 0; `pieces` is the own count so far.
 * A bitfield that is not longer than that is always taken. Refuses with `unknown-user` and `too-many-pieces`; the peer is then
 * disconnected. Linear in the bitfield, without allocation.
 */
export function checkBitfield(
  bitfield: Uint8Array,
  pieces: number,
  context: SwarmContext,
): Verdict<SwarmCode, KnownPieces> {
  const size = BYTE_BITS * bitfield.length;
  if (size <= pieces) return { ok: true, pieces, bitfield };
  if (context.profile === 'deployed') {
    const judged = checkIndex(size - SWARM_LIMITS.bitfieldSlack, context);
    return judged.ok ? { ok: true, pieces: size, bitfield } : judged;
  }
  // Weakness W56: the length says nothing, the highest piece that the peer claims does. An empty claim needs no more than a user.
  const judged = checkIndex(Math.max(0, highestBit(bitfield)), context);
  if (!judged.ok) return judged;
  const room = boundedPieces(greatestIndex(context.tip, judged.registeredAt));
  const grown = Math.max(pieces, Math.min(size, room));
  return { ok: true, pieces: grown, bitfield: bitfield.subarray(0, Math.ceil(grown / BYTE_BITS)) };
}

/** The most pieces that a canonical peer counts because of a bitfield: whole bytes, no more than 19 bits can number (W55). */
function boundedPieces(greatest: number = SWARM_LIMITS.pieceIndex): number {
  return Math.min(SWARM_LIMITS.pieceIndex + 1, BYTE_BITS * Math.ceil(piecesWith(greatest) / BYTE_BITS));
}

/** Index of the last set bit, or −1. */
function highestBit(bitfield: Uint8Array): number {
  let byte = bitfield.length - 1;
  while (byte >= 0 && bitfield[byte] === 0) byte -= 1;
  if (byte < 0) return -1;
  const trailingZeros = 31 - Math.clz32(bitfield[byte]! & -bitfield[byte]!);
  return BYTE_BITS * byte + BYTE_BITS - 1 - trailingZeros;
}

/** Tells whether a bitfield, of any length, says that piece `index` is there. */
export function hasPiece(bitfield: Uint8Array, index: number): boolean {
  return ((bitfield[Math.floor(index / BYTE_BITS)] ?? 0) & (TOP_BIT >> (index % BYTE_BITS))) !== 0;
}

/**
 * Writes the bitfield of a peer that has these pieces, as deployed nodes do (SWARM-5): ⌈pieces / 8⌉ bytes, spare bits zero.
 * Throws `RangeError` for an index that is not in 0…pieces − 1.
 */
export function encodeBitfield(have: Iterable<number>, pieces: number): Uint8Array {
  const bitfield = new Uint8Array(Math.ceil(pieces / BYTE_BITS));
  for (const index of have) {
    if (!Number.isSafeInteger(index) || index < 0 || index >= pieces) {
      throw new RangeError(`piece ${index} is not one of ${pieces}`);
    }
    bitfield[index >> 3]! |= TOP_BIT >> (index & 7);
  }
  return bitfield;
}

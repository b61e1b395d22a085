import { reject, type Verdict } from '@rookery/wire';
import type { ChainCode } from './codes.ts';
import { CHAIN_LIMITS } from './limits.ts';

/** The easiest target of every network, 2^255 − 1 (CHAIN-1). */
export const POW_LIMIT = 0x7fff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffff_ffffn;

/** {@link POW_LIMIT} in compact form, the easiest `bits` (CHAIN-4). */
export const LIMIT_BITS = 0x207f_ffff;

const SIGN = 0x0080_0000;
const MANTISSA = 0x007f_ffff;
const MANTISSA_BYTES = 3;

/**
 * Reads compact `bits` as the signed number they stand for, without any judgement (CHAIN-4).
 * The top byte counts bytes, bit 23 is the sign, 23 bits are the mantissa; zero has no sign.
 * The magnitude may pass 2^256. Throws `RangeError` where `bits` is no uint32.
 */
export function compactNumber(bits: number): bigint {
  if (!Number.isInteger(bits) || bits < 0 || bits > CHAIN_LIMITS.nonce) throw new RangeError(`${bits} is no uint32`);
  const size = bits >>> 24;
  const mantissa = bits & MANTISSA;
  const magnitude =
    size <= MANTISSA_BYTES
      ? BigInt(mantissa >>> (8 * (MANTISSA_BYTES - size)))
      : BigInt(mantissa) << BigInt(8 * (size - MANTISSA_BYTES));
  return (bits & SIGN) === 0 ? magnitude : -magnitude;
}

/**
 * Reads `bits` as a target that work can be measured against (CHAIN-4): 1 to {@link POW_LIMIT}.
 * Codes `negative-target`, `zero-target`, `target-above-limit`. Throws `RangeError` where `bits` is no uint32.
 */
export function decodeBits(bits: number): Verdict<ChainCode, { readonly target: bigint }> {
  const target = compactNumber(bits);
  if (target < 0n) return reject('negative-target', 'the bits stand for a negative target');
  if (target === 0n) return reject('zero-target', 'the bits stand for the target zero');
  if (target > POW_LIMIT) return reject('target-above-limit', 'the target is easier than the network allows');
  return { ok: true, target };
}

/**
 * Writes a target in compact form, dropping all but its top 23 bits or fewer (CHAIN-4).
 * Throws `RangeError` for a number of more than 255 bytes.
 */
export function encodeBits(target: bigint): number {
  const magnitude = target < 0n ? -target : target;
  let size = magnitude === 0n ? 0 : Math.ceil(magnitude.toString(16).length / 2);
  let mantissa =
    size <= MANTISSA_BYTES
      ? Number(magnitude) * 2 ** (8 * (MANTISSA_BYTES - size))
      : Number(magnitude >> BigInt(8 * (size - MANTISSA_BYTES)));
  if (mantissa >= SIGN) {
    mantissa = Math.floor(mantissa / 256);
    size += 1;
  }
  if (size > 255) throw new RangeError('the number is too large for compact form');
  return size * 2 ** 24 + mantissa + (target < 0n ? SIGN : 0);
}

/** Writes a target in compact form, the limit's where it is easier than that (CHAIN-7, CHAIN-10). */
export function encodeTarget(target: bigint): number {
  if (target > POW_LIMIT) return LIMIT_BITS;
  return encodeBits(target);
}

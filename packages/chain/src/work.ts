import type { Network } from '@rookery/wire';
import { compactNumber, encodeBits, encodeTarget, LIMIT_BITS, POW_LIMIT } from './bits.ts';
import { CHAIN_LIMITS } from './limits.ts';

/**
 * The work that a block with these `bits` adds to its chain: floor(2^256 / (target + 1)), and 0 for a target below 1
 * (CHAIN-6). Of two tips the one with more total work is better. Throws `RangeError` where `bits` is no uint32.
 */
export function workOfBits(bits: number): bigint {
  const target = compactNumber(bits);
  return target <= 0n ? 0n : (1n << 256n) / (target + 1n);
}

/**
 * The easiest `bits` that a block may have `elapsedSeconds` after one with `bits` (CHAIN-10): four times the target for
 * every eight weeks begun, up to the limit. Testnet: the limit once more than 1,200 seconds have passed.
 * A target below 1 stays what it is. Throws `RangeError` where `bits` is no uint32 or the time is no safe integer.
 */
export function minWork(bits: number, elapsedSeconds: number, network: Network = 'main'): number {
  if (!Number.isSafeInteger(elapsedSeconds)) throw new RangeError('elapsedSeconds must be a safe integer');
  const { spacingSeconds, retargetSeconds, retargetFactor } = CHAIN_LIMITS;
  if (network === 'testnet' && elapsedSeconds > 2 * spacingSeconds) return LIMIT_BITS;
  let target = compactNumber(bits);
  if (target <= 0n) return encodeBits(target);
  for (let left = elapsedSeconds; left > 0 && target < POW_LIMIT; left -= retargetFactor * retargetSeconds)
    target *= BigInt(retargetFactor);
  return encodeTarget(target);
}

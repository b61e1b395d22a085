import { CHAIN_LIMITS } from './limits.ts';

/**
 * The median of the times of up to 11 blocks, which the next block must pass (CHAIN-9, CHAIN-36).
 * Seconds since the Unix epoch, in any order; of an even number the upper middle one. Throws `RangeError` for none or
 * more than 11.
 */
export function medianTime(times: readonly number[]): number {
  if (times.length < 1 || times.length > CHAIN_LIMITS.medianTimes)
    throw new RangeError(`a median needs 1 to ${CHAIN_LIMITS.medianTimes} times, not ${times.length}`);
  const sorted = [...times].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)]!;
}

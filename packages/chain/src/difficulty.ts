import type { Network } from '@rookery/wire';
import { compactNumber, encodeTarget, LIMIT_BITS } from './bits.ts';
import { CHAIN_LIMITS } from './limits.ts';

/** What the `bits` of the next block hang on. Heights count from genesis = 0, times are seconds since the Unix epoch. */
export interface DifficultyContext {
  /** Height of the last block. */
  readonly height: number;
  /** Time of the last block. */
  readonly time: number;
  /** Bits of the last block. */
  readonly bits: number;
  /** Time of the block 2,015 steps before the last one; needed where {@link isRetarget} says so. */
  readonly firstTime?: number | undefined;
  /** Testnet: time of the new block. */
  readonly newTime?: number | undefined;
  /**
   * Testnet: bits of the last block since the last multiple of 2,016, that one included, whose bits are not the limit;
   * undefined where all are.
   */
  readonly lastBits?: number | undefined;
}

/** Tells whether the block after height `height` sets a new target: on every network but dev, at multiples of 2,016. */
export function isRetarget(network: Network, height: number): boolean {
  return network !== 'dev' && (height + 1) % CHAIN_LIMITS.retargetBlocks === 0;
}

/**
 * The `bits` that the next block must have (CHAIN-7, CHAIN-8, and CHAIN-3 for dev).
 * Throws `RangeError` where a field that the network needs at this height is missing.
 */
export function nextBits(network: Network, last: DifficultyContext): number {
  if (network === 'dev') return LIMIT_BITS;
  if (isRetarget(network, last.height)) return retarget(last.bits, last.time - needed(last.firstTime, 'firstTime'));
  if (network !== 'testnet') return last.bits;
  if (needed(last.newTime, 'newTime') > last.time + 2 * CHAIN_LIMITS.spacingSeconds) return LIMIT_BITS;
  return last.height % CHAIN_LIMITS.retargetBlocks === 0 ? last.bits : (last.lastBits ?? last.bits);
}

/** The first of the measured blocks is 2,015 steps back, not 2,016: Bitcoin's off-by-one, kept. */
function retarget(bits: number, spanSeconds: number): number {
  const { retargetSeconds, retargetFactor } = CHAIN_LIMITS;
  const span = Math.min(Math.max(spanSeconds, retargetSeconds / retargetFactor), retargetSeconds * retargetFactor);
  return encodeTarget((compactNumber(bits) * BigInt(span)) / BigInt(retargetSeconds));
}

function needed(value: number | undefined, name: string): number {
  if (value === undefined) throw new RangeError(`${name} is needed at this height`);
  return value;
}

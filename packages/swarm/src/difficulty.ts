import { SWARM_LIMITS } from './limits.ts';

/**
 * The difficulty of the peek extension for the next second, in bits (SWARM-10).
 * One harder after more than 50 authorised requests in the last second, one easier with a chance of 1/100 after none; 16 to 31.
 * `chance` is a random number of 0 ≤ chance < 1, used only for the latter.
 */
export function nextDifficulty(nbits: number, requests: number, chance: number): number {
  const { leastBits, mostBits, requestsPerSecond } = SWARM_LIMITS;
  const step = requests > requestsPerSecond ? 1 : requests === 0 && chance < EASIER ? -1 : 0;
  return Math.min(mostBits, Math.max(leastBits, nbits + step));
}

const EASIER = 0.01;

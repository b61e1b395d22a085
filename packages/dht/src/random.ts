/** Where an engine gets its random bytes: a function of the length. Seeded in tests, the platform's generator elsewhere. */
export type RandomBytes = (length: number) => Uint8Array;

const FRACTION_BYTES = 4;
const FRACTIONS = 0x1_0000_0000;

/** A number from 0 up to, but not including, 1. */
export function randomFraction(random: RandomBytes): number {
  const [a, b, c, d] = random(FRACTION_BYTES);
  return (((a! << 24) | (b! << 16) | (c! << 8) | d!) >>> 0) / FRACTIONS;
}

/** An integer from 0 up to, but not including, `bound`, which is at most 2^32. */
export function randomBelow(bound: number, random: RandomBytes): number {
  return Math.floor(randomFraction(random) * bound);
}

/** Up to `count` items of a list, each choice as likely as any other, in random order. */
export function randomSample<T>(items: readonly T[], count: number, random: RandomBytes): T[] {
  const rest = [...items];
  const taken = Math.min(count, rest.length);
  for (let index = 0; index < taken; index += 1) {
    const other = index + randomBelow(rest.length - index, random);
    [rest[index], rest[other]] = [rest[other]!, rest[index]!];
  }
  return rest.slice(0, taken);
}

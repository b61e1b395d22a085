import { DHT_LIMITS } from './limits.ts';

/** A resource name taken apart; see {@link parseResource}. */
export interface ResourceName {
  /** The leading run of ASCII letters. */
  readonly base: string;
  /** What follows it, as text. */
  readonly suffix: string;
  /** The number that follows, or undefined where nothing follows or what follows is no number. */
  readonly number: number | undefined;
}

const NAME = /^([A-Za-z]*)(.*)$/s;
const NUMBER = /^(?:0|[1-9][0-9]*)$/;
/** Digits of 2^63 − 1, above which C's `strtol` stands still. */
const LONG_DIGITS = 19;

/**
 * Takes a resource name apart as expiry does (DHT-29): letters, then a number without leading zeros.
 * The number is read as deployed nodes read it on 64-bit systems: clamped to 2^63 − 1, cut to 32 bits; negative results are no number.
 * Linear in the name. Not checked: that the resource is a known one.
 */
export function parseResource(name: string): ResourceName {
  const [, base = '', suffix = ''] = NAME.exec(name) ?? [];
  return { base, suffix, number: NUMBER.test(suffix) ? parseNumber(suffix) : undefined };
}

function parseNumber(digits: string): number | undefined {
  const long = digits.length > LONG_DIGITS ? -1n : BigInt(digits);
  const number = long > 0x7fff_ffff_ffff_ffffn ? -1 : Number(BigInt.asIntN(32, long));
  return number < 0 ? undefined : number;
}

/**
 * The number after a base that counts something: `post7` after `post` is 7. Undefined for every other name.
 * The number is what the digits say, so it can be greater than any post's; beyond 2^53 it is not exact.
 */
export function numberAfter(base: string, { base: found, suffix }: ResourceName): number | undefined {
  return found === base && NUMBER.test(suffix) ? Number(suffix) : undefined;
}

/** Resource bytes as text, one character a byte: the rules look at ASCII only, and names need not be UTF-8. */
export function resourceText(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, DHT_LIMITS.resourceBytes + 1));
}

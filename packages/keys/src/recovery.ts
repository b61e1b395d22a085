import type { CurveBackend } from './backend.ts';
import { CURVE_ORDER, FIELD_PRIME, invertModulo, modulo, toInteger, toWord } from './scalar.ts';

/** Recovery ids from here on mean that the nonce point's x is r + n. */
const SECOND_X = 2;

/**
 * The 33-byte key of a signature whose r or s may lie outside 1…n−1, as deployed nodes compute it. Rule KEY-9.
 *
 * They take x = r (or r + n) as it stands, which must be below p and on the curve, and use r and s modulo n everywhere else.
 * So r in n+1…p−1 is r − n with the other x; s ≥ n is s − n; and s ≡ 0 gives the key −(e/r)·G whatever the nonce point is.
 * There is no key for r ≡ 0, which has no inverse, nor where the result is the point at infinity.
 */
export function recoverUnreduced(
  digest: Uint8Array,
  compact: Uint8Array,
  recovery: number,
  backend: CurveBackend,
): Uint8Array | undefined {
  const r = toInteger(compact.subarray(0, 32));
  const s = toInteger(compact.subarray(32)) % CURVE_ORDER;
  const x = recovery < SECOND_X ? r : r + CURVE_ORDER;
  const reducedR = r % CURVE_ORDER;
  if (x >= FIELD_PRIME || reducedR === 0n) return undefined;
  if (s === 0n) return recoverOfZero(digest, reducedR, x, recovery, backend);
  const reduced = new Uint8Array(64);
  reduced.set(toWord(reducedR));
  reduced.set(toWord(s), 32);
  const secondX = reducedR === x ? 0 : SECOND_X;
  return backend.recover(digest, reduced, (recovery & 1) | secondX);
}

function recoverOfZero(
  digest: Uint8Array,
  r: bigint,
  x: bigint,
  recovery: number,
  backend: CurveBackend,
): Uint8Array | undefined {
  const noncePoint = new Uint8Array(33);
  noncePoint[0] = 2 + (recovery & 1);
  noncePoint.set(toWord(x), 1);
  if (backend.expandPublicKey(noncePoint) === undefined) return undefined;
  const factor = modulo(-toInteger(digest) * invertModulo(r, CURVE_ORDER), CURVE_ORDER);
  return factor === 0n ? undefined : backend.derivePublicKey(toWord(factor), true);
}

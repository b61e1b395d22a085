import { addAffine, affineCoordinates, doublePoint, type JacobianPoint } from './jacobian.ts';

/**
 * Multiples of one point: for the window that starts at bit w·bits, the points 1…2^(bits−1) times 2^(w·bits)·Q.
 * With it a multiplication takes one addition a window and no doubling. About 2^(bits−1)·256/bits points of 128 bytes.
 */
export interface WindowTable {
  readonly bits: number;
  /** x and y of every multiple, windows one after the other. */
  readonly coordinates: readonly bigint[];
}

/** Bits of a scalar, and one more for the carry of signed digits. */
const SCALAR_BITS = 257;

/** Builds the table of the affine point (x, y), which must be on the curve; `bits` is of 2…8. */
export function buildWindowTable(x: bigint, y: bigint, bits: number): WindowTable {
  const windows = Math.ceil(SCALAR_BITS / bits);
  const half = 1 << (bits - 1);
  const bases: JacobianPoint[] = [{ X: x, Y: y, Z: 1n }];
  while (bases.length < windows) {
    let base = bases.at(-1) as JacobianPoint;
    for (let bit = 0; bit < bits; bit += 1) base = doublePoint(base);
    bases.push(base);
  }
  const starts = affineCoordinates(bases);
  const multiples: JacobianPoint[] = [];
  for (let window = 0; window < windows; window += 1) {
    const baseX = starts[2 * window] as bigint;
    const baseY = starts[2 * window + 1] as bigint;
    let multiple: JacobianPoint = { X: baseX, Y: baseY, Z: 1n };
    multiples.push(multiple);
    for (let factor = 2; factor <= half; factor += 1) {
      multiple = addAffine(multiple, baseX, baseY);
      multiples.push(multiple);
    }
  }
  return { bits, coordinates: affineCoordinates(multiples) };
}

/** `sum` plus `scalar` times the table's point; `scalar` is of 0…n−1. Its time depends on the scalar. */
export function addMultiple(sum: JacobianPoint, scalar: bigint, table: WindowTable): JacobianPoint {
  const { bits, coordinates } = table;
  const half = 1 << (bits - 1);
  const full = 1 << bits;
  const mask = BigInt(full - 1);
  const shift = BigInt(bits);
  let result = sum;
  let rest = scalar;
  for (let start = 0; rest > 0n; start += half) {
    let digit = Number(rest & mask);
    rest >>= shift;
    if (digit > half) {
      digit -= full;
      rest += 1n;
    }
    if (digit === 0) continue;
    const entry = 2 * (start + Math.abs(digit) - 1);
    const y = coordinates[entry + 1] as bigint;
    result = addAffine(result, coordinates[entry] as bigint, digit < 0 ? -y : y);
  }
  return result;
}

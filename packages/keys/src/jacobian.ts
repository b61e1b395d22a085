import { FIELD_PRIME, invertModulo, modulo } from './scalar.ts';

/**
 * A point as X/Z², Y/Z³; Z is 0 for the point at infinity only.
 * Coordinates are residues between −p and p, so that no step pays for making them positive.
 * Time depends on the values: for public points only.
 */
export interface JacobianPoint {
  readonly X: bigint;
  readonly Y: bigint;
  readonly Z: bigint;
}

/** The neutral element. */
export const INFINITY: JacobianPoint = Object.freeze({ X: 1n, Y: 1n, Z: 0n });

const p = FIELD_PRIME;

/** Twice a point (dbl-2009-l of the explicit-formulas database, a = 0). */
export function doublePoint({ X, Y, Z }: JacobianPoint): JacobianPoint {
  if (Z === 0n) return INFINITY;
  const A = (X * X) % p;
  const B = (Y * Y) % p;
  const C = (B * B) % p;
  const D = (4n * X * B) % p;
  const E = 3n * A;
  const X3 = (E * E - 2n * D) % p;
  return { X: X3, Y: (E * (D - X3) - 8n * C) % p, Z: (2n * Y * Z) % p };
}

/** The sum of a point and the affine point (x, y), for every pair of points (after madd-2004-hmv). */
export function addAffine(point: JacobianPoint, x: bigint, y: bigint): JacobianPoint {
  const { X, Y, Z } = point;
  if (Z === 0n) return { X: x, Y: y, Z: 1n };
  const ZZ = (Z * Z) % p;
  const H = (x * ZZ - X) % p;
  const R = (((y * Z) % p) * ZZ - Y) % p;
  if (H === 0n) return R === 0n ? doublePoint(point) : INFINITY;
  const HH = (H * H) % p;
  const HHH = (HH * H) % p;
  const V = (X * HH) % p;
  const X3 = (R * R - HHH - 2n * V) % p;
  return { X: X3, Y: (R * (V - X3) - Y * HHH) % p, Z: (Z * H) % p };
}

/**
 * The affine coordinates x, y, x, y, … of finite points, each of 0…p−1, with one inversion for all.
 */
export function affineCoordinates(points: readonly JacobianPoint[]): bigint[] {
  const products: bigint[] = [];
  let product = 1n;
  for (const { Z } of points) {
    products.push(product);
    product = (product * Z) % p;
  }
  let inverse = invertModulo(product, p);
  const coordinates = new Array<bigint>(2 * points.length);
  for (let index = points.length - 1; index >= 0; index -= 1) {
    const { X, Y, Z } = points[index] as JacobianPoint;
    const zInverse = (inverse * (products[index] as bigint)) % p;
    inverse = (inverse * Z) % p;
    const square = (zInverse * zInverse) % p;
    coordinates[2 * index] = modulo(X * square, p);
    coordinates[2 * index + 1] = modulo(((Y * square) % p) * zInverse, p);
  }
  return coordinates;
}

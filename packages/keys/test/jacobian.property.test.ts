import { Point } from '@noble/secp256k1';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addAffine, affineCoordinates, doublePoint, INFINITY, type JacobianPoint } from '../src/jacobian.ts';
import { CURVE_ORDER, FIELD_PRIME } from '../src/scalar.ts';
import { addMultiple, buildWindowTable } from '../src/window-table.ts';

const scalars = fc.oneof(
  fc.bigInt({ min: 1n, max: CURVE_ORDER - 1n }),
  fc.integer({ min: 1, max: 40 }).map(BigInt),
  fc.integer({ min: 1, max: 40 }).map((step) => CURVE_ORDER - BigInt(step)),
);
const scales = fc.bigInt({ min: 1n, max: FIELD_PRIME - 1n });

function multiple(scalar: bigint): Point {
  const reduced = scalar % CURVE_ORDER;
  return reduced === 0n ? Point.ZERO : Point.BASE.multiply(reduced);
}

/** The same point with other coordinates: X·z², Y·z³, Z·z, two of them as negative residues. */
function scaled(point: Point, z: bigint): JacobianPoint {
  const { x, y } = point.toAffine();
  return { X: (x * z * z) % FIELD_PRIME, Y: ((y * z * z * z) % FIELD_PRIME) - FIELD_PRIME, Z: z - FIELD_PRIME };
}

function shown(point: JacobianPoint): readonly bigint[] {
  return point.Z === 0n ? [] : affineCoordinates([point]);
}

function expected(point: Point): readonly bigint[] {
  const { x, y } = point.toAffine();
  return point.is0() ? [] : [x, y];
}

describe('Jacobian arithmetic against noble', () => {
  it('adds any two points, equal and opposite ones too', () => {
    fc.assert(
      fc.property(scalars, scalars, scales, fc.constantFrom('any', 'same', 'opposite'), (a, b, z, relation) => {
        const left = multiple(a);
        const right = relation === 'any' ? multiple(b) : relation === 'same' ? left : left.negate();
        const { x, y } = right.toAffine();
        const point = scaled(left, z);
        expect(shown(addAffine(point, x, y))).toEqual(expected(left.add(right)));
        expect(shown(addAffine(point, x, y - FIELD_PRIME))).toEqual(expected(left.add(right)));
      }),
    );
  });

  it('doubles', () => {
    fc.assert(
      fc.property(scalars, scales, (a, z) => {
        expect(shown(doublePoint(scaled(multiple(a), z)))).toEqual(expected(multiple(a).double()));
      }),
    );
  });

  it('takes infinity as the neutral element', () => {
    const { x, y } = Point.BASE.toAffine();
    expect(shown(addAffine(INFINITY, x, y))).toEqual([x, y]);
    expect(shown(doublePoint(INFINITY))).toEqual([]);
    expect(shown(addAffine(addAffine(INFINITY, x, y), x, -y))).toEqual([]);
  });

  it('gives many affine points as it gives each', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(scalars, scales), { minLength: 1, maxLength: 5 }), (all) => {
        const points = all.map(([a, z]) => scaled(multiple(a), z));
        expect(affineCoordinates(points)).toEqual(points.flatMap((point) => shown(point)));
      }),
    );
  });

  it.each([2, 3, 4, 5, 6, 7, 8])('multiplies by a table of %i bits a step', (bits) => {
    const { x, y } = multiple(12345n).toAffine();
    const table = buildWindowTable(x, y, bits);
    const check = (scalar: bigint): void => {
      expect(shown(addMultiple(INFINITY, scalar, table))).toEqual(expected(multiple(12345n * scalar)));
    };
    for (const scalar of [0n, 1n, 2n, CURVE_ORDER - 1n, CURVE_ORDER - 2n, 1n << 255n, CURVE_ORDER >> 1n]) check(scalar);
    fc.assert(fc.property(scalars, check));
  });
});

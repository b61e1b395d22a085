import { directoryOf } from '@rookery/keys';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkHave, greatestIndex, SWARM_LIMITS, swarmContext } from '../src/index.ts';

const heights = fc.tuple(fc.nat(400_000), fc.nat(400_000)).map(([registeredAt, more]) => ({
  registeredAt,
  tip: registeredAt + more,
}));

test('an index is legal from 0 to the ceiling, and makes two pieces more than itself (SWARM-3)', () => {
  fc.assert(
    fc.property(
      heights,
      fc.integer({ min: -5, max: 900_000 }),
      fc.constantFrom('canonical', 'deployed'),
      (at, index, profile) => {
        const verdict = checkHave(index, { ...at, profile });
        const most = greatestIndex(at.tip, at.registeredAt, profile);
        const legal = index >= 0 && index <= (most ?? SWARM_LIMITS.index);
        expect(verdict.ok ? verdict.pieces : undefined).toBe(legal ? index + 2 : undefined);
      },
    ),
  );
});

test('the canonical ceiling is that of deployed nodes, up to 19 bits (SWARM-3, W55)', () => {
  fc.assert(
    fc.property(heights, ({ tip, registeredAt }) => {
      const deployed = greatestIndex(tip, registeredAt, 'deployed');
      expect(deployed).toBe(tip === 0 ? undefined : 2 * (tip - registeredAt) + 20);
      expect(greatestIndex(tip, registeredAt)).toBe(Math.min(deployed ?? 524_287, 524_287));
    }),
  );
});

test('limits of the index itself (SWARM-3)', () => {
  const noChain = { tip: 0, registeredAt: 0 };
  expect(checkHave(0x7fffffff, { ...noChain, profile: 'deployed' })).toEqual({ ok: true, pieces: 0x80000001 });
  expect(checkHave(0x80000000, { ...noChain, profile: 'deployed' })).toMatchObject({ code: 'bad-index' });
  expect(checkHave(524_287, noChain)).toEqual({ ok: true, pieces: 524_289 });
  expect(checkHave(524_288, noChain)).toMatchObject({ code: 'too-many-pieces' });
  for (const index of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60]) {
    expect(checkHave(index, noChain)).toMatchObject({ code: 'bad-index' });
  }
  expect(checkHave(0, { tip: 5, registeredAt: undefined })).toMatchObject({ code: 'unknown-user' });
});

test('a re-mined registration lowers the ceiling (SWARM-3, W1)', () => {
  const publicKey = new Uint8Array(33);
  const carol = { name: 'carol', keys: [17, 37].map((height) => ({ height, publicKey })) };
  const at = (tip: number): ReturnType<typeof swarmContext> => swarmContext('carol', directoryOf([carol], tip), tip);
  expect(checkHave(40, at(36))).toEqual({ ok: true, pieces: 42 });
  expect(checkHave(40, at(37))).toMatchObject({ code: 'too-many-pieces' });
  expect(checkHave(20, at(37))).toEqual({ ok: true, pieces: 22 });
  expect(checkHave(0, swarmContext('ghost', directoryOf([carol]), 36))).toMatchObject({ code: 'unknown-user' });
});

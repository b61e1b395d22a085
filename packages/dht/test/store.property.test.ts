import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyStore, DHT_LIMITS, type StoreEntry } from '../src/index.ts';

const most = DHT_LIMITS.multiEntries;
const profiles = fc.constantFrom('canonical', 'deployed');

const entry: fc.Arbitrary<StoreEntry> = fc.record({
  seq: fc.bigInt({ min: 0n, max: 2n ** 33n }),
  height: fc.bigInt({ min: 0n, max: 60n }),
  v: fc.uint8Array({ minLength: 1, maxLength: 2 }),
  sigUser: fc.constantFrom('alice', 'bob', 'carol', 'dave'),
});
const puts = fc.array(entry, { minLength: 1, maxLength: 80 });

/** Stores one after the other. */
function storeAll(entries: readonly StoreEntry[], multi: boolean, profile: 'canonical' | 'deployed'): StoreEntry[] {
  let stored: StoreEntry[] = [];
  for (const incoming of entries) {
    const { outcome, list } = applyStore(stored, incoming, { multi, profile });
    const next = list.map((position) => (position === stored.length ? incoming : stored[position]!));
    expect(next.includes(incoming)).toBe(outcome === 'stored');
    expect(new Set(list).size).toBe(list.length);
    stored = next;
  }
  return stored;
}

describe('multi values (DHT-22, DHT-23)', () => {
  test('stand in descending height, at most 32, no content twice', () => {
    fc.assert(
      fc.property(puts, profiles, (entries, profile) => {
        const stored = storeAll(entries, true, profile);
        expect(stored.length).toBeLessThanOrEqual(most);
        const heights = stored.map(({ height }) => height);
        expect(heights).toEqual([...heights].sort((left, right) => Number(right - left)));
        expect(new Set(stored.map(({ v }) => v.join())).size).toBe(stored.length);
      }),
    );
  });

  test('of the same height stand the newest first', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(255), { maxLength: most }), profiles, (contents, profile) => {
        const entries = contents.map((byte) => ({ seq: 0n, height: 7n, v: Uint8Array.of(byte), sigUser: 'alice' }));
        expect(storeAll(entries, true, profile)).toEqual(entries.toReversed());
      }),
    );
  });

  test('are the same in both profiles while there is room', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: most }), (entries) => {
        expect(storeAll(entries, true, 'canonical')).toEqual(storeAll(entries, true, 'deployed'));
      }),
    );
  });

  test('of a writer with fewer than another never go (canonical, W40)', () => {
    fc.assert(
      fc.property(fc.nat(15), fc.integer({ min: 17, max: 60 }), (honest, flood) => {
        const of = (sigUser: string, count: number, height: bigint): StoreEntry[] =>
          Array.from({ length: count }, (_, index) => ({
            seq: 0n,
            height,
            v: new TextEncoder().encode(`${sigUser}${index}`),
            sigUser,
          }));
        const stored = storeAll([...of('alice', honest, 1n), ...of('mallory', flood, 50n)], true, 'canonical');
        expect(stored.filter(({ sigUser }) => sigUser === 'alice').length).toBe(honest);
        expect(stored.length).toBe(Math.min(most, honest + flood));
      }),
    );
  });

  test('of one writer push out all others in deployed nodes (W40)', () => {
    const old = { seq: 0n, height: 1n, v: Uint8Array.of(0), sigUser: 'alice' };
    const flood = Array.from({ length: most }, (_, index) => ({
      seq: 0n,
      height: 50n,
      v: Uint8Array.of(1, index),
      sigUser: 'mallory',
    }));
    expect(storeAll([old, ...flood], true, 'deployed')).not.toContain(old);
  });
});

describe('single values (DHT-21)', () => {
  test('are the first of those with the greatest seq below 2^31 (canonical)', () => {
    fc.assert(
      fc.property(puts, (entries) => {
        const legal = entries.filter(({ seq }) => seq < 2n ** 31n);
        const expected = legal.find(({ seq }) => legal.every((other) => other.seq <= seq));
        expect(storeAll(entries, false, 'canonical')).toEqual(expected === undefined ? [] : [expected]);
      }),
    );
  });

  test('are replaced by what is greater after 32 bits (deployed, W45)', () => {
    fc.assert(
      fc.property(entry, entry, (stored, incoming) => {
        const { list } = applyStore([stored], incoming, { multi: false, profile: 'deployed' });
        expect(list).toEqual([BigInt.asIntN(32, incoming.seq) > stored.seq ? 1 : 0]);
      }),
    );
  });
});

test('deployed nodes cut the height of a new multi value to 32 bits (DHT-22)', () => {
  const stored = [{ seq: 0n, height: 10n, v: Uint8Array.of(0), sigUser: 'alice' }];
  const incoming = { seq: 0n, height: 5n - 2n ** 32n, v: Uint8Array.of(1), sigUser: 'bob' };
  const above = { ...incoming, height: 15n - 2n ** 32n };
  expect(applyStore(stored, incoming, { multi: true, profile: 'deployed' }).list).toEqual([0, 1]);
  expect(applyStore(stored, above, { multi: true, profile: 'deployed' }).list).toEqual([1, 0]);
  expect(applyStore(stored, above, { multi: true, profile: 'canonical' }).list).toEqual([0, 1]);
});

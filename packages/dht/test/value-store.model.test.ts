import { sha256 } from '@noble/hashes/sha2.js';
import { bencodeDict, decodeBencode, dhtTarget, encodeBencode, encodeUtf8, type Profile } from '@rookery/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DHT_LIMITS, type DhtStore, type HeldValue, parseValue } from '../src/index.ts';
import { ValueStore } from '../src/value-store.ts';

interface Put {
  readonly n: string;
  readonly multi: boolean;
  readonly writer: string;
  readonly number: number;
  readonly v: number;
  readonly local: boolean;
}
const OWN = new Uint8Array(20).fill(1);
const TIP = 5000;

/** What a target holds, by the words of DHT-21 to DHT-23 and nothing else. */
class Model {
  readonly held = new Map<string, Put[]>();
  readonly profile: Profile;

  constructor(profile: Profile) {
    this.profile = profile;
  }

  put(put: Put): boolean {
    const key = keyOf(put);
    const list = this.held.get(key) ?? [];
    if (!put.multi) {
      const newer = list.every(({ number }) => put.number > number);
      if (newer) this.held.set(key, [put]);
      return newer;
    }
    if (list.some(({ v }) => v === put.v)) return false;
    const below = list.filter(({ number }) => number <= put.number);
    const next = [...list.filter(({ number }) => number > put.number), put, ...below];
    while (next.length > 32) next.splice(this.profile === 'deployed' ? 32 : this.#loser(next), 1);
    this.held.set(key, next);
    return next.includes(put);
  }

  #loser(list: readonly Put[]): number {
    const countOf = (writer: string): number => list.filter((put) => put.writer === writer).length;
    const most = Math.max(...list.map(({ writer }) => countOf(writer)));
    return list.findLastIndex(({ writer }) => countOf(writer) === most);
  }
}

class Disk implements DhtStore {
  readonly saved = new Map<string, readonly [Uint8Array, readonly HeldValue[]]>();
  load() {
    return this.saved.values();
  }
  save(target: Uint8Array, values: readonly HeldValue[]): void {
    if (values.length === 0) this.saved.delete(target.join());
    else this.saved.set(target.join(), [target, values]);
  }
}

function keyOf({ n, multi }: Pick<Put, 'n' | 'multi'>): string {
  return `${n} ${multi}`;
}

function targetOf({ n, multi }: Pick<Put, 'n' | 'multi'>): Uint8Array {
  return dhtTarget(encodeUtf8(n), 'profile', multi ? 'm' : 's');
}

/** Signatures are not looked at here. */
function valueOfPut({ n, multi, writer, number, v }: Put) {
  const target = { n, r: 'profile', t: multi ? 'm' : 's' };
  const p = encodeBencode(bencodeDict({ height: number, seq: number, target, time: 1, v }));
  const parsed = parseValue(decodeBencode(p).value);
  if (!parsed.ok) throw new Error(parsed.detail);
  return { value: parsed.value, signed: { p, sigP: sha256(p), sigUser: writer } };
}

const put: fc.Arbitrary<Put> = fc.record({
  n: fc.constantFrom('a', 'b'),
  multi: fc.boolean(),
  writer: fc.constantFrom('alice', 'bob', 'carol'),
  number: fc.integer({ min: 0, max: 40 }),
  v: fc.nat(60),
  local: fc.boolean(),
});
const puts = fc.array(put, { minLength: 1, maxLength: 200 });

function heldBy(store: ValueStore, of: Pick<Put, 'n' | 'multi'>): string[] {
  return store.get(targetOf(of)).map(({ value }) => `${value.sigUser} ${sha256(value.p).join()}`);
}

function storeOf(profile: Profile, limits = DHT_LIMITS, disk?: DhtStore): ValueStore {
  return new ValueStore(() => OWN, limits, profile, disk);
}

function putInto(store: ValueStore, step: Put) {
  const { value, signed } = valueOfPut(step);
  return store.put(value, signed, targetOf(step), step.local ? 1 : undefined);
}

describe('held values (DHT-21 to DHT-23, DHT-42)', () => {
  test.each(['canonical', 'deployed'] as const)('are what the rules say, after any puts (%s)', (profile) => {
    fc.assert(
      fc.property(puts, (steps) => {
        const model = new Model(profile);
        const disk = new Disk();
        const store = storeOf(profile, DHT_LIMITS, disk);
        for (const step of steps) {
          const before = store.size;
          const { stored, code, removed } = putInto(store, step);
          expect(stored !== undefined).toBe(model.put(step));
          expect(code).toBe(stored === undefined ? 'not-newer' : undefined);
          expect(store.size).toBe(before + (stored === undefined ? 0 : 1) - removed.length);
        }
        let values = 0;
        for (const n of ['a', 'b']) {
          for (const multi of [false, true]) {
            const expected = model.held.get(keyOf({ n, multi })) ?? [];
            const shown = expected.map((step) => {
              const { signed } = valueOfPut(step);
              return `${signed.sigUser} ${sha256(signed.p).join()}`;
            });
            expect(heldBy(store, { n, multi })).toEqual(shown);
            values += expected.length;
          }
        }
        expect(store.size).toBe(values);
        const again = storeOf(profile, DHT_LIMITS, disk);
        expect([again.size, again.bytes]).toEqual([store.size, store.bytes]);
        for (const n of ['a', 'b'])
          for (const multi of [false, true]) {
            expect(heldBy(again, { n, multi })).toEqual(heldBy(store, { n, multi }));
          }
      }),
    );
  });

  test('never exceed their bounds, and own ones stay', () => {
    fc.assert(
      fc.property(puts, fc.integer({ min: 1, max: 8 }), (steps, storedValues) => {
        const limits = { ...DHT_LIMITS, storedValues, storedBytes: 3000 };
        const store = storeOf('canonical', limits);
        for (const step of steps) {
          const own = [...store.items()].filter(({ value }) => value.localSince !== undefined);
          const { removed } = putInto(store, step);
          expect(store.size).toBeLessThanOrEqual(storedValues);
          expect(store.bytes).toBeLessThanOrEqual(3000);
          for (const { item, code } of removed) if (code === 'store-full') expect(own).not.toContain(item);
          expect([...store.items()].reduce((sum, { bytes }) => sum + bytes, 0)).toBe(store.bytes);
        }
      }),
    );
  });

  test('a writer who fills the store loses its own values, the farthest first', () => {
    const limits = { ...DHT_LIMITS, storedValues: 10 };
    const store = storeOf('canonical', limits);
    for (let index = 0; index < 3; index += 1) {
      putInto(store, { n: `honest${index}`, multi: false, writer: 'bob', number: 1, v: 1, local: false });
    }
    for (let index = 0; index < 100; index += 1) {
      putInto(store, { n: `spam${index}`, multi: false, writer: 'mallory', number: 1, v: 1, local: false });
    }
    const writers = [...store.items()].map(({ value }) => value.sigUser).sort();
    expect(writers).toEqual([...Array<string>(3).fill('bob'), ...Array<string>(7).fill('mallory')]);
  });

  test('expired ones go', () => {
    const store = storeOf('canonical');
    const old: Put = { n: 'a', multi: true, writer: 'bob', number: TIP - 2017, v: 1, local: false };
    putInto(store, old);
    putInto(store, { ...old, number: TIP - 2016, v: 2 });
    expect(store.removeExpired(TIP).map(({ entry }) => Number(entry.height))).toEqual([TIP - 2017]);
    expect(store.size).toBe(1);
    expect(store.removeExpired(0)).toEqual([]);
  });
});

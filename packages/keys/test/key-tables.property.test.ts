import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CurveBackend, createNobleBackend } from '../src/index.ts';
import { KeyTables } from '../src/key-tables.ts';
import { CURVE_ORDER } from '../src/scalar.ts';
import { anyWords, hex, joined, secrets, signatures, word, words } from './arbitraries.ts';

const plain = createNobleBackend({ tables: 0 });

function recovers(digest: Uint8Array, compact: Uint8Array, recovery: number, publicKey: Uint8Array): boolean {
  const signer = plain.recover(digest, compact, recovery);
  return (
    signer !== undefined && hex(publicKey.length === 33 ? signer : plain.expandPublicKey(signer)!) === hex(publicKey)
  );
}

const tabled = new Map([2, 4, 5, 6].map((window) => [window, createNobleBackend({ tables: 4, window })]));

/** A backend that has a table for the key already. */
function warmed(publicKey: Uint8Array, window: number): CurveBackend {
  const backend = tabled.get(window)!;
  const compact = joined(word(1n), word(1n));
  for (let sight = 0; sight < 2; sight += 1) backend.matches(word(1n), compact, 0, publicKey);
  return backend;
}

function number(bytes: Uint8Array): bigint {
  return BigInt(`0x${hex(bytes)}`);
}

describe('window tables of public keys (KEY-10)', () => {
  const window = fc.constantFrom(2, 4, 5, 6);
  const form = fc.boolean();
  const publicKey = plain.derivePublicKey(word(0x1234_5678_9abcn), true);

  it('decide as recovery does for signatures of the key, and every way to spoil one', () => {
    fc.assert(
      fc.property(secrets, anyWords, window, form, fc.nat(3), (secret, digest, bits, compressed, wrongRecovery) => {
        const key = plain.derivePublicKey(secret, compressed);
        const { compact, recovery } = plain.sign(digest, secret);
        const backend = warmed(key, bits);
        const s = number(compact.subarray(32));
        const highS = joined(compact.subarray(0, 32), word(CURVE_ORDER - s));
        expect(backend.matches(digest, compact, recovery, key)).toBe(true);
        expect(backend.matches(digest, highS, recovery ^ 1, key)).toBe(true);
        expect(backend.matches(digest, highS, recovery, key)).toBe(false);
        expect(backend.matches(digest, compact, recovery ^ 1, key)).toBe(false);
        expect(backend.matches(digest, compact, wrongRecovery, key)).toBe(wrongRecovery === recovery);
        const swapped = joined(compact.subarray(32), compact.subarray(0, 32));
        expect(backend.matches(digest, swapped, recovery, key)).toBe(recovers(digest, swapped, recovery, key));
      }),
    );
  });

  it('decide as recovery does for any numbers', () => {
    fc.assert(
      fc.property(anyWords, signatures, fc.constantFrom(2, 4, 5), (digest, { compact, recovery }, bits) => {
        const decided = warmed(publicKey, bits).matches(digest, compact, recovery, publicKey);
        expect(decided).toBe(recovers(digest, compact, recovery, publicKey));
      }),
    );
  });

  it('decide as recovery does for numbers that some key fits', () => {
    fc.assert(
      fc.property(anyWords, signatures, form, (digest, { compact, recovery }, compressed) => {
        const signer = plain.recover(digest, compact, recovery);
        if (signer === undefined) return;
        const key = compressed ? signer : plain.expandPublicKey(signer)!;
        const backend = warmed(key, 4);
        for (let id = 0; id < 4; id += 1) {
          expect(backend.matches(digest, compact, id, key)).toBe(recovers(digest, compact, id, key));
        }
      }),
    );
  });

  it('decide where sums pass through infinity or double', () => {
    // For key d·G: s·k = e + r·d, with e chosen so that u1·G is the negative of u2·Q, or the same point.
    fc.assert(
      fc.property(secrets, words, fc.boolean(), (secret, nonce, opposite) => {
        const key = plain.derivePublicKey(secret, true);
        const d = number(secret);
        const r =
          number(plain.derivePublicKey(word((number(nonce) % (CURVE_ORDER - 1n)) + 1n), true).subarray(1)) %
          CURVE_ORDER;
        const e = (((opposite ? -r * d : r * d) % CURVE_ORDER) + CURVE_ORDER) % CURVE_ORDER;
        const compact = joined(word(r), word(1n));
        const backend = warmed(key, 5);
        for (let id = 0; id < 4; id += 1) {
          expect(backend.matches(word(e), compact, id, key)).toBe(recovers(word(e), compact, id, key));
        }
      }),
    );
  });

  it('never match for bytes that are no point, however often they are seen', () => {
    const none = joined(Uint8Array.of(2), word(5n));
    expect(plain.expandPublicKey(none)).toBeUndefined();
    const backend = createNobleBackend();
    const { compact, recovery } = plain.sign(word(1n), word(2n));
    for (let sight = 0; sight < 4; sight += 1) expect(backend.matches(word(1n), compact, recovery, none)).toBe(false);
  });

  it('are not shared by keys that differ in y alone', () => {
    const long = plain.derivePublicKey(word(77n), false);
    const wrong = Uint8Array.from(long);
    wrong[40] = (wrong[40] as number) ^ 1;
    const { compact, recovery } = plain.sign(word(1n), word(77n));
    const backend = warmed(long, 5);
    for (let sight = 0; sight < 4; sight += 1) expect(backend.matches(word(1n), compact, recovery, wrong)).toBe(false);
    expect(backend.matches(word(1n), compact, recovery, long)).toBe(true);
  });
});

describe('bounds of the tables', () => {
  const { compact, recovery } = plain.sign(word(1n), word(1n));
  const keys = [1n, 2n, 3n, 4n].map((secret) => plain.derivePublicKey(word(secret), true));
  const sees = (tables: KeyTables, key: Uint8Array) => tables.matches(word(1n), compact, recovery, key);

  it('know nothing at first sight and decide from the second on', () => {
    const tables = new KeyTables();
    expect(keys.map((key) => sees(tables, key))).toEqual([undefined, undefined, undefined, undefined]);
    expect(keys.map((key) => sees(tables, key))).toEqual([true, false, false, false]);
    expect(keys.map((key) => sees(tables, key))).toEqual([true, false, false, false]);
  });

  it('drop the table that was used least recently', () => {
    const tables = new KeyTables({ tables: 2 });
    const [a, b, c] = keys as [Uint8Array, Uint8Array, Uint8Array];
    for (const key of [a, a, b, b]) sees(tables, key);
    expect(sees(tables, a)).toBe(true);
    for (const key of [c, c]) sees(tables, key);
    expect(sees(tables, a)).toBe(true);
    expect(sees(tables, b)).toBeUndefined();
  });

  it('forget the oldest of the keys seen once', () => {
    const tables = new KeyTables({ sightings: 2 });
    for (const key of keys.slice(0, 3)) sees(tables, key);
    expect(sees(tables, keys[2]!)).toBe(false);
    expect(sees(tables, keys[0]!)).toBeUndefined();
  });

  it('keep none if told so', () => {
    const tables = new KeyTables({ tables: 0 });
    for (let sight = 0; sight < 3; sight += 1) expect(sees(tables, keys[0]!)).toBeUndefined();
  });
});

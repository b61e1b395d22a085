import { encodeTransaction, headerId, sha256d, transactionId } from '@rookery/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkHash,
  checkTransaction,
  compareHashes,
  genesisBlock,
  isSearchOver,
  startBlockSearch,
  startRegistrationSearch,
  stepBlockSearch,
  stepRegistrationSearch,
  targetBytes,
} from '../src/index.ts';
import { searchNonce } from '../src/nonce-search.ts';
import { keys, promotionOf, transactionOf } from './captured.ts';

function withNonce(prefix: Uint8Array, nonce: number): Uint8Array {
  const bytes = new Uint8Array(prefix.length + 4);
  bytes.set(prefix);
  new DataView(bytes.buffer).setUint32(prefix.length, nonce, true);
  return bytes;
}

describe('the nonce loop', () => {
  test('finds what hashing each nonce finds, for a prefix of any length and any range', () => {
    const target = targetBytes(1n << 252n);
    const nonce = fc.integer({ min: 0, max: 0xffff_ffff - 40 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), nonce, (prefix, first) => {
        const plain = [...Array(40).keys()]
          .map((step) => first + step)
          .find((at) => compareHashes(sha256d(withNonce(prefix, at)), target) < 0);
        expect(searchNonce(prefix, first, first + 39, target)).toBe(plain);
      }),
    );
  });

  test('a target is passed only by less: the id of a nonce as target is not reached by that nonce', () => {
    const prefix = new Uint8Array(47).fill(9);
    for (let nonce = 0; nonce < 50; nonce += 1) {
      const id = sha256d(withNonce(prefix, nonce));
      expect(searchNonce(prefix, nonce, nonce, id)).toBeUndefined();
      const [low] = id;
      if (low === 255) continue;
      id[0] = low! + 1;
      expect(searchNonce(prefix, nonce, nonce, id)).toBe(nonce);
    }
  });

  test('padding is right at every length of the tail', () => {
    const target = targetBytes((1n << 255n) - 1n);
    for (let length = 0; length <= 130; length += 1) {
      const prefix = new Uint8Array(length).fill(length);
      const plain = [...Array(30).keys()].find((at) => compareHashes(sha256d(withNonce(prefix, at)), target) < 0);
      expect(searchNonce(prefix, 0, 29, target), `length ${length}`).toBe(plain);
    }
  });
});

describe('the search for the work of a registration (CHAIN-52)', () => {
  test.each(
    Object.entries(keys.users).flatMap(([name, { registrations }]) => registrations.map((one) => [name, one] as const)),
  )('finds the captured nonce of %s', (_, { raw }) => {
    const solved = transactionOf(raw);
    const unsolved = { ...solved, nonce: 0 };
    const search = startRegistrationSearch(unsolved, 'main', { first: Math.max(0, solved.nonce - 2000) });
    const { found } = stepRegistrationSearch(search, 4000);
    expect(found?.nonce).toBe(solved.nonce);
    expect(checkTransaction(found!, 'main')).toMatchObject({ ok: true });
  });

  test('in steps of any size it ends where one long step ends', () => {
    const subject = transactionOf(keys.users.alice!.registrations[0]!.raw);
    const whole = stepRegistrationSearch(startRegistrationSearch(subject, 'dev'), 1000);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), (tries) => {
        let search = startRegistrationSearch(subject, 'dev');
        while (!isSearchOver(search)) search = stepRegistrationSearch(copyOf(search), tries);
        expect(search).toEqual(whole);
      }),
    );
  });

  test('it stops at the end of its range and then stays as it is', () => {
    const subject = transactionOf(keys.users.alice!.registrations[0]!.raw);
    const search = startRegistrationSearch(subject, 'main', { first: 0, last: 99 });
    const half = stepRegistrationSearch(search, 60);
    expect([half.next, half.found, isSearchOver(half)]).toEqual([60, undefined, false]);
    const over = stepRegistrationSearch(half, 60);
    expect([over.next, over.found, isSearchOver(over)]).toEqual([100, undefined, true]);
    expect(stepRegistrationSearch(over, 60)).toBe(over);
  });

  test('the last nonce of all is tried', () => {
    const subject = transactionOf(keys.users.alice!.registrations[0]!.raw);
    const search = startRegistrationSearch(subject, 'main', { first: 0xffff_fff0 });
    expect(stepRegistrationSearch(search, 1000).next).toBe(2 ** 32);
  });

  test('misuse throws', () => {
    const subject = transactionOf(keys.users.alice!.registrations[0]!.raw);
    expect(() => startRegistrationSearch(promotionOf(20), 'main')).toThrow(TypeError);
    for (const range of [{ first: -1 }, { last: 2 ** 32 }, { first: 5, last: 4 }, { first: 0.5 }])
      expect(() => startRegistrationSearch(subject, 'main', range)).toThrow(RangeError);
    for (const tries of [0, -1, 0.5, Number.NaN])
      expect(() => stepRegistrationSearch(startRegistrationSearch(subject, 'main'), tries)).toThrow(RangeError);
  });

  test('what it finds is the same transaction with another nonce', () => {
    const subject = transactionOf(keys.users.dave!.registrations[1]!.raw);
    const { found } = stepRegistrationSearch(startRegistrationSearch(subject, 'dev'), 100);
    expect({ ...found, nonce: subject.nonce }).toEqual(subject);
    expect(sha256d(encodeTransaction(found!))).toEqual(transactionId(found!));
  });
});

describe('the search for the work of a header (CHAIN-55)', () => {
  const { header } = genesisBlock('dev');

  test('finds the nonce of the first block of dev, and goes on after it', () => {
    const search = startBlockSearch({ ...header, nonce: 77 });
    const done = stepBlockSearch(search, 10);
    expect(done.found).toEqual(header);
    expect(headerId(done.found!)).toEqual(headerId(header));
    expect(stepBlockSearch(done, 10)).toBe(done);
    const next = stepBlockSearch(startBlockSearch(header, { first: done.next }), 50);
    expect(next.found?.nonce).toBeGreaterThan(0);
  });

  test('takes the port, and equality', () => {
    const target = targetBytes(0x7fffffn << 232n);
    const search = startBlockSearch(header);
    expect(stepBlockSearch(search, 1, () => target).found?.nonce).toBe(0);
    const above = target.slice();
    above[0] = 1;
    expect(stepBlockSearch(search, 3, () => above)).toMatchObject({ next: 3, found: undefined });
    expect(checkHash(target, header.bits)).toEqual({ ok: true });
    expect(checkHash(above, header.bits)).toMatchObject({ code: 'insufficient-work' });
  });

  test('refuses bits that no work can meet', () => {
    expect(() => startBlockSearch({ ...header, bits: 0 })).toThrow(RangeError);
  });
});

/** What a search is worth after it was kept somewhere: a copy that shares nothing. */
function copyOf<T>(search: T): T {
  return structuredClone(search);
}

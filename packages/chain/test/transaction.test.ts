import { decodeTransaction, encodeScript, encodeTransaction, type Transaction, WireError } from '@rookery/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CHAIN_LIMITS, checkTransaction, checkUserName, readPromotion, readRegistration } from '../src/index.ts';
import { keys, transactionOf } from './captured.ts';

const utf8 = (text: string) => new Uint8Array(Buffer.from(text, 'utf8'));
const EMPTY = new Uint8Array();

function transaction(fields: Partial<Transaction>): Transaction {
  return { version: 1, message: EMPTY, userName: EMPTY, pubKey: EMPTY, nonce: 0, ...fields };
}

const promotion = (text: Uint8Array, author: Uint8Array): Transaction =>
  transaction({ message: encodeScript([text]), userName: encodeScript([author, EMPTY]) });

describe('a transaction by itself', () => {
  test('a text of up to 140 code points by up to 16 bytes of author passes, whatever they are (CHAIN-14, CHAIN-15)', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(text, fc.uint8Array({ minLength: 1, maxLength: 16 }), (value, author) => {
        const verdict = checkTransaction(promotion(utf8(value), author), 'main');
        const count = [...value].length;
        if (utf8(value).length > 450) return;
        if (count > 140) expect(verdict).toMatchObject({ code: 'promotion-too-long', penalty: 100 });
        else expect(verdict).toMatchObject({ ok: true, kind: 'promotion' });
      }),
    );
  });

  test('any bytes pass as public key on dev, within the size (CHAIN-17, W7)', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 480 }), fc.nat(), (pubKey, nonce) => {
        const verdict = checkTransaction(transaction({ userName: utf8('\u0003bob'), pubKey, nonce }), 'dev');
        if (!verdict.ok) expect(verdict).toMatchObject({ code: 'insufficient-registration-work', penalty: 50 });
      }),
    );
  });

  test('of 64 nonces about half have enough work on dev', () => {
    const passed = [...Array(64).keys()].filter(
      (nonce) => checkTransaction(transaction({ userName: utf8('\u0003bob'), pubKey: utf8('x'), nonce }), 'dev').ok,
    );
    expect(passed.length).toBeGreaterThan(16);
    expect(passed.length).toBeLessThan(48);
  });

  test('a name is valid exactly if it fits the pattern (CHAIN-19)', () => {
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 20 }), fc.stringMatching(/^[a-z0-9_]{0,18}$/).map(utf8));
    fc.assert(
      fc.property(bytes, (name) => {
        const verdict = checkUserName(name);
        expect(verdict.ok).toBe(/^[a-z0-9_]{1,16}$/.test(Buffer.from(name).toString('latin1')));
        if (!verdict.ok) expect(verdict).toMatchObject({ code: 'bad-user-name', penalty: 10 });
      }),
    );
  });

  test('a bad name scores twice inside a registration, other faults once', () => {
    const check = (userName: Uint8Array) => checkTransaction(transaction({ userName, pubKey: utf8('x') }), 'main');
    expect(check(utf8('\u0001A'))).toMatchObject({ code: 'bad-user-name', penalty: 20 });
    expect(check(utf8('\u0002A'))).toMatchObject({ code: 'bad-user-name-script', penalty: 10 });
    expect(check(EMPTY)).toMatchObject({ code: 'missing-user-name', penalty: 10 });
  });

  test('every penalty is one that deployed nodes give, for any scripts at all', () => {
    const script = fc.uint8Array({ maxLength: 60 });
    fc.assert(
      fc.property(script, script, script, (message, userName, pubKey) => {
        const verdict = checkTransaction(transaction({ message, userName, pubKey }), 'main');
        if (!verdict.ok) expect([10, 20, 50, 100]).toContain(verdict.penalty);
      }),
    );
  });

  test('any bit of a captured registration that is flipped makes it unreadable or invalid, or another kind', () => {
    const bytes = encodeTransaction(transactionOf(keys.users.alice!.registrations[0]!.raw));
    let refused = 0;
    for (let bit = 0; bit < 8 * bytes.length; bit += 1) {
      const flipped = bytes.slice();
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      try {
        if (!checkTransaction(decodeTransaction(flipped).value, 'main').ok) refused += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(WireError);
        refused += 1;
      }
    }
    expect(refused).toBe(8 * bytes.length);
  });

  test('the size that is judged is that of the shortest form', () => {
    const long = transaction({ message: encodeScript([utf8('x')]), userName: encodeScript([utf8('a')]) });
    const room = CHAIN_LIMITS.transactionBytes - encodeTransaction(long).length - 2;
    expect(checkTransaction({ ...long, pubKey: new Uint8Array(room) }, 'main')).toMatchObject({ ok: true });
    expect(checkTransaction({ ...long, pubKey: new Uint8Array(room + 1) }, 'main')).toMatchObject({ penalty: 100 });
  });
});

describe('reading', () => {
  test('a promotion with unusable scripts reads as empty', () => {
    const read = readPromotion(transaction({ message: utf8('\u0005x'), userName: EMPTY }));
    expect(read).toEqual({ text: EMPTY, author: EMPTY, signature: EMPTY });
  });

  test('a registration whose name is no direct push has none', () => {
    expect(readRegistration(transaction({ userName: utf8('\u0002a') })).name).toBeUndefined();
    expect(readRegistration(transaction({ userName: utf8('\u0001a') }))).toMatchObject({ name: 'a' });
  });
});

import { hexToBytes } from '@noble/hashes/utils.js';
import { defaultBackend, directoryOf } from '@rookery/keys';
import { parseScriptItems } from '@rookery/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  checkName,
  checkPromotion,
  checkReplacement,
  checkTransaction,
  promotionTransaction,
  readRegistration,
  registrationTransaction,
  startRegistrationSearch,
  stepRegistrationSearch,
} from '../src/index.ts';
import { chainMain, keys, promotionOf, transactionOf } from './captured.ts';

const [oldKey, newKey] = keys.users.dave!.keys.map(({ privHex, pubHex }) => ({
  secret: hexToBytes(privHex),
  publicKey: hexToBytes(pubHex),
}));
const secret = fc
  .bigInt({ min: 1n, max: (1n << 255n) - 1n })
  .map((value) => hexToBytes(value.toString(16).padStart(64, '0')));

describe('registrations (CHAIN-52, CHAIN-53)', () => {
  test('are what the daemon built, but for the nonce and the random signature', () => {
    const [first, second] = keys.users.dave!.registrations.map(({ raw }) => transactionOf(raw));
    expect(registrationTransaction({ name: 'dave', publicKey: oldKey!.publicKey })).toEqual({ ...first, nonce: 0 });
    const built = registrationTransaction({ name: 'dave', publicKey: newKey!.publicKey, replaces: oldKey! });
    expect(readRegistration(built).publicKey).toEqual(readRegistration(second!).publicKey);
    expect(built.pubKey).toHaveLength(second!.pubKey.length);
    for (const transaction of [built, second!])
      expect(checkReplacement(transaction, oldKey!.publicKey)).toEqual({ ok: true });
  });

  test('any name, key and replacement pass once they have work, in either form of key', () => {
    const name = fc.stringMatching(/^[a-z0-9_]{1,16}$/);
    const backend = defaultBackend();
    fc.assert(
      fc.property(name, secret, secret, fc.boolean(), (user, before, after, compressed) => {
        const current = backend.derivePublicKey(before, compressed);
        const replaces = { secret: before, compressed, backend };
        const publicKey = backend.derivePublicKey(after, !compressed);
        const built = registrationTransaction({ name: user, publicKey, replaces });
        const { found } = stepRegistrationSearch(startRegistrationSearch(built, 'dev'), 1000);
        const checked = checkTransaction(found!, 'dev');
        if (!checked.ok) throw new Error(checked.code);
        const registered = { id: new Uint8Array(32), publicKey: current };
        expect(checkName(found!, checked.id, registered)).toEqual({ ok: true });
        expect(checkName(found!, checked.id, { ...registered, publicKey })).toMatchObject({ code: 'name-taken' });
        expect(checkName(found!, checked.id, { ...registered, publicKey: undefined })).toMatchObject({ penalty: 100 });
        expect(checkName(found!, checked.id, { id: checked.id, publicKey: undefined })).toEqual({ ok: true });
      }),
      { numRuns: Math.ceil(Number(process.env.FC_NUM_RUNS ?? 100) / 10) },
    );
  });

  test('refuse a bad name and a key that is none (W7)', () => {
    const { publicKey } = oldKey!;
    for (const name of ['', 'Dave', 'da ve', 'abcdefghijklmnopq', 'dävé'])
      expect(() => registrationTransaction({ name, publicKey })).toThrow(RangeError);
    for (const bytes of [
      new Uint8Array(),
      new Uint8Array(33),
      new Uint8Array(33).fill(0xff).fill(2, 0, 1),
      publicKey.subarray(1),
    ])
      expect(() => registrationTransaction({ name: 'dave', publicKey: bytes })).toThrow(RangeError);
  });
});

describe('promotions (CHAIN-54)', () => {
  const users = directoryOf([{ name: 'dave', keys: [{ height: 24, publicKey: oldKey!.publicKey }] }]);

  test('are what the daemon built for nobody', () => {
    const captured = promotionOf(1);
    const [, , salt] = parseScriptItems(captured.userName)!;
    const text = Buffer.from(parseScriptItems(captured.message)![0]!).toString();
    const built = promotionTransaction({ text, salt: salt!, extra: parseScriptItems(captured.pubKey)! });
    expect(built).toEqual(captured);
    expect(chainMain.blocks[1]!.txs).toHaveLength(1);
  });

  test('of a user pass once the user is registered', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(text, (value) => {
        const built = promotionTransaction({
          text: value,
          author: { name: 'dave', secret: oldKey!.secret },
        });
        expect(checkTransaction(built, 'main')).toMatchObject({ ok: true, kind: 'promotion' });
        expect(checkPromotion(built, 25, users)).toEqual({ ok: true });
        expect(checkPromotion(built, 24, users)).toMatchObject({ code: 'unknown-promotion-author' });
        const altered = { ...built, message: Uint8Array.of(...built.message, 0) };
        expect(checkPromotion(altered, 25, users)).toMatchObject({ code: 'bad-promotion-signature', penalty: 100 });
      }),
      { numRuns: Math.ceil(Number(process.env.FC_NUM_RUNS ?? 100) / 10) },
    );
  });

  test('refuse what the rules refuse', () => {
    for (const text of ['', 'x'.repeat(141)]) expect(() => promotionTransaction({ text })).toThrow(RangeError);
    expect(() => promotionTransaction({ text: 'x', author: { name: 'A b', secret: oldKey!.secret } })).toThrow(
      RangeError,
    );
    expect(() => promotionTransaction({ text: 'x', extra: [new Uint8Array(600)] })).toThrow(RangeError);
  });

  test('a registration is no promotion', () => {
    const registration = registrationTransaction({ name: 'dave', publicKey: oldKey!.publicKey });
    expect(checkPromotion(registration, 25, users)).toMatchObject({ code: 'missing-promotion', penalty: 100 });
  });
});

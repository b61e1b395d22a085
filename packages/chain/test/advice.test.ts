import { hexToBytes } from '@noble/hashes/utils.js';
import { describe, expect, test } from 'vitest';
import {
  adviseHistory,
  advisePromotionAuthor,
  advisePublicKey,
  comparePending,
  readRegistration,
} from '../src/index.ts';
import { fromPrinted, keys, rejects, transactionOf } from './captured.ts';

describe('advice', () => {
  const keyOf = (name: string) =>
    readRegistration(transactionOf(rejects.cases.find((one) => one.name === name)!.raw)).publicKey!;

  test('CHAIN-57: tells the keys that the daemon let in although they are none', () => {
    expect(advisePublicKey(keyOf('tx_pubkey_garbage_10_bytes'))).toMatchObject({ code: 'malformed-key' });
    expect(advisePublicKey(keyOf('tx_pubkey_not_on_curve'))).toMatchObject({ code: 'key-not-on-curve' });
    for (const { keys: pairs } of Object.values(keys.users))
      for (const { pubHex } of pairs) expect(advisePublicKey(hexToBytes(pubHex))).toBeUndefined();
  });

  test('CHAIN-58: tells names that are not fit to be shown', () => {
    expect(advisePromotionAuthor(new Uint8Array(Buffer.from('alice')))).toBeUndefined();
    expect(advisePromotionAuthor(Uint8Array.of(27, 91, 50, 74))).toMatchObject({ code: 'bad-display-name' });
  });

  test('CHAIN-59: tells a registration that was mined again from a replacement', () => {
    const [one, other] = [new Uint8Array(33).fill(2), new Uint8Array(33).fill(3)];
    expect(adviseHistory([])).toBeUndefined();
    expect(adviseHistory([{ height: 17, publicKey: one }])).toBeUndefined();
    expect(
      adviseHistory([
        { height: 17, publicKey: one },
        { height: 37, publicKey: other },
      ]),
    ).toBeUndefined();
    const again = adviseHistory([
      { height: 17, publicKey: one },
      { height: 37, publicKey: one },
    ]);
    expect(again).toMatchObject({ code: 'mined-again' });
    expect(again?.detail).toContain('count from 17');
  });

  test('CHAIN-60: the smaller number wins, whatever its first bytes', () => {
    const ids = Object.values(keys.users).map(({ registrations }) => registrations[0]!.txid);
    const sorted = ids
      .map(fromPrinted)
      .sort(comparePending)
      .map((id) => Buffer.from(id.reverse()).toString('hex'));
    expect(sorted).toEqual([...ids].sort());
  });
});

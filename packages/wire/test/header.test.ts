import { expect, test } from 'vitest';
import {
  decodeHeader,
  decodeTransaction,
  encodeTransaction,
  headerId,
  transactionId,
  WireError,
} from '../src/index.ts';
import { display, fromHex, toHex } from './captured-chain.ts';

test('the genesis header of the main network, as published (WIRE-13)', () => {
  const header = decodeHeader(
    fromHex(
      `0100000000000000${'00'.repeat(32)}deb352291dd2529937056837c8cfc4c71416067d56a9f19910ea48f92f4f8a2c0f2e8452ffff031f760b0000`,
    ),
  );
  expect(header).toMatchObject({ version: 1, height: 0, time: 1384394255, bits: 0x1f03ffff, nonce: 2934 });
  expect(display(headerId(header))).toBe('9915158279673d101912be80f25c20627f1dd8bf5231e7c46bfec5ed19737f44');
});

test('a header of any other length than 84 is refused (WIRE-13)', () => {
  for (const length of [0, 80, 83, 85, 200]) {
    let fault: unknown;
    try {
      decodeHeader(new Uint8Array(length));
    } catch (error) {
      fault = error;
    }
    expect(fault).toBeInstanceOf(WireError);
    expect(fault).toMatchObject({ code: 'wrong-length', offset: Math.min(length, 84) });
  }
});

test('an unsolved registration, as computed elsewhere (WIRE-10, WIRE-11)', () => {
  const raw = '01000000000605616c696365222102f3cfac52291c219fd42a6b842b9d2db99a81f6207118a9635029cef8984d7beb00000000';
  const { value } = decodeTransaction(fromHex(raw));
  expect(display(transactionId(value))).toBe('743db68f82d254c738bb602406724e0dcd76d3af4dfb6038bda92c27ddd8e9b1');
});

test('a transaction read from longer lengths has the id and size of its shortest form (WIRE-11)', () => {
  const short = '010000000003026162020161ffffffff';
  const long = '01000000fd0000fe03000000026162ff0200000000000000' + '0161ffffffff';
  const { value, consumed } = decodeTransaction(fromHex(long));
  expect(consumed).toBe(long.length / 2);
  expect(toHex(encodeTransaction(value))).toBe(short);
  expect(transactionId(value)).toEqual(transactionId(decodeTransaction(fromHex(short)).value));
});

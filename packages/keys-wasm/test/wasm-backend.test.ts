import fc from 'fast-check';
import * as tiny from 'tiny-secp256k1';
import { describe, expect, it } from 'vitest';
import { hex, secrets, words } from '../../keys/test/arbitraries.ts';
import { describeBackend } from '../../keys/test/backend-laws.ts';
import { createWasmBackend } from '../src/index.ts';

describeBackend('wasm', createWasmBackend);

describe('composed BIP 340', async () => {
  const backend = await createWasmBackend();

  it('signs as libsecp256k1 itself does, in tiny-secp256k1', () => {
    fc.assert(
      fc.property(words, secrets, words, (message, secret, auxiliary) => {
        const signature = backend.schnorrSign(message, secret, auxiliary);
        expect(hex(signature)).toBe(hex(tiny.signSchnorr(message, secret, auxiliary)));
        expect(tiny.verifySchnorr(message, backend.schnorrPublicKey(secret), signature)).toBe(true);
      }),
    );
  });
});

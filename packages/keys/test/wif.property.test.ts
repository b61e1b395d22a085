import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAddress, decodeWif, encodeAddress, encodeWif, KeysError } from '../src/index.ts';
import { hex, secrets, word } from './arbitraries.ts';

const networks = fc.constantFrom('main', 'testnet', 'regtest', 'dev');
const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

function codeOf(read: () => unknown): string {
  try {
    read();
    return 'none';
  } catch (error) {
    if (error instanceof KeysError) return error.code;
    throw error;
  }
}

describe('secrets as text (KEY-3)', () => {
  it('come back as they were', () => {
    fc.assert(
      fc.property(secrets, fc.boolean(), networks, (secret, compressed, network) => {
        const wif = encodeWif({ secret, compressed }, network);
        const read = decodeWif(wif, network);
        expect([hex(read.secret), read.compressed]).toEqual([hex(secret), compressed]);
        expect(encodeWif(read, network)).toBe(wif);
      }),
    );
  });

  it('are refused with any character changed, added or left out', () => {
    fc.assert(
      fc.property(
        secrets,
        fc.nat(51),
        fc.nat(57),
        fc.constantFrom('change', 'add', 'drop'),
        (secret, at, letter, how) => {
          const wif = encodeWif({ secret, compressed: true }, 'main');
          const other = ALPHABET[letter] as string;
          const rest = wif.slice(how === 'add' ? at : at + 1);
          const changed = wif.slice(0, at) + (how === 'drop' ? '' : other) + rest;
          if (changed === wif) return;
          expect(codeOf(() => decodeWif(changed, 'main'))).not.toBe('none');
        },
      ),
    );
  });

  it('are never read from other text, and nothing but a KeysError is thrown', () => {
    fc.assert(
      fc.property(fc.string(), networks, (text, network) => {
        expect(codeOf(() => decodeWif(text, network))).toMatch(/^(bad-base58|bad-checksum|bad-wif|wrong-network)$/);
        expect(codeOf(() => decodeAddress(text, network))).toMatch(
          /^(bad-address|bad-base58|bad-checksum|wrong-network)$/,
        );
      }),
    );
  });

  it('do not cost the square of a long text', () => {
    expect(codeOf(() => decodeWif('1'.repeat(10_000_000), 'main'))).toBe('bad-base58');
  });

  it('name the character that is wrong', () => {
    const wif = encodeWif({ secret: word(1n), compressed: true }, 'main');
    const bad = `${wif.slice(0, 9)}0${wif.slice(10)}`;
    expect(() => decodeWif(bad, 'main')).toThrow(expect.objectContaining({ code: 'bad-base58', offset: 9 }));
  });

  it('are written for secrets only', () => {
    expect(() => encodeWif({ secret: word(0n), compressed: true }, 'main')).toThrow(RangeError);
    expect(() => encodeWif({ secret: new Uint8Array(31).fill(1), compressed: true }, 'main')).toThrow(RangeError);
  });
});

describe('addresses (KEY-4)', () => {
  it('come back as they were, and only on networks with the same prefix', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), networks, (id, network) => {
        const address = encodeAddress(id, network);
        expect(hex(decodeAddress(address, network))).toBe(hex(id));
        expect(codeOf(() => decodeAddress(address, network === 'testnet' ? 'main' : 'testnet'))).toBe('wrong-network');
      }),
    );
  });

  it('hold 20 bytes', () => {
    expect(() => encodeAddress(new Uint8Array(19), 'main')).toThrow(RangeError);
    const wif = encodeWif({ secret: word(1n), compressed: true }, 'main');
    expect(codeOf(() => decodeAddress(wif, 'main'))).toBe('wrong-network');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decryptKeyFile, encryptKeyFile, KEYS_LIMITS, KeysError, type StoredKey } from '../src/index.ts';
import { hex, secrets, unhex, word } from './arbitraries.ts';

const salt = new Uint8Array(32).fill(1);
const nonce = new Uint8Array(24).fill(2);
const keys: readonly StoredKey[] = [
  { label: 'alice', secret: word(7n), compressed: true },
  { label: '*group', secret: word(8n), compressed: false },
];
const file = encryptKeyFile(keys, 'passphrase', { salt, nonce });
const COST_AT = 9;

function codeOf(bytes: Uint8Array, passphrase: string = 'passphrase'): string {
  try {
    decryptKeyFile(bytes, passphrase);
    return 'none';
  } catch (error) {
    if (error instanceof KeysError) return error.code;
    throw error;
  }
}

function changed(at: number, byte: number): Uint8Array {
  const bytes = file.slice();
  bytes[at] = byte;
  return bytes;
}

describe('key files (KEY-19, KEY-20)', () => {
  it('come back as they were', () => {
    expect(decryptKeyFile(file, 'passphrase')).toEqual(keys);
  });

  it('take any keys and passphrase', () => {
    const stored = fc.record({
      label: fc.string({ unit: 'grapheme' }),
      secret: secrets,
      compressed: fc.boolean(),
    });
    const passphrases = fc.string({ minLength: 1, unit: 'grapheme' });
    fc.assert(
      fc.property(fc.array(stored, { maxLength: 5 }), passphrases, (some, passphrase) => {
        const bytes = encryptKeyFile(some, passphrase, { salt, nonce });
        expect(decryptKeyFile(bytes, passphrase)).toEqual(some);
      }),
      { numRuns: Math.ceil((fc.readConfigureGlobal()?.numRuns ?? 100) / 20) },
    );
  });

  it('begin with their name, version, cost, salt and nonce', () => {
    const header = `${Buffer.from('rookkeys').toString('hex')}010f0801${hex(salt)}${hex(nonce)}`;
    expect(hex(file.subarray(0, 68))).toBe(header);
  });

  it('are what other libraries make', () => {
    // OpenSSL's scrypt and libsodium's crypto_aead_xchacha20poly1305_ietf, over the layout of KEY-19.
    const independent =
      '726f6f6b6b657973010f080101010101010101010101010101010101010101010101010101010101010101010202020202020202' +
      '02020202020202020202020202020202ff0d468a2158797ecf85a8e38a47011ea2c25bdde6e1106cd8fe37aeadd6ab648d465b51' +
      '0ae377855420e4d4ff9bd75d14d01702063cb54ad5704008c04050b87c47616728b8be790f860855664072df347cb3bbd5d21be9' +
      'fd83c749966126f6c4456fecc34981aabcbe2cd6b96c15b018b118f8f8fcc2dfed873f4228aab22bdf59faee7842478430389df5' +
      '815aff74ccff538fee4ae8842b3ffbeb6faeaa5366533193ae6c5aa6a1b645a89317a5135f';
    expect(hex(file)).toBe(independent);
    expect(decryptKeyFile(unhex(independent), 'passphrase')).toEqual(keys);
  });

  it('know one form of a passphrase that Unicode writes in two', () => {
    const composed = encryptKeyFile(keys, 'p\u00e4ss', { salt, nonce });
    expect(decryptKeyFile(composed, 'pa\u0308ss')).toEqual(keys);
  });

  it('do not open with another passphrase', () => {
    expect(codeOf(file, 'Passphrase')).toBe('wrong-passphrase');
    expect(codeOf(file, '')).toBe('wrong-passphrase');
  });

  it('do not open with a byte of salt, nonce or content changed', () => {
    for (const at of [COST_AT + 3, COST_AT + 35, COST_AT + 59, file.length - 17, file.length - 1]) {
      expect(codeOf(changed(at, (file[at] as number) ^ 1))).toBe('wrong-passphrase');
    }
  });

  it('do not open when cut at any offset', () => {
    for (let length = 0; length < COST_AT + 59 + 16; length += 1) {
      expect(codeOf(file.subarray(0, length))).toBe('bad-key-file');
    }
    expect(codeOf(file.subarray(0, file.length - 1))).toBe('wrong-passphrase');
  });

  it('are not taken for another version', () => {
    expect(codeOf(changed(8, 2))).toBe('bad-key-file');
    expect(codeOf(changed(0, 0))).toBe('bad-key-file');
  });

  it.each([
    ['a cost of 2^255', 0, 255],
    ['a cost of 2^19', 0, 19],
    ['a cost of 2^14', 0, 14],
    ['a cost of 1', 0, 0],
    ['blocks of 255', 1, 255],
    ['blocks of 0', 1, 0],
    ['parallelism of 5', 2, 5],
    ['parallelism of 0', 2, 0],
  ])('are refused before any work for %s', (_, at, byte) => {
    expect(codeOf(changed(COST_AT + at, byte))).toBe('key-file-cost');
  });

  it('are refused where the parts of the cost are in bounds and their product is not', () => {
    const bytes = changed(COST_AT, 18);
    bytes[COST_AT + 1] = 16;
    expect(codeOf(bytes)).toBe('key-file-cost');
  });

  it('are refused when they are longer than any', () => {
    const long = new Uint8Array(KEYS_LIMITS.keyFileBytes + 1);
    long.set(file);
    expect(codeOf(long)).toBe('bad-key-file');
  });

  it('are written with fresh parts of the right length only', () => {
    const write = (options: object, passphrase = 'x') => encryptKeyFile(keys, passphrase, { salt, nonce, ...options });
    expect(() => write({ salt: salt.subarray(1) })).toThrow(RangeError);
    expect(() => write({ nonce: nonce.subarray(1) })).toThrow(RangeError);
    expect(() => write({ cost: { costLog2: 10, blockSize: 8, parallel: 1 } })).toThrow(RangeError);
    expect(() => write({ cost: { costLog2: 15.5, blockSize: 8, parallel: 1 } })).toThrow(RangeError);
    expect(() => write({}, '')).toThrow(RangeError);
    expect(() => encryptKeyFile([{ ...keys[0]!, secret: word(0n) }], 'x', { salt, nonce })).toThrow(RangeError);
    const many = new Array<StoredKey>(KEYS_LIMITS.keyFileKeys + 1).fill(keys[0]!);
    expect(() => encryptKeyFile(many, 'x', { salt, nonce })).toThrow(RangeError);
  });
});

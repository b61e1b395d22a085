/** Stable codes of {@link KeysError}; each is described in `spec/errors.md`. */
export type KeysErrorCode =
  | 'bad-address'
  | 'bad-base58'
  | 'bad-checksum'
  | 'bad-key-file'
  | 'bad-secret'
  | 'bad-wif'
  | 'key-file-cost'
  | 'no-native-binary'
  | 'not-signable'
  | 'wrong-network'
  | 'wrong-passphrase';

/**
 * A text or file that is no key, or something that this library will not sign.
 * `offset` counts characters or bytes from the start of what was read; it is 0 where the input as a whole is wrong.
 */
export class KeysError extends Error {
  override readonly name = 'KeysError';
  readonly code: KeysErrorCode;
  readonly offset: number;

  constructor(code: KeysErrorCode, offset: number, detail: string) {
    super(`${detail} (${code})`);
    this.code = code;
    this.offset = offset;
  }
}

/** Stable codes of {@link WireError}; each is described in `spec/errors.md`. */
export type WireErrorCode =
  | 'bad-checksum'
  | 'bad-command'
  | 'bad-handshake'
  | 'bad-integer'
  | 'bad-length'
  | 'bad-magic'
  | 'bad-merkle-proof'
  | 'bad-url'
  | 'bad-utf8'
  | 'duplicate-key'
  | 'missing-key'
  | 'syntax'
  | 'too-deep'
  | 'too-long'
  | 'too-many'
  | 'trailing-bytes'
  | 'truncated'
  | 'unknown-message'
  | 'unsorted-keys'
  | 'unusable-script'
  | 'wrong-length'
  | 'wrong-type';

/**
 * Bytes that do not follow the layout they were read as.
 * `offset` counts bytes from the start of the input that was handed to the decoder and names the first byte that is wrong,
 * or the length of the input where bytes are missing.
 */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly code: WireErrorCode;
  readonly offset: number;

  constructor(code: WireErrorCode, offset: number, detail: string) {
    super(`${detail} (${code} at byte ${offset})`);
    this.code = code;
    this.offset = offset;
  }
}

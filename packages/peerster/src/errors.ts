/** Stable codes of {@link PeersterError}; each is described in `spec/errors.md`. */
export type PeersterErrorCode =
  | 'bad-integer'
  | 'bad-key-file'
  | 'duplicate-key'
  | 'missing-key'
  | 'syntax'
  | 'too-long'
  | 'truncated'
  | 'unsorted-keys'
  | 'wrong-passphrase'
  | 'wrong-type';

/**
 * Bytes that do not follow the layout they were read as.
 * `offset` counts bytes from the start of the input that was handed to the decoder and names the first byte that is wrong,
 * or the length of the input where bytes are missing.
 */
export class PeersterError extends Error {
  override readonly name = 'PeersterError';
  readonly code: PeersterErrorCode;
  readonly offset: number;

  constructor(code: PeersterErrorCode, offset: number, detail: string) {
    super(`${detail} (${code} at byte ${offset})`);
    this.code = code;
    this.offset = offset;
  }
}

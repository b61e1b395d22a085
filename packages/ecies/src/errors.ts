/** Stable codes of {@link EciesError}; each is described in `spec/errors.md`. */
export type EciesErrorCode = 'bad-key';

/** A recipient's key with which nothing can be encrypted. `offset` is 0: the key as a whole is wrong. */
export class EciesError extends Error {
  override readonly name = 'EciesError';
  readonly code: EciesErrorCode;
  readonly offset: number;

  constructor(code: EciesErrorCode, offset: number, detail: string) {
    super(`${detail} (${code})`);
    this.code = code;
    this.offset = offset;
  }
}

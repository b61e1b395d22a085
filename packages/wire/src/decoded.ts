/** A value read from the start of some bytes, and how many bytes it took; what follows belongs to the caller. */
export interface Decoded<T> {
  readonly value: T;
  /** Bytes read, counted from the start of the input. */
  readonly consumed: number;
}

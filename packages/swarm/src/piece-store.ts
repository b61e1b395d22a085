/**
 * Where a swarm keeps its pieces: a port that the application implements over its store, or {@link memoryPieces}.
 * What was put stays: the engine never overwrites a piece and never deletes one. Nothing here is checked again when it is read at the start.
 */
export interface PieceStore {
  /** Numbers of all pieces there are, in any order; asked once, when the engine is made. Each 0 to 524,287. */
  numbers(): Iterable<number>;
  /** The bytes of a piece, or undefined. */
  get(k: number): Uint8Array | undefined;
  /** Keeps a new piece, before its `piece` effect is given out. */
  put(k: number, bytes: Uint8Array): void;
}

/** A store in memory, with pieces to begin with. Memory: all pieces, at most 2,048 bytes each, as many as the user could sign. */
export function memoryPieces(entries: Iterable<readonly [k: number, bytes: Uint8Array]> = []): PieceStore {
  const pieces = new Map(entries);
  return {
    numbers: () => pieces.keys(),
    get: (k) => pieces.get(k),
    put: (k, bytes) => void pieces.set(k, bytes),
  };
}

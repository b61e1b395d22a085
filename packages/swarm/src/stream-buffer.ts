const KEPT_BYTES = 4096;

/**
 * Bytes of a stream that have come in and are not yet read. Adding a byte costs the same whatever waits already.
 * A view that {@link StreamBuffer.bytes} gives is valid until the next `push`.
 */
export class StreamBuffer {
  #store = new Uint8Array(0);
  #start = 0;
  #end = 0;

  /** What waits. */
  get bytes(): Uint8Array {
    return this.#store.subarray(this.#start, this.#end);
  }

  /** Adds what came in. */
  push(chunk: Uint8Array): void {
    const waiting = this.#end - this.#start;
    if (this.#end + chunk.length > this.#store.length) {
      const needed = waiting + chunk.length;
      const store = needed > this.#store.length / 2 ? new Uint8Array(Math.max(needed, 2 * waiting)) : this.#store;
      store.set(this.bytes);
      this.#store = store;
      this.#start = 0;
      this.#end = waiting;
    }
    this.#store.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** Takes bytes off the front. */
  skip(count: number): void {
    this.#start += count;
    if (this.#start < this.#end) return;
    this.#start = 0;
    this.#end = 0;
    if (this.#store.length > KEPT_BYTES) this.#store = new Uint8Array(0);
  }
}

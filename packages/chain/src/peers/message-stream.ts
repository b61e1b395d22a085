import { decodeMessage, type Message, messageFrameBytes, type Network, WIRE_LIMITS, WireError } from '@rookery/wire';

/** What stands next in a stream. */
export type StreamItem =
  /** A whole message; its payload is a copy. */
  | { readonly type: 'message'; readonly message: Message }
  /** A message that is dropped unread, as it is too large for this node. */
  | { readonly type: 'oversized' }
  /** The stream cannot be read any further. */
  | { readonly type: 'unreadable' };

const LEAST_BUFFER_BYTES = 4096;

/**
 * Cuts the bytes of one connection into messages (CHAIN-69). What has a wrong magic, command or checksum is skipped in silence
 * by the length that it states, as deployed nodes do, and so is what is larger than `messageBytes`, without ever being held.
 */
export class MessageStream {
  readonly #network: Network;
  readonly #messageBytes: number;
  #buffer = new Uint8Array(0);
  #start = 0;
  #end = 0;
  #skip = 0;

  constructor(network: Network, messageBytes: number) {
    this.#network = network;
    this.#messageBytes = messageBytes;
  }

  /** Bytes that are held: of a message that is not complete, or of messages that nobody has taken. */
  get heldBytes(): number {
    return this.#end - this.#start;
  }

  /** Adds what came in. */
  push(bytes: Uint8Array): void {
    const skipped = Math.min(this.#skip, bytes.length);
    this.#skip -= skipped;
    const rest = bytes.subarray(skipped);
    if (rest.length === 0) return;
    this.#makeRoom(rest.length);
    this.#buffer.set(rest, this.#end);
    this.#end += rest.length;
  }

  /** Takes the next item; undefined where more bytes are needed. */
  next(): StreamItem | undefined {
    for (;;) {
      if (this.heldBytes < WIRE_LIMITS.messageHeaderBytes) return undefined;
      const held = this.#buffer.subarray(this.#start, this.#end);
      let frameBytes: number | undefined;
      try {
        frameBytes = messageFrameBytes(held);
        const { value, consumed } = decodeMessage(held, this.#network);
        this.#drop(consumed);
        return { type: 'message', message: { command: value.command, payload: value.payload.slice() } };
      } catch (error) {
        if (!(error instanceof WireError)) throw error;
        if (frameBytes === undefined) return { type: 'unreadable' };
        const isWaiting = error.code === 'truncated';
        if (isWaiting && frameBytes <= this.#messageBytes) return undefined;
        this.#drop(frameBytes);
        if (isWaiting) return { type: 'oversized' };
      }
    }
  }

  #drop(length: number): void {
    const held = Math.min(length, this.heldBytes);
    this.#start += held;
    this.#skip = length - held;
    if (this.#start === this.#end) {
      this.#start = 0;
      this.#end = 0;
      if (this.#buffer.length > LEAST_BUFFER_BYTES) this.#buffer = new Uint8Array(0);
    }
  }

  #makeRoom(length: number): void {
    if (this.#end + length <= this.#buffer.length) return;
    const held = this.heldBytes;
    const capacity = Math.max(LEAST_BUFFER_BYTES, 2 * held, held + length);
    const buffer = new Uint8Array(capacity);
    buffer.set(this.#buffer.subarray(this.#start, this.#end));
    this.#buffer = buffer;
    this.#start = 0;
    this.#end = held;
  }
}

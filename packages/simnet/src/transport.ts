import type { Address } from './address.ts';

/** What carries the calls of nodes: a network that is simulated, or the outbox of a replay. */
export interface Transport {
  /** The node's own idea of its address. */
  addressOf(node: number): Address;
  /** Where others may try the node. */
  publicAddressOf(node: number): Address;
  /** Takes a datagram; `forged` is the sender it pretends to be. */
  datagram(node: number, to: Address, bytes: Uint8Array, port: number, forged: Address | undefined): void;
  /** Opens a stream and returns its number at this end. */
  connect(node: number, to: Address): number;
  /** Takes bytes for a stream. */
  write(node: number, stream: number, bytes: Uint8Array): void;
  /** Ends a stream in order. */
  close(node: number, stream: number): void;
  /** Cuts a stream. */
  reset(node: number, stream: number): void;
  /** Bytes of a stream on their way. */
  backlog(node: number, stream: number): number;
  /** The node has stopped: its streams end. */
  stopped(node: number): void;
  /** The node has asked for another wake-up; ms since the start, −1 for none. */
  deadlineChanged(node: number, deadline: number): void;
}

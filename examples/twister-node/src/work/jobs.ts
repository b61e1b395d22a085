import type { Envelope } from '@rookery/ecies';
import type { Network } from '@rookery/wire';

/** The nonces of a search: both ends included. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** What a worker thread can be given to do. */
export type Job =
  /** Finds the work of a registration; gives its encoding. */
  | {
      readonly kind: 'registration';
      readonly transaction: Uint8Array;
      readonly network: Network;
      readonly range: Range;
    }
  /** Finds the work of a block; gives its encoding. */
  | { readonly kind: 'block'; readonly block: Uint8Array; readonly range: Range }
  /** Tries to open a direct message with each of the secrets. */
  | { readonly kind: 'open'; readonly envelope: Envelope; readonly secrets: readonly Uint8Array[] };

/** What comes of a job. */
export type JobResult =
  | { readonly kind: 'found'; readonly bytes: Uint8Array }
  | { readonly kind: 'opened'; readonly index: number; readonly plaintext: Uint8Array }
  /** Nothing was found or opened. */
  | { readonly kind: 'nothing' };

/** To a worker. */
export type Order =
  | { readonly type: 'start'; readonly id: number; readonly job: Job }
  | { readonly type: 'cancel'; readonly id: number };

/** From a worker. */
export type Report =
  | { readonly type: 'progress'; readonly id: number; readonly tried: number }
  | { readonly type: 'done'; readonly id: number; readonly result: JobResult };

/** Shares all nonces out. */
export function splitNonces(parts: number): Range[] {
  const size = Math.floor(2 ** 32 / parts);
  return Array.from({ length: parts }, (_, part) => ({
    first: part * size,
    last: part === parts - 1 ? 2 ** 32 - 1 : (part + 1) * size - 1,
  }));
}

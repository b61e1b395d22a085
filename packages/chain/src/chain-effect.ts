import type { Rejection, WireErrorCode } from '@rookery/wire';
import type { ChainCode } from './codes.ts';

/** What a {@link Chain} wants done, or tells. Ids have 32 bytes in wire order. */
export type ChainEffect =
  /** A block was stored in the tree: persist `bytes`, its encoding, in this order. Joining the active chain is told apart. */
  | { readonly type: 'accepted'; readonly id: Uint8Array; readonly height: number; readonly bytes: Uint8Array }
  /** A block left the active chain; told from the tip down. */
  | { readonly type: 'disconnected'; readonly id: Uint8Array; readonly height: number }
  /** A block joined the active chain; told upwards. */
  | { readonly type: 'connected'; readonly id: Uint8Array; readonly height: number }
  /** The active chain ends with another block now. */
  | { readonly type: 'tip'; readonly id: Uint8Array; readonly height: number }
  /** A block waits for `missing`, the nearest block before it that is neither stored nor waiting. */
  | { readonly type: 'orphan'; readonly id: Uint8Array; readonly missing: Uint8Array }
  /** A block or transaction was refused. `id` is null where it could not be read. */
  | {
      readonly type: 'rejected';
      readonly id: Uint8Array | null;
      readonly code: ChainCode | WireErrorCode;
      readonly penalty: number;
      readonly detail: string;
    }
  /** A transaction waits for a block now: relay it. */
  | { readonly type: 'pooled'; readonly id: Uint8Array; readonly bytes: Uint8Array };

/** The effect that tells a refusal. */
export function rejected(
  id: Uint8Array | null,
  code: ChainCode | WireErrorCode,
  detail: string,
  penalty = 0,
): ChainEffect {
  return { type: 'rejected', id, code, penalty, detail };
}

/** The effect that tells why a rule refused a block or transaction. */
export function refusal(id: Uint8Array, { code, detail, penalty }: Rejection<ChainCode>): ChainEffect {
  return rejected(id, code, detail, penalty);
}

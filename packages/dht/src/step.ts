import type { DhtEffect } from './effects.ts';
import type { Endpoint } from './endpoint.ts';

/** How a packet leaves, if it does: `own` ones, that the application asked for, are not counted against the upload limit. */
export type SendPacket = (to: Endpoint, bytes: Uint8Array, own: boolean) => boolean;

/** What one call of a node goes through its parts with: the time, and where what comes of it goes. */
export interface StepContext {
  readonly now: number;
  readonly send: SendPacket;
  readonly effects: DhtEffect[];
}

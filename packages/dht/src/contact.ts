import type { Endpoint } from './endpoint.ts';

/** A node in the routing table (DHT-32). */
export interface Contact {
  /** 20 bytes. */
  readonly id: Uint8Array;
  readonly endpoint: Endpoint;
  /** Whether it has answered a request or used a token; until then its address may be a lie. */
  confirmed: boolean;
  /** Timeouts in a row. */
  failures: number;
}

/** Whether other nodes may be told of it: it has answered, last time too. */
export function isGood(contact: Contact): boolean {
  return contact.confirmed && contact.failures === 0;
}

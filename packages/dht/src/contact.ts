import { encodeCompactNodes } from '@rookery/wire';
import type { Endpoint } from './endpoint.ts';

/** A node in the routing table (DHT-32). */
export interface Contact {
  /** 20 bytes. */
  readonly id: Uint8Array;
  /** IPv4. */
  readonly endpoint: Endpoint;
  /** What others are told of it: id, address, port (KRPC-8). */
  readonly compact: Uint8Array;
  /** Whether it has answered a request or used a token; until then its address may be a lie. */
  confirmed: boolean;
  /** Timeouts in a row. */
  failures: number;
}

/** A new contact. The id may be a view, the endpoint an object of the application. */
export function contactOf(id: Uint8Array, { ip, port }: Endpoint, confirmed: boolean): Contact {
  const compact = encodeCompactNodes([{ id, ip, port }]);
  return { id: compact.subarray(0, id.length), endpoint: { ip, port }, compact, confirmed, failures: 0 };
}

/** Whether other nodes may be told of it: it has answered, last time too. */
export function isGood(contact: Contact): boolean {
  return contact.confirmed && contact.failures === 0;
}

import type { CurveBackend, UserDirectory } from '@rookery/keys';
import type { Profile } from '@rookery/wire';
import type { AddressGroup, Endpoint } from './endpoint.ts';
import { parseIpAddress } from './ip-address.ts';
import type { DhtLimits } from './limits.ts';
import { checkNodeId } from './node-id.ts';
import type { RandomBytes } from './random.ts';
import type { RoutingTable } from './routing-table.ts';
import type { ValueContext } from './signed.ts';

/** What the parts of a node share. */
export interface NodeContext {
  /** The own id, 20 bytes; it changes with the own address. */
  id: Uint8Array;
  table: RoutingTable;
  /** Height of the active chain's last block. */
  tip: number;
  readonly users: UserDirectory;
  readonly profile: Profile;
  readonly backend: CurveBackend | undefined;
  readonly limits: DhtLimits;
  readonly group: AddressGroup;
  readonly random: RandomBytes;
  readonly verifyNodeIds: boolean;
}

const ADDRESS_BITS = 32;

/** The group of all endpoints at one address, or this endpoint alone on the own machine. */
export function addressGroup({ group }: NodeContext, endpoint: Endpoint): string {
  return group(endpoint, ADDRESS_BITS);
}

/** Whether a node id may be used at an address (DHT-2). */
export function fitsAddress({ verifyNodeIds }: NodeContext, id: Uint8Array, ip: string): boolean {
  if (!verifyNodeIds) return true;
  const octets = parseIpAddress(ip);
  return octets !== undefined && checkNodeId(id, octets).ok;
}

/** What the rules of values look at. */
export function valueContext({ users, tip, profile, backend }: NodeContext, now: number): ValueContext {
  return { users, tip, now: Math.floor(now / 1000), profile, backend };
}

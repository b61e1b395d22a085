export type { DhtCode, DhtDropCode, DhtIgnoreCode, DhtRejection, DhtVerdict } from './codes.ts';
export { type ContentContext, checkContent } from './content.ts';
export { type CreateDhtValueOptions, createDhtValue, type NewDhtValue } from './create-value.ts';
export { DhtNode, type DhtNodeCounts, type DhtNodeOptions, type StartedSearch } from './dht-node.ts';
export type { DhtEffect } from './effects.ts';
export type { AddressGroup, Endpoint } from './endpoint.ts';
export { groupByPrefix, isLoopback } from './endpoint.ts';
export { isExpired } from './expiry.ts';
export { checkGet, type DhtGet } from './get.ts';
export { parseIpAddress } from './ip-address.ts';
export { DHT_LIMITS, type DhtLimits } from './limits.ts';
export { checkNeighbour, compareDistance } from './neighbour.ts';
export { checkNodeId, deriveNodeId } from './node-id.ts';
export { checkPut, type PutContext } from './put.ts';
export type { RandomBytes } from './random.ts';
export { checkReadValue, type ReadContext } from './read.ts';
export { isRefreshed, type RefreshCandidate, refreshProbability } from './refresh.ts';
export { parseResource, type ResourceName } from './resource.ts';
export type { ValueContext } from './signed.ts';
export { applyStore, type StoreEntry, type StoreOptions, type StoreResult, storeEntry } from './store.ts';
export {
  type DhtTarget,
  type DhtValue,
  decodeP,
  parseValue,
  type ReceivedValue,
  type SignedValue,
  type ValuePlace,
} from './value.ts';
export type { DhtStore, HeldValue } from './value-store.ts';

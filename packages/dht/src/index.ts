export type { DhtCode, DhtRejection, DhtVerdict } from './codes.ts';
export { type ContentContext, checkContent } from './content.ts';
export { isExpired } from './expiry.ts';
export { checkGet, type DhtGet } from './get.ts';
export { parseIpAddress } from './ip-address.ts';
export { DHT_LIMITS, type DhtLimits } from './limits.ts';
export { checkNeighbour, compareDistance } from './neighbour.ts';
export { checkNodeId, deriveNodeId } from './node-id.ts';
export { checkPut, type PutContext } from './put.ts';
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

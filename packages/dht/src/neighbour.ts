import { type DhtVerdict, refuse } from './codes.ts';
import { DHT_LIMITS } from './limits.ts';

/**
 * Compares how far two ids are from a target by the XOR metric (DHT-3): negative where `left` is nearer, 0 for equal ids.
 * All three are 20 bytes.
 */
export function compareDistance(left: Uint8Array, right: Uint8Array, target: Uint8Array): number {
  for (let index = 0; index < DHT_LIMITS.idBytes; index += 1) {
    const difference = (left[index]! ^ target[index]!) - (right[index]! ^ target[index]!);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * Decides whether a node is plausibly near enough to a target to store its values (DHT-3).
 * `nearest` are the confirmed nodes of its own table that are nearest to the target, in any order; more than 16 are cut to the nearest 16.
 * Refuses with `not-neighbour`. Deployed nodes answer such a put with success and drop it.
 */
export function checkNeighbour(own: Uint8Array, target: Uint8Array, nearest: readonly Uint8Array[]): DhtVerdict {
  const sorted = [...nearest].sort((left, right) => compareDistance(left, right, target));
  const farthest = sorted[Math.min(sorted.length, DHT_LIMITS.neighbours) - 1];
  if (farthest === undefined || sorted.length < DHT_LIMITS.bucket) return { ok: true };
  if (compareDistance(own, farthest, target) < 0) return { ok: true };
  return refuse('not-neighbour', 'enough known nodes are nearer to the target');
}

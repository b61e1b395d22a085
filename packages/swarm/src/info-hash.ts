import { dhtTarget, encodeUtf8 } from '@rookery/wire';

/**
 * The info-hash of a user's swarm, 20 bytes (SWARM-1): the DHT target of the user's `tracker` resource.
 * Not checked: that the name is a name, and that it is registered.
 */
export function infoHashOf(user: string): Uint8Array {
  return dhtTarget(encodeUtf8(user), 'tracker', 'm');
}

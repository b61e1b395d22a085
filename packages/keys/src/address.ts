import type { Network } from '@rookery/wire';
import { decodeBase58Check, encodeBase58Check } from './base58check.ts';
import { KeysError } from './errors.ts';
import { BASE58_PREFIXES } from './networks.ts';

const KEY_ID_BYTES = 20;

/** Writes a 20-byte key id as an address, which twister shows in wallet dumps only. Rule KEY-4. */
export function encodeAddress(keyId: Uint8Array, network: Network): string {
  if (keyId.length !== KEY_ID_BYTES) throw new RangeError(`a key id must have 20 bytes, not ${keyId.length}`);
  const payload = new Uint8Array(1 + KEY_ID_BYTES);
  payload[0] = BASE58_PREFIXES[network].address;
  payload.set(keyId, 1);
  return encodeBase58Check(payload);
}

/** Reads the key id of an address. Throws `KeysError`: `bad-base58`, `bad-checksum`, `wrong-network`, `bad-address`. Rule KEY-4. */
export function decodeAddress(address: string, network: Network): Uint8Array {
  const payload = decodeBase58Check(address);
  if (payload[0] !== BASE58_PREFIXES[network].address) {
    throw new KeysError('wrong-network', 0, `the prefix of the text is not that of addresses on ${network}`);
  }
  if (payload.length !== 1 + KEY_ID_BYTES) throw new KeysError('bad-address', 0, 'the text does not hold 20 bytes');
  return payload.slice(1);
}

import { decodePeerHandshake, WireError } from '@rookery/wire';
import { SWARM_LIMITS } from './limits.ts';

/** Protocol string with its length, and the reserved bytes. */
const BEFORE = 28;

/**
 * Reads for which swarm an incoming connection is, from its first bytes (SWARM-14): to be called with all that has come in until it gives
 * something other than undefined, which is at the latest with 48 bytes. Gives the info-hash, 20 bytes, a copy; undefined where bytes are
 * missing; `invalid` where another protocol is spoken. The bytes are to be handed to {@link Swarm.receive} all the same.
 */
export function readInfoHash(bytes: Uint8Array): Uint8Array | undefined | 'invalid' {
  const wanted = BEFORE + SWARM_LIMITS.infoHashBytes;
  try {
    decodePeerHandshake(bytes.subarray(0, wanted));
  } catch (error) {
    if (error instanceof WireError && error.code === 'bad-handshake') return 'invalid';
  }
  return bytes.length < wanted ? undefined : bytes.slice(BEFORE, wanted);
}

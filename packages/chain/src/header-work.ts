import { hexToBytes } from '@noble/hashes/utils.js';
import { type BlockHeader, encodeHeader, type Network, reject, type Verdict, WIRE_LIMITS } from '@rookery/wire';
import type { ChainCode } from './codes.ts';
import { CHAIN_LIMITS } from './limits.ts';
import { NETWORKS } from './networks.ts';
import { type PowHash, scryptPowHash } from './pow-hash.ts';
import { checkHash } from './target.ts';

/**
 * Decides whether a header shows the work that its own `bits` ask for (CHAIN-5, CHAIN-23); penalty 50.
 * The first blocks of testnet and regtest, which do not, pass by being what they are (CHAIN-2).
 * Codes `negative-target`, `zero-target`, `target-above-limit`, `insufficient-work`.
 * Not checked: whether `bits` are those that the chain asks for ({@link checkHeaderContext} does).
 */
export function checkWork(header: BlockHeader, network: Network, powHash: PowHash = scryptPowHash): Verdict<ChainCode> {
  const bytes = encodeHeader(header);
  if (header.height === 0 && isGenesisById(bytes, network)) return { ok: true };
  const verdict = checkHash(powHash(bytes), header.bits);
  return verdict.ok ? verdict : reject(verdict.code, verdict.detail, CHAIN_LIMITS.penalty.work);
}

/** The same 84 bytes have the same id, so comparing them spares the hash. */
function isGenesisById(header: Uint8Array, network: Network): boolean {
  const { genesisById, genesisHex } = NETWORKS[network];
  if (!genesisById) return false;
  const genesis = hexToBytes(genesisHex.slice(0, 2 * WIRE_LIMITS.headerBytes));
  return header.every((byte, at) => byte === genesis[at]);
}

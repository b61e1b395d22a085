import { scryptSync } from 'node:crypto';
import type { PowHash } from '@rookery/chain';
import { type CurveBackend, createNobleBackend } from '@rookery/keys';
import { loadNativeBackend } from '@rookery/keys-native';

const HASH_BYTES = 32;
const COST = { N: 1024, r: 1, p: 1 } as const;

/** Loads the fastest curve backend that this machine has: native, then WebAssembly, then JavaScript. */
export async function loadBackend(): Promise<CurveBackend> {
  try {
    return loadNativeBackend();
  } catch {
    // Loading it costs as much as all the rest of the program, also where nobody uses it.
    const { createWasmBackend } = await import('@rookery/keys-wasm');
    return createWasmBackend().catch(() => createNobleBackend());
  }
}

/** The hash of a header's work, by OpenSSL. */
export const nodePowHash: PowHash = (header) => new Uint8Array(scryptSync(header, header, HASH_BYTES, COST));

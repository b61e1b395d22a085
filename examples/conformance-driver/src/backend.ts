import { type CurveBackend, createNobleBackend } from '@rookery/keys';
import { loadNativeBackend } from '@rookery/keys-native';
import { createWasmBackend } from '@rookery/keys-wasm';

export const BACKENDS = ['noble', 'wasm', 'native'] as const;
export type BackendName = (typeof BACKENDS)[number];

/** Loads a curve backend by name; fails where this machine has no binary for it. */
export async function loadBackend(name: BackendName): Promise<CurveBackend> {
  if (name === 'wasm') return createWasmBackend();
  if (name === 'native') return loadNativeBackend();
  return createNobleBackend();
}

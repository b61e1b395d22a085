import type { Network } from './profile.ts';

/** The four bytes that open every message of a network, in wire order (WIRE-17). `dev` is our own network. */
export const MAGIC: Readonly<Record<Network, Uint8Array>> = /* @__PURE__ */ Object.freeze({
  main: Uint8Array.of(0xf0, 0xda, 0xbb, 0xd2),
  testnet: Uint8Array.of(0x0b, 0x11, 0x09, 0x07),
  regtest: Uint8Array.of(0xfa, 0xbf, 0xb5, 0xda),
  dev: Uint8Array.of(0x64, 0x65, 0x76, 0x31),
});

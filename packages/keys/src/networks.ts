import type { Network } from '@rookery/wire';

/** First byte of base58check texts. */
export interface Base58Prefixes {
  /** Of addresses. */
  readonly address: number;
  /** Of secrets. */
  readonly secret: number;
}

/** Base58 prefixes of each network. regtest shares those of main as deployed; dev, a private network too, does the same. */
export const BASE58_PREFIXES: Readonly<Record<Network, Base58Prefixes>> = Object.freeze({
  main: { address: 0, secret: 128 },
  testnet: { address: 111, secret: 239 },
  regtest: { address: 0, secret: 128 },
  dev: { address: 0, secret: 128 },
});

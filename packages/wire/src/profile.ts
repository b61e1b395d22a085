/**
 * Which reading of the protocol is meant: `canonical` is what this project emits and accepts, `deployed` is exactly
 * what deployed nodes accept, their quirks included.
 */
export type Profile = 'canonical' | 'deployed';

/** The networks of the chain; `dev` is our own, for demonstrations and tests. */
export type Network = 'main' | 'testnet' | 'regtest' | 'dev';

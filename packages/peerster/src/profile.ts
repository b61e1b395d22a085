/**
 * Which reading of the protocol is meant. `strict` (the default) is what this project emits and accepts; `compat` accepts
 * what the original program accepts, its quirks but not its crashes included. The conformance protocol calls them
 * `canonical` and `deployed`. Both accept every message that an honest node of either kind makes.
 */
export type Profile = 'strict' | 'compat';

// @ts-check
/** The WebAssembly backend beside the default one: `node packages/keys-wasm/bench/wasm.bench.js`. */
import { createNobleBackend } from '@rookery/keys';
import { createWasmBackend } from '@rookery/keys-wasm';
import { compareBackends } from '../../keys/bench/backend-cases.js';

compareBackends(await createWasmBackend(), createNobleBackend({ tables: 0 }));
console.log('beside (performance page, another day): tiny-secp256k1 verifies 5,300/s, signs 11,000/s');

// @ts-check
/** The native backend beside the default one: `node packages/keys-native/bench/native.bench.js`. */
import { createNobleBackend } from '@rookery/keys';
import { loadNativeBackend } from '@rookery/keys-native';
import { compareBackends } from '../../keys/bench/backend-cases.js';

compareBackends(loadNativeBackend(), createNobleBackend({ tables: 0 }));
console.log(
  'beside (performance page, another day): libsecp256k1 in a C loop recovers 28,600/s; deployed daemon 3,600/s',
);

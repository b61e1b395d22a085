// @ts-check
/**
 * Checks of many posts of one user with the default backend, beside plain recovery: `node packages/keys/bench/one-user.bench.js`.
 * The rate includes digest and form; the tables are there after the second check.
 */

import * as secp from '@noble/secp256k1';
import { createNobleBackend, messageDigest, verifySignature } from '@rookery/keys';
import { signRaw } from '@rookery/keys/raw';
import { casesOf } from './backend-cases.js';
import { measure, median, ratio, report } from './measure.js';

const backend = createNobleBackend();
const secret = new Uint8Array(32).fill(7);
const key = backend.derivePublicKey(secret, true);
const posts = Array.from({ length: 64 }, (_, number) => {
  const message = new Uint8Array(230).fill(number);
  const signature = signRaw(message, secret, true, backend);
  const recovered = new Uint8Array(65);
  recovered.set(signature.subarray(1), 1);
  recovered[0] = /** @type {number} */ (signature[0]) - 31;
  return { message, signature, digest: messageDigest(message), recovered };
});
let turn = 0;
const next = () => {
  turn = (turn + 1) % posts.length;
  return /** @type {typeof posts[number]} */ (posts[turn]);
};

const rates = measure({
  recover: () => {
    const { recovered, digest } = next();
    return secp.recoverPublicKey(recovered, digest, { prehash: false });
  },
  check: () => {
    const { message, signature } = next();
    if (!verifySignature(message, signature, key, { backend }).ok) throw new Error('a signature does not hold');
  },
});
report('@noble/secp256k1 recoverPublicKey', rates.recover ?? []);
const factor = ratio(rates.check ?? [], rates.recover ?? []);
report('verifySignature, many posts of one user', rates.check ?? [], {
  ratio: factor,
  bound: '≥ 4',
  holds: factor >= 4,
});

const first = createNobleBackend();
const { digest, signature } = /** @type {typeof posts[number]} */ (posts[0]);
const time = () => {
  const started = performance.now();
  first.matches(digest, signature.subarray(1), /** @type {number} */ (signature[0]) - 31, key);
  return `${(performance.now() - started).toFixed(1)} ms`;
};
console.log(`the first checks of a key and of a backend: ${time()}, ${time()} (tables are built), ${time()}`);

for (const [name, run] of Object.entries(casesOf(backend))) {
  const alone = measure({ run });
  report(`noble: ${name}`, alone.run ?? []);
}
console.log(
  `beside (performance page, another day): deployed daemon 3,600 verifications/s, libsecp256k1 in C 28,600/s`,
);
console.log(`here, of that: ${((100 * median(rates.check ?? [])) / 3600).toFixed(0)} % of the deployed daemon`);

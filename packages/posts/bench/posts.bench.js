// @ts-check
/**
 * What validating a post costs beside the bare curve operation: `node packages/posts/bench/posts.bench.js` after the build.
 * Each pair runs in turns in one process; a line shows the median rate and the median of the ratios of the turns.
 */

import * as secp from '@noble/secp256k1';
import { createNobleBackend, decodeSignature, directoryOf, messageDigest } from '@rookery/keys';
import { loadNativeBackend } from '@rookery/keys-native';
import { createWasmBackend } from '@rookery/keys-wasm';
import { checkPost, createPost, signPost } from '@rookery/posts';
import { decodePost } from '@rookery/wire';

const POSTS = 100;
const TURNS = 25;
const TURN_MS = 40;
const TIP = 1000;
const NOW = 1_800_000_000;
const secret = new Uint8Array(32).fill(7);

/** @typedef {import('@rookery/keys').CurveBackend} CurveBackend */

const signer = createNobleBackend();
const publicKey = signer.derivePublicKey(secret, true);
const users = directoryOf([{ name: 'alice', keys: [{ height: 5, publicKey }] }]);
const pieces = Array.from({ length: POSTS }, (_, k) =>
  signPost(
    createPost(
      { user: 'alice', k, height: TIP - 1, time: NOW, ...(k > 0 ? { lastK: k - 1 } : {}) },
      'One hundred and forty letters. '.repeat(5).slice(0, 140),
    ),
    secret,
    { backend: signer },
  ),
);
const prepared = pieces.map((piece) => {
  const { signed, signature } = decodePost(piece);
  const parts = decodeSignature(signature);
  if (parts === undefined) throw new Error('the signature is none');
  const { compact, recovery } = parts;
  return { digest: messageDigest(signed), compact, recovery };
});

/** @param {number[]} values */
function median(values) {
  return values.sort((left, right) => left - right)[values.length >> 1] ?? Number.NaN;
}

/**
 * Runs two operations in turns, each on every post until its turn is over.
 * @param {(at: number) => void} subject
 * @param {(at: number) => void} yardstick
 */
function compare(subject, yardstick) {
  const rates = /** @type {[number[], number[]]} */ ([[], []]);
  /** @type {number[]} */
  const ratios = [];
  for (let turn = -3; turn < TURNS; turn += 1) {
    const times = [subject, yardstick].map((run) => {
      const started = performance.now();
      let count = 0;
      do {
        run(count % POSTS);
        count += 1;
      } while (performance.now() - started < TURN_MS);
      return (performance.now() - started) / count;
    });
    if (turn < 0) continue;
    const [mine = 0, bare = 0] = times;
    rates[0].push(1000 / mine);
    rates[1].push(1000 / bare);
    ratios.push(mine / bare);
  }
  return { rate: median(rates[0]), bare: median(rates[1]), ratio: median(ratios) };
}

/**
 * @param {string} name
 * @param {number} rate
 * @param {string} [judgement]
 */
function print(name, rate, judgement = '') {
  console.log(`${name.padEnd(52)} ${Math.round(rate).toLocaleString('en').padStart(9)} ops/s  ${judgement}`);
}

/** @param {number} ratio @param {number} bound */
function atMost(ratio, bound) {
  return `${ratio.toFixed(3)} (at most ${bound}, ${ratio <= bound ? 'ok' : 'MISSED'})`;
}

/** @param {CurveBackend} backend @param {number} at */
function validate(backend, at) {
  const verdict = checkPost(/** @type {Uint8Array} */ (pieces[at]), {
    user: 'alice',
    k: at,
    tip: TIP,
    users,
    now: NOW,
    backend,
  });
  if (!verdict.ok) throw new Error(verdict.detail);
}

/** @type {CurveBackend} */
const nothing = { ...signer, matches: () => true };
console.log(`posts of ${pieces[1]?.length} bytes of one user`);
const free = compare(
  (at) => validate(nothing, at),
  (at) => void messageDigest(/** @type {Uint8Array} */ (pieces[at]).subarray(86, -1)),
);
print(
  'checkPost without the curve',
  free.rate,
  `${(1e6 / free.rate).toFixed(2)} µs, ${(1e6 / free.bare).toFixed(2)} µs of it the digest`,
);

/** @type {[string, number, () => Promise<CurveBackend> | CurveBackend][]} */
const backends = [
  ['noble', 1.1, () => createNobleBackend()],
  ['wasm', 1.2, () => createWasmBackend()],
  ['native', 1.2, () => loadNativeBackend()],
];
for (const [name, bound, load] of backends) {
  let backend;
  try {
    backend = await load();
  } catch (error) {
    console.log(`${name}: skipped, ${error instanceof Error ? error.message : error}`);
    continue;
  }
  const loaded = backend;
  const { rate, bare, ratio } = compare(
    (at) => validate(loaded, at),
    (at) => {
      const post = prepared[at];
      if (post === undefined || !loaded.matches(post.digest, post.compact, post.recovery, publicKey))
        throw new Error('no match');
    },
  );
  print(`checkPost, ${name}, end to end`, rate, atMost(ratio, bound));
  print(`  the bare check of the same backend`, bare);
}

const known = createNobleBackend();
const plain = compare(
  (at) => validate(known, at),
  (at) => {
    const post = prepared[at];
    if (post === undefined) throw new Error('no post');
    const signature = new Uint8Array(65);
    signature[0] = post.recovery;
    signature.set(post.compact, 1);
    secp.recoverPublicKey(signature, post.digest, { prehash: false });
  },
);
const times = plain.rate / plain.bare;
print(
  'checkPost, noble, many posts of one user',
  plain.rate,
  `${times.toFixed(1)} times plain recovery (at least 4, ${times >= 4 ? 'ok' : 'MISSED'})`,
);
print('  @noble/secp256k1, recoverPublicKey', plain.bare);

console.log(
  'elsewhere, on such a machine: deployed daemon 3,600 · nostr-tools 819 (WebAssembly 4,490) · ssb-validate 21,100 · gossipsub 12,100',
);

// @ts-check
/**
 * Posts accepted a second by one engine, from the bytes of a `piece` message to the `piece` effect, beside the bare curve operation that
 * each of them needs, in turns in one process; and with a curve that says yes at once, which leaves what the engine itself costs.
 * Lines: name, posts a second, ratio to the bare operation, bound. `node packages/swarm/bench/accept.bench.js` after the build.
 */
import { createNobleBackend, directoryOf } from '@rookery/keys';
import { createPost, signPost } from '@rookery/posts';
import { encodePeerHandshake, encodePeerMessage } from '@rookery/wire';
import { encodeBitfield, infoHashOf, Swarm } from '../dist/index.js';

const POSTS = 200;
const PEERS = 8;
const ROUNDS = 9;
const LEAST = 0.8;
const TIP = 1000;
const NOW = 1_800_000_000_000;
const USER = 'alice';

/** @typedef {import('@rookery/keys').CurveBackend} CurveBackend */

const noble = createNobleBackend();
const secret = new Uint8Array(32).fill(7);
const publicKey = noble.derivePublicKey(secret, true);
const users = directoryOf([{ name: USER, keys: [{ height: 5, publicKey }] }]);
const pieces = Array.from({ length: POSTS }, (_, k) =>
  signPost(
    createPost({ user: USER, k, height: TIP - 1, time: 1_700_000_000 + k }, `Some post of usual length, number ${k}.`),
    secret,
    { backend: noble },
  ),
);
const frames = pieces.map((data, piece) => encodePeerMessage({ id: 7, name: 'piece', piece, begin: 0, data }));

/** What the engine asks the curve, remembered, so that the yardstick does the same work on the same posts. */
const questions = /** @type {Parameters<CurveBackend['matches']>[]} */ ([]);
/** @type {CurveBackend} */
const remembering = {
  ...noble,
  matches: (digest, compact, recovery, key) => {
    // The bytes are views of what the engine has received, and change with the next message.
    questions.push([digest.slice(), compact.slice(), recovery, key]);
    return true;
  },
};
/** @type {CurveBackend} */
const yes = { ...noble, matches: () => true };

/**
 * Has one engine with some peers take all posts; gives the time that it took, in ms.
 * @param {CurveBackend} backend
 */
function takeAll(backend) {
  const swarm = new Swarm({
    user: USER,
    peerId: new Uint8Array(20),
    users,
    tip: TIP,
    random: (length) => new Uint8Array(length),
    backend,
    limits: { openRequests: POSTS },
  });
  const infoHash = infoHashOf(USER);
  const reserved = new Uint8Array([0, 0, 0, 0, 0, 0x10, 0, 0x15]);
  for (let peer = 0; peer < PEERS; peer += 1) {
    swarm.connect(`p${peer}`, { outgoing: false }, NOW);
    swarm.receive(
      `p${peer}`,
      encodePeerHandshake({ infoHash, peerId: new Uint8Array(20).fill(peer + 1), reserved }),
      NOW,
    );
  }
  const bitfield = encodeBitfield(pieces.keys(), POSTS);
  swarm.receive('p0', encodePeerMessage({ id: 5, name: 'bitfield', bitfield }), NOW);
  swarm.receive('p0', encodePeerMessage({ id: 1, name: 'unchoke' }), NOW);
  let taken = 0;
  const started = performance.now();
  for (const frame of frames) {
    for (const effect of swarm.receive('p0', frame, NOW)) if (effect.type === 'piece') taken += 1;
  }
  const elapsed = performance.now() - started;
  if (taken !== POSTS) throw new Error(`${taken} of ${POSTS} posts were taken`);
  return elapsed;
}

function askCurve() {
  const started = performance.now();
  for (const question of questions) if (!noble.matches(...question)) throw new Error('a signature is wrong');
  return performance.now() - started;
}

/** @param {number[]} values */
const median = (values) => values.sort((left, right) => left - right)[values.length >> 1] ?? Number.NaN;

takeAll(remembering);
const bare = /** @type {number[]} */ ([]);
const whole = /** @type {number[]} */ ([]);
const engine = /** @type {number[]} */ ([]);
for (let round = -2; round < ROUNDS; round += 1) {
  const times = [askCurve(), takeAll(noble), takeAll(yes)];
  if (round < 0) continue;
  for (const [at, all] of [bare, whole, engine].entries()) all.push(times[at] ?? Number.NaN);
}
const ratio = median(whole.map((time, at) => (bare[at] ?? Number.NaN) / time));
/** @param {number[]} times */
const rate = (times) => ((1000 * POSTS) / median(times)).toFixed(0);
console.log(`bare curve operation  ${rate(bare)} ops/s`);
console.log(
  `posts accepted, ${PEERS} peers told of each  ${rate(whole)} ops/s  ratio ${ratio.toFixed(2)} (bound ${LEAST}, ${ratio >= LEAST ? 'ok' : 'MISSED'})`,
);
console.log(`the same with a curve that costs nothing  ${rate(engine)} ops/s`);

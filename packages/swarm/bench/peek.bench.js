// @ts-check
/**
 * The search for a nonce beside a plain loop of the library's SHA-1 over the same bytes, in one run.
 * Lines: name, hashes a second, ratio to the plain loop, bound.
 */
import { sha1 } from '@noble/hashes/legacy.js';
import { infoHashOf, startPeek, stepPeek } from '../dist/index.js';

const ROUNDS = 7;
const ROUND_MS = 250;
const LEAST = 1.5;
const BUDGET = 5000;

const infoHash = infoHashOf('mfreitas');
const message = new Uint8Array(28);
message.set(infoHash);
const view = new DataView(message.buffer);
let piece = 0;

function plainLoop() {
  view.setUint32(20, piece++);
  for (let counter = 0; counter < BUDGET; counter += 1) {
    view.setUint32(24, counter);
    const hash = sha1(message);
    if (hash[0] === 0 && hash[1] === 0 && hash[2] === 0) break;
  }
  return BUDGET;
}

function search() {
  const started = startPeek(infoHash, piece++, 24);
  if (!started.ok) throw new Error(started.detail);
  const step = stepPeek(started.search, BUDGET);
  return step.ok ? step.hashes : 0;
}

/** @type {readonly (readonly [name: string, run: () => number])[]} */
const subjects = [
  ['plain loop of the library hash', plainLoop],
  ['search for a nonce', search],
];
/** @type {Map<string, number[]>} */
const rates = new Map(subjects.map(([name]) => [name, []]));
for (const [, run] of subjects) run();
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, run] of subjects) {
    const started = performance.now();
    let done = 0;
    do done += run();
    while (performance.now() - started < ROUND_MS);
    rates.get(name)?.push((1000 * done) / (performance.now() - started));
  }
}
const [plain = 0, searched = 0] = [...rates.values()].map(
  (all) => all.sort((left, right) => left - right)[ROUNDS >> 1],
);
const ratio = searched / plain;
console.log(`plain loop of the library hash  ${plain.toFixed(0)} ops/s`);
console.log(
  `search for a nonce  ${searched.toFixed(0)} ops/s  ratio ${ratio.toFixed(2)} (bound ${LEAST}, ${ratio >= LEAST ? 'ok' : 'MISSED'})`,
);

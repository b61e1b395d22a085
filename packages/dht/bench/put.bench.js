// @ts-check
/**
 * A put judged from its bytes on, beside the curve checks that it cannot do without, with the default backend, in one run.
 * Lines: name, operations a second, ratio to the bare checks, bound: at most 1.1 times their time.
 */
import { createNobleBackend, decodeSignature, directoryOf, messageDigest } from '@rookery/keys';
import { signRaw } from '@rookery/keys/raw';
import { bencodeDict, encodeBencode } from '@rookery/wire';
import { checkPut } from '../dist/index.js';

const ROUNDS = 7;
const ROUND_MS = 250;
const LEAST = 1 / 1.1;
const NOW = 1_795_243_066;
const VALUES = 16;

const backend = createNobleBackend();
const secret = new Uint8Array(32).fill(7);
const publicKey = backend.derivePublicKey(secret, true);
const users = directoryOf([{ name: 'alice', keys: [{ height: 14, publicKey }] }]);

/** @param {import('@rookery/wire').BencodeValue} signed */
const sign = (signed) => signRaw(encodeBencode(signed), secret, true, backend);

/**
 * Values of one user, as a node near to them gets them.
 * @param {(index: number) => { r: string, v: import('@rookery/wire').BencodeInput }} content
 */
function valuesOf(content) {
  return Array.from({ length: VALUES }, (_, seq) => {
    const { r, v } = content(seq);
    const p = bencodeDict({ height: 28, seq, target: { n: 'alice', r, t: 's' }, time: NOW, v });
    return { p: encodeBencode(p), sigP: sign(p), sigUser: 'alice' };
  });
}

const profiles = valuesOf((index) => ({
  r: 'profile',
  v: { bio: `number ${index}`, fullname: 'Alice', location: 'here' },
}));
const posts = valuesOf((k) => {
  const userpost = bencodeDict({ height: 28, k, msg: `post number ${k} to the swarm #test`, n: 'alice', time: NOW });
  return { r: `post${k}`, v: bencodeDict({ sig_userpost: sign(userpost), userpost }) };
});
const bareParts = profiles.map(({ p, sigP }) => {
  const parts = decodeSignature(sigP);
  if (parts === undefined) throw new Error('a signature of our own has its form');
  return { digest: messageDigest(p), ...parts };
});

/** @param {typeof profiles} values @param {'canonical' | 'deployed'} profile */
function judge(values, profile) {
  for (const value of values) {
    const verdict = checkPut(value, { users, tip: 29, now: NOW, profile, backend });
    if (!verdict.ok) throw new Error(verdict.detail);
  }
  return values.length;
}

/** @param {number} times */
function bare(times) {
  for (const { digest, compact, recovery } of bareParts) {
    for (let time = 0; time < times; time += 1) {
      if (!backend.matches(digest, compact, recovery, publicKey)) throw new Error('the signature holds');
    }
  }
  return bareParts.length;
}

/** @type {readonly { readonly name: string, readonly bare?: string, readonly run: () => number }[]} */
const subjects = [
  { name: 'one bare curve check', run: () => bare(1) },
  { name: 'put of a profile, deployed', bare: 'one bare curve check', run: () => judge(profiles, 'deployed') },
  { name: 'put of a profile, canonical', bare: 'one bare curve check', run: () => judge(profiles, 'canonical') },
  { name: 'two bare curve checks', run: () => bare(2) },
  { name: 'put of a post, canonical', bare: 'two bare curve checks', run: () => judge(posts, 'canonical') },
];

/** @type {Map<string, number[]>} */
const rates = new Map(subjects.map(({ name }) => [name, []]));
for (const { run } of subjects) run();
for (let round = 0; round < ROUNDS; round += 1) {
  for (const { name, run } of subjects) {
    const started = performance.now();
    let done = 0;
    do done += run();
    while (performance.now() - started < ROUND_MS);
    rates.get(name)?.push((1000 * done) / (performance.now() - started));
  }
}

/** @param {string} name */
function median(name) {
  return rates.get(name)?.sort((left, right) => left - right)[ROUNDS >> 1] ?? 0;
}

for (const { name, bare: beside } of subjects) {
  const rate = median(name);
  if (beside === undefined) console.log(`${name}  ${rate.toFixed(0)} ops/s`);
  else {
    const ratio = rate / median(beside);
    const verdict = ratio >= LEAST ? 'ok' : 'MISSED';
    console.log(`${name}  ${rate.toFixed(0)} ops/s  ratio ${ratio.toFixed(2)} (bound ${LEAST.toFixed(2)}, ${verdict})`);
  }
}

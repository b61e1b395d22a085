// @ts-check

const ROUNDS = 7;
const ROUND_MS = 250;

/** @typedef {{ readonly name: string, readonly run: () => number }} Subject `run` returns how many operations it did */

/**
 * Runs the subjects in turns and gives the median rate of each, so that a slow moment hits all of them.
 * @param {readonly Subject[]} subjects
 * @returns {Map<string, number>}
 */
export function measure(subjects) {
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
  return new Map([...rates].map(([name, all]) => [name, all.sort((a, b) => a - b)[ROUNDS >> 1] ?? 0]));
}

/**
 * @param {Map<string, number>} rates
 * @param {string} name
 * @param {string} bare
 * @param {number} least smallest ratio to the bare operation that is fine
 */
export function report(rates, name, bare, least) {
  const rate = rates.get(name) ?? 0;
  const ratio = rate / (rates.get(bare) ?? 1);
  const verdict = ratio >= least ? 'ok' : 'MISSED';
  console.log(`${bare}  ${(rates.get(bare) ?? 0).toFixed(0)} ops/s`);
  console.log(`${name}  ${rate.toFixed(0)} ops/s  ratio ${ratio.toFixed(2)} (bound ${least}, ${verdict})`);
}

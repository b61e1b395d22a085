// @ts-check
/** Rounds in which every case runs in turn, so that a slow moment of the machine falls on all of them. */
const ROUNDS = 15;
const ROUND_MS = 60;

/**
 * Runs cases side by side; gives the rate of each round and case, in operations a second.
 * @param {Readonly<Record<string, () => unknown>>} cases
 * @returns {Readonly<Record<string, readonly number[]>>}
 */
export function measure(cases) {
  /** @type {Record<string, number[]>} */
  const rates = {};
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, run] of Object.entries(cases)) {
      const rate = rateOf(run);
      // The first round only warms up.
      rates[name] = round === 0 ? [] : [...(rates[name] ?? []), rate];
    }
  }
  return rates;
}

/** @param {() => unknown} run */
function rateOf(run) {
  const started = performance.now();
  let runs = 0;
  let elapsed = 0;
  while (elapsed < ROUND_MS) {
    run();
    runs += 1;
    elapsed = performance.now() - started;
  }
  return (1000 * runs) / elapsed;
}

/** @param {readonly number[]} values */
export function median(values) {
  return [...values].sort((left, right) => left - right)[values.length >> 1] ?? 0;
}

/**
 * The median over the rounds of one rate divided by another of the same round.
 * @param {readonly number[]} rates
 * @param {readonly number[]} yardstick
 */
export function ratio(rates, yardstick) {
  return median(rates.map((rate, round) => rate / (yardstick[round] ?? Number.NaN)));
}

/**
 * Prints one line: a name, its rate and, where given, its ratio to the yardstick with the bound on it.
 * @param {string} name
 * @param {readonly number[]} rates
 * @param {{ ratio: number, bound: string, holds: boolean }} [judged]
 */
export function report(name, rates, judged) {
  const rate = Math.round(median(rates)).toLocaleString('en');
  const verdict = judged ? `  ${judged.ratio.toFixed(2)} (${judged.bound}, ${judged.holds ? 'ok' : 'MISSED'})` : '';
  console.log(`${name.padEnd(50)}${rate.padStart(9)}/s${verdict}`);
}

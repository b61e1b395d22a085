// @ts-check
/** Many short rounds in which every case runs in turn, so that a slow moment of the machine falls on all of them. */
const ROUNDS = 151;
const ROUND_MS = 8;

/**
 * Runs cases side by side; gives the rate of each round and case, in runs a second.
 * @param {Readonly<Record<string, () => unknown>>} cases
 * @returns {Readonly<Record<string, readonly number[]>>}
 */
export function measure(cases) {
  /** @type {Record<string, number[]>} */
  const rates = {};
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, run] of Object.entries(cases)) {
      const started = performance.now();
      let runs = 0;
      let elapsed = 0;
      while (elapsed < ROUND_MS) {
        run();
        runs += 1;
        elapsed = performance.now() - started;
      }
      // The first round only warms up.
      rates[name] = round === 0 ? [] : [...(rates[name] ?? []), (1000 * runs) / elapsed];
    }
  }
  return rates;
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
 * Prints one line: a name, its rate and, where given, a ratio with the bound on it.
 * @param {string} name
 * @param {number} rate
 * @param {{ ratio: number, bound: string, holds: boolean }} [judged]
 */
export function report(name, rate, judged) {
  const shown = Math.round(rate).toLocaleString('en');
  const verdict = judged ? `  ${judged.ratio.toFixed(2)} (${judged.bound}, ${judged.holds ? 'ok' : 'MISSED'})` : '';
  console.log(`${name.padEnd(52)}${shown.padStart(12)}/s${verdict}`);
}

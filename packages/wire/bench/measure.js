/** Rounds of every case in turn, so that a slow moment of the machine falls on all of them. */
const ROUNDS = 9;
const ROUND_MS = 120;

/**
 * Runs cases side by side and gives operations a second for each, the median of interleaved rounds.
 * @param {Record<string, () => unknown>} cases
 * @returns {Record<string, number>}
 */
export function measure(cases) {
  const rates = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, run] of Object.entries(cases)) {
      let runs = 0;
      const started = performance.now();
      let elapsed = 0;
      while (elapsed < ROUND_MS) {
        run();
        runs += 1;
        elapsed = performance.now() - started;
      }
      // The first round only warms up.
      if (round > 0) rates[name].push((1000 * runs) / elapsed);
    }
  }
  return Object.fromEntries(Object.entries(rates).map(([name, all]) => [name, median(all)]));
}

/** Prints one line: a name, a rate, and where given a ratio with its bound. */
export function report(name, rate, ratio, holds, bound) {
  const verdict = ratio === undefined ? '' : `  ${ratio.toFixed(2)} (${bound}, ${holds ? 'ok' : 'MISSED'})`;
  console.log(`${name.padEnd(52)}${Math.round(rate).toLocaleString('en').padStart(12)}/s${verdict}`);
}

function median(values) {
  return [...values].sort((left, right) => left - right)[values.length >> 1];
}

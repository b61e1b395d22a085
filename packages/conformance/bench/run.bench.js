/**
 * How long 10,000 cases take with this repository's driver: the vectors over and over, one request at a time, through a pipe. Most of it
 * is the driver's curve and its scrypt. The kit alone is measured with a driver inside of the process.
 */
import { fileURLToPath } from 'node:url';
import { loadData } from '../dist/cli/data.js';
import { ProcessDriver } from '../dist/cli/process-driver.js';
import { isClean, runCases } from '../dist/index.js';

const CASES = 10_000;
const MOST_SECONDS = 30;
const driverProgram = fileURLToPath(new URL('../../../examples/conformance-driver/dist/main.js', import.meta.url));

const { plan } = loadData(undefined);
const cases = Array.from({ length: CASES }, (_, index) => plan[index % plan.length]);

function show(name, seconds, ratio) {
  const bound = ratio === undefined ? '' : `  ${ratio.toFixed(2)} (1, ${ratio <= 1 ? 'ok' : 'MISSED'})`;
  console.log(`${name.padEnd(34)}  ${Math.round(CASES / seconds).toLocaleString('en')} ops/s${bound}`);
}

async function seconds(driver, list) {
  const started = performance.now();
  const report = await runCases(list, driver);
  if (driver instanceof ProcessDriver && !isClean(report)) throw new Error('the driver does not pass');
  return (performance.now() - started) / 1000;
}

for (const backend of ['noble', 'native']) {
  const taken = await seconds(
    new ProcessDriver(`"${process.execPath}" "${driverProgram}" --backend ${backend}`),
    cases,
  );
  show(`10,000 cases, driver with ${backend}`, taken, taken / MOST_SECONDS);
}

const hello = { name: 'bench', version: '0', language: 'JavaScript', homepage: '', engines: [] };
const ops = [...new Set(plan.flatMap(({ kind, test }) => (kind === 'vector' ? [test.op] : [])))];
const inside = {
  running: false,
  start: async () => {
    inside.running = true;
    return [];
  },
  ask: async (_line, seq) => {
    const answer =
      seq === 0 ? { hello: { ...hello, ops, profiles: ['canonical', 'deployed'] } } : { reject: { code: 'no' } };
    return { answer: JSON.parse(JSON.stringify({ seq, ...answer })), faults: [], elapsedMs: 0 };
  },
  stop: async () => [],
};
show('10,000 cases, the kit alone', await seconds(inside, cases));

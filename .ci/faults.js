/**
 * `npm run faults [-- ID…]`: runs the cases of each seeded fault's rule against the driver with that fault, and writes what caught it to
 * `spec/conformance/faults.json`, from which `npm run vectors` makes the table of `spec/coverage.md`; what is not named keeps its result. Exits with 1 if one is not caught.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readFaults, root } from '../examples/conformance-driver/faults/list.js';
import { loadData } from '../packages/conformance/dist/cli/data.js';
import { ProcessDriver } from '../packages/conformance/dist/cli/process-driver.js';
import { KIT_LIMITS, runCases, selectCases } from '../packages/conformance/dist/index.js';

const register = `${root}examples/conformance-driver/faults/register.js`;
const main = `${root}examples/conformance-driver/dist/main.js`;
const RECORD = `${root}spec/conformance/faults.json`;
/** A fault may make a loop endless, so the kit waits less for an answer than it does otherwise. */
const LIMITS = { ...KIT_LIMITS, timeoutMs: 5000 };
/** Processes at once. */
const WORKERS = 2;

/** What catches one fault: the first case of its rule that fails or is in error, and how many do. */
export async function runFault({ id, rule, what }, plan) {
  const driver = new ProcessDriver(
    `ROOKERY_FAULT=${id} "${process.execPath}" --import "${register}" "${main}"`,
    LIMITS,
  );
  const cases = selectCases(plan, { rules: [rule] });
  const { results } = await runCases(cases, driver, { restarts: 3 });
  const failing = results.filter(({ status }) => status === 'fail' || status === 'error');
  const started = results.some(({ status, code }) => status !== 'error' || code === 'timed-out' || code === 'died');
  if (!started) throw new Error(`the driver does not start with the fault ${id}: ${results[0]?.detail}`);
  return { id, rule, what, caughtBy: failing[0]?.id ?? null, failing: failing.length };
}

/** Runs many faults, a few at once; the results are in the order of the faults. */
export async function runFaults(faults, onResult = () => {}) {
  const { plan } = loadData(undefined);
  const results = [];
  let next = 0;
  const work = async () => {
    for (let index = next++; index < faults.length; index = next++) {
      results[index] = await runFault(faults[index], plan);
      onResult(results[index]);
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  return results;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = process.argv.slice(2);
  const all = readFaults();
  const faults = all.filter(({ id }) => wanted.length === 0 || wanted.includes(id));
  const results = await runFaults(faults, ({ id, rule, caughtBy, failing }) => {
    console.log(caughtBy === null ? `NOT CAUGHT ${rule} ${id}` : `caught ${rule} ${id}: ${failing}, first ${caughtBy}`);
  });
  const missed = results.filter(({ caughtBy }) => caughtBy === null).length;
  console.log(`${results.length - missed} of ${results.length} seeded faults caught`);
  const recorded = existsSync(RECORD) ? JSON.parse(readFileSync(RECORD, 'utf8')).faults : [];
  const known = new Map([...recorded, ...results].map((result) => [result.id, result]));
  const kept = all.flatMap(({ id }) => known.get(id) ?? []);
  writeFileSync(RECORD, `${JSON.stringify({ faults: kept }, undefined, 1)}\n`);
  process.exitCode = missed === 0 ? 0 : 1;
}

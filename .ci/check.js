/**
 * Every check of the repository, in order, on a fresh clone after `pnpm install`.
 * Each step counts as one check, each test as one; the last line is `N passed, N failed`.
 * `--long` runs the property tests thousands of times and the slow tests as well.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const long = process.argv.includes('--long');
const scratch = mkdtempSync(join(tmpdir(), 'rookery-check-'));
const tally = join(scratch, 'tests.json');
const env = {
  ...process.env,
  NO_COLOR: '1',
  ...(long ? { FC_NUM_RUNS: process.env.FC_NUM_RUNS ?? '1000', ROOKERY_LONG: '1' } : {}),
};
const packages = readdirSync('packages');

const steps = [
  ['types', ['tsc', '-b']],
  ['format and lint', ['biome', 'ci', '--colors=off', '--max-diagnostics=20']],
  ['layers', ['depcruise', '--config', '.dependency-cruiser.cjs', 'packages', 'examples', 'spec']],
  ['unused code and dependencies', ['knip']],
  ['documentation', ['typedoc', '--emit', 'none']],
  ...packages.map((name) => [`manifest of ${name}`, ['publint', '--strict', `packages/${name}`]]),
  ...packages.map((name) => [`types of ${name}`, ['attw', '--pack', `packages/${name}`, '--profile', 'esm-only']]),
];

let passed = 0;
let failed = 0;

/** Runs one command through pnpm, which also puts itself on the path for tools that need it. */
function run(label, command, extraEnv = {}) {
  const started = performance.now();
  const result = spawnSync('npx', ['--yes', 'pnpm@10.34.9', '--silent', 'exec', ...command], {
    env: { ...env, ...extraEnv },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 28,
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const ok = result.status === 0;
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${label} (${seconds} s)`);
  if (!ok) console.log(`${result.stdout ?? ''}${result.stderr ?? ''}${result.error ?? ''}`);
  return ok;
}

for (const [label, command] of steps) {
  if (run(label, command)) passed += 1;
  else failed += 1;
  if (label === 'types' && failed > 0) break;
}

let skipped = 0;
if (failed === 0 || passed > 0) {
  const ok = run('tests', ['vitest', 'run'], { TALLY_FILE: tally });
  try {
    const counts = JSON.parse(readFileSync(tally, 'utf8'));
    passed += counts.numPassedTests;
    failed += counts.numFailedTests;
    skipped = counts.numPendingTests + counts.numTodoTests;
    if (!ok && counts.numFailedTests === 0) failed += 1;
  } catch {
    failed += 1;
  }
}
rmSync(scratch, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed === 0 ? 0 : 1;

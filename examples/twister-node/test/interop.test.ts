import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const interop = fileURLToPath(new URL('../dist/interop.js', import.meta.url));
const run = (...args: string[]) => spawnSync(process.execPath, [interop, ...args], { encoding: 'utf8' });

test('the exchange with a daemon explains itself', () => {
  const { status, stdout } = run('--help');
  expect(status).toBe(0);
  expect(stdout).toContain('<twisterd>');
});

test('without a daemon it says so in one sentence', () => {
  expect(run('no/such/program')).toMatchObject({ status: 2, stderr: 'there is no program no/such/program\n' });
  expect(run()).toMatchObject({ status: 2, stderr: "error: missing required argument 'twisterd'\n" });
});

test('a program that is no daemon fails the exchange', () => {
  const { status, stderr } = run(process.execPath);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^\nThe exchange with the daemon failed: the daemon did not start: .+\n/);
});

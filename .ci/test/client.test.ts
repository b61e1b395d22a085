import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'rookery-client-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The two packages that the client installs, and what they need, which is not in a registry before the first release. */
const PACKED = ['keys', 'posts', 'wire', 'ecies'];

test('the ten-line client of the README runs with packed packages in an empty folder', async () => {
  for (const name of PACKED) {
    await run('npx', ['--yes', 'pnpm@10.34.9', 'pack', '--pack-destination', folder], { cwd: join('packages', name) });
  }
  const tarballs = readdirSync(folder);
  const specs = PACKED.map((name) => {
    const tarball = tarballs.find((file) => new RegExp(`^rookery-${name}-[0-9]`).test(file));
    return [`@rookery/${name}`, `file:./${tarball}`] as const;
  });
  const dependencies = Object.fromEntries(specs.slice(0, 2));
  const manifest = { name: 'client', private: true, dependencies, overrides: Object.fromEntries(specs.slice(2)) };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const client = /^## A ten-line client\n[\s\S]*?^```js\n([\s\S]*?)^```$/m.exec(readFileSync('README.md', 'utf8'))?.[1];
  writeFileSync(join(folder, 'client.mjs'), client ?? 'throw new Error("no client in the README")');
  await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: folder });
  const { stdout } = await run(process.execPath, ['client.mjs'], { cwd: folder });
  expect(stdout).toBe('true\nsucessfully decrypted my first ECIES testvector in javascript! \\o/\n');
}, 180_000);

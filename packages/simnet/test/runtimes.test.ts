import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** The same on Node 20 and 24, Bun, Deno and Chromium; `test/runtimes/all.js` compares them. */
test('this runtime computes the hashes that every other one computes', () => {
  const main = fileURLToPath(new URL('runtimes/main.js', import.meta.url));
  const { stdout, stderr } = spawnSync(process.execPath, [main], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toMatchInlineSnapshot();
});

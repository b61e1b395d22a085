import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** The same on Node 20 and 24, Bun, Deno and Chromium; `test/runtimes/all.js` compares them. */
test('this runtime computes the hashes that every other one computes', () => {
  const main = fileURLToPath(new URL('runtimes/main.js', import.meta.url));
  const { stdout, stderr } = spawnSync(process.execPath, [main], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toMatchInlineSnapshot(`
    {
      "events": 11599,
      "measures": "2ac7c5511f362bb0effaf93cfc85a1137e0cb59aa631b90067bf4a880d8abc18",
      "report": "4d03ca0a536d2fb8f4fce24d2d38d3e43824b22aa14271d3c2f4c511998d01b0",
      "seed": "d8306db66949f190f7d0bb7df56d38f10897142c36447a64dfb1497d29d85f91",
      "trace": "b1b12c15d3fbf09b0fdbde03b879b0c8fa8b2662906290f51aff0660f8d2bd19",
    }
  `);
});

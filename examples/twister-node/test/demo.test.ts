import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const demo = fileURLToPath(new URL('../dist/demo.js', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'rookery-demo-test-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function start() {
  return spawn(process.execPath, [demo], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TMPDIR: scratch },
  });
}

/** Processes that were started with a directory below the scratch folder. */
async function leftOver(): Promise<string[]> {
  const listing = spawn('ps', ['-eo', 'args']);
  const lines: string[] = [];
  for await (const line of createInterface({ input: listing.stdout })) if (line.includes(scratch)) lines.push(line);
  return lines;
}

test('the demonstration holds what it promises and leaves nothing behind', async () => {
  const child = start();
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const [status] = await once(child, 'exit');
  expect({ errors, status }).toEqual({ errors: '', status: 0 });
  expect(output).toContain('All of it held');
  expect(output.match(/^ +\d+\.\d\d s /gm)?.length).toBeGreaterThan(20);
  expect(readdirSync(scratch)).toEqual([]);
  expect(await leftOver()).toEqual([]);
});

test('interrupted, it leaves nothing behind either', async () => {
  const child = start();
  for await (const line of createInterface({ input: child.stdout })) if (line.includes('listen and know')) break;
  child.kill('SIGINT');
  const [status] = await once(child, 'exit');
  expect(status).toBe(130);
  expect(readdirSync(scratch)).toEqual([]);
  // The last signals may still be on their way.
  for (let attempt = 0; attempt < 100 && (await leftOver()).length > 0; attempt += 1)
    await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await leftOver()).toEqual([]);
});

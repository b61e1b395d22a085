import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** Runs the driver with these lines on its standard input. */
async function converse(
  input: string,
  args: readonly string[] = [],
): Promise<{ lines: unknown[]; errors: string; status: number | null }> {
  const child: ChildProcess = spawn(process.execPath, [main, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  const exit = once(child, 'exit') as Promise<[number | null]>;
  if (!child.stdin || !child.stdout || !child.stderr) throw new Error('no pipes');
  const output = text(child.stdout);
  const errors = text(child.stderr);
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [status] = await exit;
  const lines = (await output).split('\n').filter((line) => line !== '');
  return { lines: lines.map((line) => JSON.parse(line)), errors: await errors, status };
}

test('the program answers, survives garbage and ends on bye with status 0', async () => {
  const request = '{"seq":3,"cmd":"run","op":"nothing.like.it","in":{}}';
  const { lines, status } = await converse(
    `{"seq":0,"cmd":"hello","protocol":1}\nrubbish\n${request}\n{"cmd":"bye"}\n${request}\n`,
  );
  expect(status).toBe(0);
  expect(lines).toMatchObject([
    { seq: 0, hello: { language: 'TypeScript' } },
    { seq: null, error: {} },
    { seq: 3, skip: {} },
  ]);
});

test('an empty line is no JSON object and is answered', async () => {
  const { lines } = await converse('\n \n{"cmd":"bye"}\n');
  expect(lines).toMatchObject([
    { seq: null, error: {} },
    { seq: null, error: {} },
  ]);
});

test('the end of the input ends the program with status 0', async () => {
  expect(await converse('')).toMatchObject({ lines: [], status: 0 });
});

test('an unknown option is one sentence and status 2', async () => {
  const { errors, status } = await converse('', ['--hovercraft']);
  expect(status).toBe(2);
  expect(errors.trim().split('\n')).toHaveLength(1);
});

test.each(['noble', 'wasm', 'native'])('the %s backend loads', async (backend) => {
  expect(await converse('{"cmd":"bye"}\n', ['--backend', backend])).toMatchObject({ status: 0, errors: '' });
});

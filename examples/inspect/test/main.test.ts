import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const captured = fileURLToPath(new URL('../../../spec/vectors/captured/twister/', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'rookery-inspect-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Result {
  readonly status: number;
  readonly output: string;
  readonly errors: string;
}

function inspect(...args: string[]): Promise<Result> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], { maxBuffer: 1 << 26 }, (error, output, errors) => {
      resolve({ status: error ? Number(error.code) : 0, output, errors });
    });
  });
}

/** A copy of the capture in which one file was changed. */
function changed(name: string, change: (text: string) => string): string {
  const folder = mkdtempSync(join(scratch, 'changed-'));
  cpSync(captured, folder, { recursive: true });
  writeFileSync(join(folder, name), change(readFileSync(join(folder, name), 'utf8')));
  return folder;
}

describe('the capture of this repository', () => {
  test.each(['noble', 'wasm', 'native'])('comes out as expected with the %s backend', async (backend) => {
    const { errors, output, status } = await inspect('--json', '--backend', backend);
    expect({ errors, status }).toEqual({ errors: '', status: 0 });
    const report = JSON.parse(output);
    expect(report).toMatchObject({ ok: true, blocks: 40, unexpected: [] });
    const counts = Object.fromEntries(
      report.areas.map((area: { area: string; checked: number }) => [area.area, area.checked]),
    );
    expect(counts).toEqual({
      'header work': 40,
      'Merkle roots': 40,
      'blocks in the chain': 40,
      registrations: 13,
      'key replacements': 3,
      promotions: 39,
      'refused blocks': 23,
      'side branches': 4,
      'transactions offered': 13,
      posts: 20,
      'posts offered': 71,
      'pieces in swarms': 37,
      'DHT values': 24,
      'DHT values offered': 13,
      'DHT replies judged': 17,
      'messages opened': 9,
      'messages kept from others': 54,
    });
  });

  test('is shown as tables, with the rule that each refused thing breaks', async () => {
    const { output, status } = await inspect();
    expect(status).toBe(0);
    expect(output).toMatch(/forged signature \(erin 2\)\s*│ bad-signature\s*│ POST-17/);
    expect(output).toContain('all as expected');
  });
});

describe('a capture that was tampered with', () => {
  const posts = JSON.parse(readFileSync(join(captured, 'posts.json'), 'utf8'));
  const signed: string = posts.posts[0].raw;

  test('a forged post is named', async () => {
    const forged = signed.replace(Buffer.from('hello').toString('hex'), Buffer.from('hallo').toString('hex'));
    expect(forged).not.toBe(signed);
    const { output, status } = await inspect(
      changed('posts.json', (text) => text.replace(signed, forged)),
      '--json',
    );
    expect(status).toBe(1);
    expect(JSON.parse(output).unexpected).toMatchObject([
      { area: 'posts', subject: 'alice 0', code: 'bad-signature', rule: 'POST-17' },
    ]);
  });

  test('a message for another recipient is named', async () => {
    const dms = JSON.parse(readFileSync(join(captured, 'direct-messages.json'), 'utf8')).dms;
    const folder = changed('direct-messages.json', (text) =>
      text.replaceAll(`"mac": "${dms[0].ecies.mac}"`, `"mac": "${'00'.repeat(64)}"`),
    );
    expect(readFileSync(join(folder, 'direct-messages.json'), 'utf8')).toContain('00'.repeat(64));
    const { output, status } = await inspect(folder, '--json');
    expect(status).toBe(1);
    expect(JSON.parse(output).unexpected).toMatchObject([{ area: 'messages opened', code: 'bad-mac' }]);
  });

  test('a block with other bytes ends the chain there, and what hangs on it fails', async () => {
    const raw: string = JSON.parse(readFileSync(join(captured, 'chain-main.json'), 'utf8')).blocks[20].raw;
    const folder = changed('chain-main.json', (text) =>
      text.replaceAll(raw, `${raw.slice(0, 160)}00000000${raw.slice(168)}`),
    );
    const { output, status } = await inspect(folder, '--json');
    expect(status).toBe(1);
    expect(JSON.parse(output)).toMatchObject({ ok: false, blocks: 20 });
  });
});

describe('bad input is one sentence', () => {
  test.each([
    ['an unknown option', ['--hovercraft'], 2],
    ['an unknown backend', ['--backend', 'abacus'], 2],
    ['too many folders', ['a', 'b'], 2],
    ['a folder that is not there', [join(scratch, 'nowhere')], 1],
    ['a file instead of a folder', [main], 1],
    ['an empty folder', [mkdtempSync(join(scratch, 'empty-'))], 1],
    ['a file that is not JSON', [changed('posts.json', () => '{')], 1],
  ])('%s', async (_, args, expected) => {
    const { errors, output, status } = await inspect(...args);
    expect({ output, status }).toEqual({ output: '', status: expected });
    expect(errors.trim().split('\n')).toHaveLength(1);
    expect(errors).not.toMatch(/^\s+at /m);
  });

  test('--help explains and ends with status 0', async () => {
    const { output, status } = await inspect('--help');
    expect(status).toBe(0);
    expect(output).toContain('--backend');
  });
});

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';

const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const misbehave = fileURLToPath(new URL('drivers/misbehave.js', import.meta.url));
const skeletons = fileURLToPath(new URL('../skeletons/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
const good = `"${process.execPath}" "${misbehave}" good`;

afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function conformance(...args: string[]): Ended {
  return spawnSync(process.execPath, [main, ...args], { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 26 });
}

/** A folder of vectors whose cases tell the driver what to do. */
function vectorsOf(name: string, deeds: Readonly<Record<string, string>>): string {
  const head = { rule: 'CONF-2', level: 'MUST', comment: 'c', flags: [], op: 'test.do', result: 'valid' };
  const tests = Object.entries(deeds).map(([id, deed]) => ({ ...head, id, in: { do: deed }, out: { done: true } }));
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  const document = { suite: 'test', specVersion: 1, source: 'the tests', notes: {}, tests };
  writeFileSync(join(path, 'test.json'), JSON.stringify(document));
  return path;
}

function write(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('what is not understood gets one sentence and the status 2', () => {
  test.each([
    [['run'], 'driver'],
    [['run', '--driver', 'x', '--drivr', 'y'], "unknown option '--drivr'"],
    [['run', '--driver', 'x', '--report', 'pdf'], 'terminal, json, junit, html'],
    [['run', '--driver', 'x', '--timeout', 'soon'], 'whole number of milliseconds'],
    [['run', '--driver', 'x', '--timeout', '0'], 'whole number of milliseconds'],
    [['run', '--driver', 'x', '--restarts', '-1'], 'whole number'],
    [['run', '--driver', 'x', '--known', 'nowhere.json'], 'nowhere.json cannot be read: ENOENT'],
    [['run', '--driver', 'x', '--vectors', 'nowhere'], 'there is no folder nowhere'],
    [['show', 'no-such-case'], 'there is no case and no rule no-such-case'],
    [['show'], 'id'],
    [['skeleton', 'constructor'], 'there is no skeleton in constructor'],
    [['dance'], 'dance'],
    [['run', '--driver', 'x', 'extra'], 'too many arguments'],
  ])('%j', (args, sentence) => {
    const { status, stdout, stderr } = conformance(...args);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(sentence);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  test.each([
    ['no-json.json', '{', 'is no JSON'],
    ['no-list.json', '[]', 'a list named known'],
    ['no-reason.json', '{"known":[{"id":"a-1"}]}', 'a-1 needs a reason'],
  ])('a list of known failures that is %s', (name, content, sentence) => {
    const { status, stderr } = conformance('run', '--driver', good, '--known', write(name, content));
    expect(status).toBe(2);
    expect(stderr).toContain(sentence);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  test('help is no mistake', () => {
    const { status, stdout } = conformance('run', '--help');
    expect(status).toBe(0);
    for (const option of ['--driver', '--suite', '--profile', '--report', '--known', '--timeout']) {
      expect(stdout).toContain(option);
    }
  });
});

describe('CONF-10', () => {
  test('a run as it must be exits with 0 and writes every report', () => {
    const vectors = vectorsOf('fine', { 'test-1': 'answer', 'test-2': 'skip' });
    const out = join(folder, 'new', 'reports');
    const { status, stdout, stderr } = conformance(
      ...['run', '--driver', good, '--vectors', vectors, '--report', 'terminal,json,junit,html', '--out', out],
    );
    expect(stderr).toBe('');
    expect(stdout).toContain('ok: 10 passed, 1 skipped');
    expect(status).toBe(0);
    expect(JSON.parse(readFileSync(join(out, 'conformance.json'), 'utf8'))).toMatchObject({ ok: true });
    expect(readFileSync(join(out, 'conformance.xml'), 'utf8')).toContain('<testsuites name="misbehave">');
    expect(readFileSync(join(out, 'conformance.html'), 'utf8')).toContain('Nothing unexpected.');
  });

  test('something unexpected exits with 1', () => {
    const vectors = vectorsOf('bad', { 'test-1': 'refuse', 'test-2': 'die', 'test-3': 'answer' });
    const { status, stdout } = conformance('run', '--driver', good, '--vectors', vectors);
    expect(status).toBe(1);
    expect(stdout).toContain('NOT ok: 10 passed, 1 failed, 1 error');
  });

  test('CONF-9: known failures exit with 0 until one of them passes or does not exist', () => {
    const vectors = vectorsOf('known', { 'test-1': 'refuse', 'test-2': 'answer' });
    const run = (ids: readonly string[]) => {
      const list = JSON.stringify({ known: ids.map((id) => ({ id, reason: 'issue 1' })) });
      return conformance('run', '--driver', good, '--vectors', vectors, '--known', write('known.json', list)).status;
    };
    expect(run(['test-1'])).toBe(0);
    expect(run(['test-1', 'test-2'])).toBe(1);
    expect(run(['test-1', 'test-3'])).toBe(1);
  });

  test('CONF-11: vectors that do not fit do not run, the others do, and the run fails', () => {
    const vectors = vectorsOf('unfit', { 'test-1': 'answer' });
    writeFileSync(join(vectors, 'unfit.json'), JSON.stringify({ suite: 'test' }));
    writeFileSync(join(vectors, 'torn.json'), '{"suite":');
    const { status, stdout } = conformance('run', '--driver', good, '--vectors', vectors);
    expect(status).toBe(1);
    expect(stdout).toContain('INPUT bad-vectors: unfit.json does not run');
    expect(stdout).toContain('INPUT unread-vectors:');
    expect(stdout).toContain('10 passed');
  });

  test('a selection that nothing fits is a failure, not a success', () => {
    const { status, stdout } = conformance('run', '--driver', good, '--suite', 'no-such-suite');
    expect(status).toBe(1);
    expect(stdout).toContain('nothing-selected');
  });

  test('a run can be limited to suites, rules, cases and a profile', () => {
    const { stdout } = conformance('list', '--suite', 'posts', '--rule', 'POST-7', '--profile', 'deployed');
    const lines = stdout.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines) expect(line).toMatch(/^posts-[a-z0-9-]+\tPOST-7\tMUST\t/);
  });
});

describe('looking around', () => {
  test('show prints a case with the rule that it tests', () => {
    const { stdout, status } = conformance('show', 'conduct-unknown-op');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ rule: 'CONF-3', rulePage: 'spec/conformance.md', suite: 'conduct' });
  });

  test('show prints a rule as its page states it, and its cases', () => {
    const { stdout, status } = conformance('show', 'CONF-3');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^### CONF-3 What is unknown is skipped\n\nLevel: MUST/);
    expect(stdout).not.toContain('### CONF-4');
    expect(stdout).toContain('- conduct-unknown-op: ');
  });

  test('coverage names rules and counts them', () => {
    const { stdout, status } = conformance('coverage');
    expect(status).toBe(0);
    expect(stdout).toMatch(/\d+ of \d+ rules have the cases that they need\n$/);
  });

  test('a reader that has seen enough ends the listing', () => {
    const command = `"${process.execPath}" "${main}" list | head -n 1`;
    const { status, stdout, stderr } = spawnSync(command, { shell: true, cwd: folder, encoding: 'utf8' });
    expect(status).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toBe('');
  });
});

describe('the skeletons', () => {
  test.each([
    ['python', 'driver.py'],
    ['typescript', 'driver.ts'],
  ])('%s is what is printed', (language, file) => {
    const { stdout, status } = conformance('skeleton', language);
    expect(status).toBe(0);
    expect(stdout).toBe(readFileSync(join(skeletons, file), 'utf8'));
    expect(stdout.split('\n').length).toBeLessThanOrEqual(42);
  });

  test('the one in TypeScript passes what it answers', async () => {
    const { default: ts } = await import('typescript');
    const source = readFileSync(join(skeletons, 'driver.ts'), 'utf8');
    const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, strict: true };
    const program = write('driver.mjs', ts.transpileModule(source, { compilerOptions: options }).outputText);
    const { status, stdout } = conformance('run', '--driver', `"${process.execPath}" "${program}"`);
    expect(stdout).toMatch(/^ok: [4-9][0-9] passed, \d+ skipped\n$/m);
    expect(status).toBe(0);
  });

  const python = spawnSync('python3', ['--version']).status === 0;
  test.runIf(python)('the one in Python passes what it answers', () => {
    const { status, stdout } = conformance('run', '--driver', `python3 "${join(skeletons, 'driver.py')}"`);
    expect(stdout).toMatch(/^ok: [4-9][0-9] passed, \d+ skipped\n$/m);
    expect(status).toBe(0);
  });
});

test('the kit leaves nothing behind when it is ended', async () => {
  const { spawn } = await import('node:child_process');
  const mark = join(folder, 'alive');
  const script = write(
    'slow.mjs',
    `import { writeFileSync } from 'node:fs'; process.on('SIGTERM', () => {});
    setInterval(() => writeFileSync(${JSON.stringify(mark)}, String(performance.now())), 20);`,
  );
  const kit = spawn(process.execPath, [main, 'run', '--driver', `"${process.execPath}" "${script}"`], { cwd: folder });
  while (!existsSync(mark)) await new Promise((resolve) => setTimeout(resolve, 20));
  const ended = new Promise((resolve) => kit.once('exit', resolve));
  kit.kill('SIGTERM');
  expect(await ended).toBe(143);
  // Where nobody collects dead processes they keep their number, so it is the writing that must have ended.
  const before = readFileSync(mark, 'utf8');
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(readFileSync(mark, 'utf8')).toBe(before);
});

/**
 * Packs every package, installs the tarballs in an empty folder and imports them on every runtime that is there:
 * Node 20 and 24, Bun, Deno and chromium. What cannot run is counted as skipped and named.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';

/** Packages that need Node or an operating system by design. */
const NODE_ONLY = new Set(['keys-native', 'conformance']);
const root = process.cwd();
const folder = mkdtempSync(join(tmpdir(), 'rookery-runtimes-'));
const names = readdirSync('packages');
const tally = { passed: 0, failed: 0, skipped: 0 };

function run(command, args, options = {}) {
  return spawnSync(command, args, { encoding: 'utf8', timeout: 300_000, cwd: folder, ...options });
}

function report(outcome, label, detail = '') {
  tally[outcome] += 1;
  console.log(`${{ passed: 'ok  ', failed: 'FAIL', skipped: 'skip' }[outcome]} ${label}${detail ? `: ${detail}` : ''}`);
}

function pnpm(args, options) {
  return run('npx', ['--yes', 'pnpm@10.34.9', ...args], options);
}

/** Packs with pnpm, which writes real versions in place of `workspace:`. */
function pack() {
  mkdirSync(join(folder, 'tarballs'));
  for (const name of names) {
    const packed = pnpm(['pack', '--pack-destination', join(folder, 'tarballs')], {
      cwd: join(root, 'packages', name),
    });
    if (packed.status !== 0) throw new Error(`packing ${name} failed: ${packed.stderr}`);
  }
  const tarballs = readdirSync(join(folder, 'tarballs'));
  const dependencies = Object.fromEntries(
    names.map((name) => {
      const tarball = tarballs.find((file) => new RegExp(`^rookery-${name}-[0-9]`).test(file));
      return [`@rookery/${name}`, `file:./tarballs/${tarball}`];
    }),
  );
  const manifest = { name: 'visitor', private: true, type: 'module', dependencies, overrides: dependencies };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const installed = run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts']);
  if (installed.status !== 0) throw new Error(`npm install failed: ${installed.stderr}`);
}

/** A module that imports one package and, where it has the example of its README, runs it. */
function moduleOf(name) {
  const example = /^## Example\n[\s\S]*?^```js\n([\s\S]*?)^```$/m.exec(
    readFileSync(join(root, 'packages', name, 'README.md'), 'utf8'),
  )?.[1];
  return `import * as everything from '@rookery/${name}';
if (Object.keys(everything).length === 0) throw new Error('nothing is exported');
${example ?? ''}
`;
}

function runtimes() {
  return [
    ['node 20', 'npx', ['--yes', 'node@20'], ['--version']],
    ['node 24', 'npx', ['--yes', 'node@24'], ['--version']],
    ['bun', 'npx', ['--yes', 'bun'], ['--version']],
    ['deno', 'npx', ['--yes', 'deno'], ['--version']],
  ];
}

function importEverywhere() {
  for (const name of names) writeFileSync(join(folder, `import-${name}.mjs`), moduleOf(name));
  for (const [label, command, prefix, probe] of runtimes()) {
    const there = run(command, [...prefix, ...probe]);
    const program = label === 'deno' ? ['run', '-A', '--node-modules-dir=manual'] : [];
    for (const name of names) {
      if (there.status !== 0) {
        report('skipped', `${name} on ${label}`, 'the runtime could not be had');
        continue;
      }
      const result = run(command, [...prefix, ...program, `import-${name}.mjs`]);
      if (result.status === 0) report('passed', `${name} on ${label}`);
      else report('failed', `${name} on ${label}`, result.stderr.trim().split('\n').slice(0, 8).join(' | '));
    }
  }
}

const TYPES = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.html': 'text/html',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
};

/** Maps every bare specifier that the packages use to a file, as a bundler or an import map of a page would. */
function importMap() {
  const imports = {};
  const visit = (name) => {
    const path = join(folder, 'node_modules', name, 'package.json');
    if (`${name}` in imports || !existsSync(path)) return;
    const manifest = JSON.parse(readFileSync(path, 'utf8'));
    const exported =
      typeof manifest.exports === 'string'
        ? { '.': manifest.exports }
        : (manifest.exports ?? { '.': manifest.module ?? manifest.main ?? 'index.js' });
    for (const [key, value] of Object.entries(
      '.' in exported || Object.keys(exported).some((k) => k.startsWith('.')) ? exported : { '.': exported },
    )) {
      const target = targetOf(value);
      if (target === undefined || key.includes('*')) continue;
      imports[key === '.' ? name : `${name}/${key.slice(2)}`] = `/node_modules/${name}/${target.replace(/^\.\//, '')}`;
    }
    for (const dependency of Object.keys(manifest.dependencies ?? {})) visit(dependency);
  };
  for (const name of names) visit(`@rookery/${name}`);
  return imports;
}

function targetOf(value) {
  if (typeof value === 'string') return value;
  if (value === null || typeof value !== 'object') return undefined;
  return targetOf(value.browser ?? value.import ?? value.module ?? value.default);
}

async function importInChromium() {
  const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
    existsSync(path),
  );
  const browsable = names.filter((name) => !NODE_ONLY.has(name));
  if (chromium === undefined) {
    for (const name of browsable) report('skipped', `${name} in chromium`, 'chromium is not installed');
    return;
  }
  const map = JSON.stringify({ imports: importMap() });
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const page = /^\/page-([a-z-]+)\.html$/.exec(pathname)?.[1];
    if (page !== undefined) {
      response.setHeader('content-type', 'text/html');
      response.end(`<!doctype html><title>waiting</title><script type="importmap">${map}</script>
<script type="module">try { await import('/import-${page}.mjs'); document.title = 'imported'; }
catch (error) { document.title = 'failed: ' + error; }</script>`);
      return;
    }
    const path = join(folder, normalize(pathname));
    if (!path.startsWith(folder) || !existsSync(path)) return void response.writeHead(404).end();
    response.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream');
    response.end(readFileSync(path));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  for (const name of browsable) {
    const html = await dumpOf(chromium, `http://127.0.0.1:${port}/page-${name}.html`);
    const title = /<title>(.*?)<\/title>/.exec(html)?.[1] ?? 'no page';
    if (title === 'imported') report('passed', `${name} in chromium`);
    else report('failed', `${name} in chromium`, title);
  }
  server.close();
}

/** Asynchronous, as the page is served by this very process. */
function dumpOf(chromium, url) {
  const profile = mkdtempSync(join(folder, 'profile-'));
  const flags = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    `--user-data-dir=${profile}`,
    '--virtual-time-budget=20000',
    '--dump-dom',
    url,
  ];
  return new Promise((resolve) => {
    const child = spawn(chromium, flags, { stdio: ['ignore', 'pipe', 'ignore'], timeout: 60_000 });
    let html = '';
    child.stdout.on('data', (chunk) => {
      html += chunk;
    });
    child.on('close', () => resolve(html));
    child.on('error', () => resolve(''));
  });
}

try {
  pack();
  importEverywhere();
  await importInChromium();
} catch (error) {
  report('failed', 'tarballs', error instanceof Error ? error.message : String(error));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
process.exitCode = tally.failed === 0 ? 0 : 1;

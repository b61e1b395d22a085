// @ts-check
/**
 * Runs `main.js` on every runtime there is and compares: this Node, Node 24, Bun and Deno from the registry, and Chromium
 * where it is installed. The exit code is 1 when one of them differs, or does not run though it is there.
 */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const PACKAGE = new URL('../../', import.meta.url);
const MAIN = fileURLToPath(new URL('main.js', import.meta.url));

const RUNTIMES = [
  ['this Node', process.execPath, MAIN],
  ['Node 24', 'npx', '--yes', 'node@24', MAIN],
  ['Bun', 'npx', '--yes', 'bun', MAIN],
  ['Deno', 'npx', '--yes', 'deno', 'run', '-A', MAIN],
];

const PAGE = `<!doctype html><script type="importmap">
{ "imports": { "@noble/hashes/": "/node_modules/@noble/hashes/" } }
</script><script type="module">
import { hashes } from '/test/runtimes/hashes.js';
document.body.textContent = JSON.stringify(hashes());
</script><body></body>`;

/** Serves the package on loopback and has Chromium print the page. */
async function inChromium() {
  const server = createServer(({ url = '/' }, response) => {
    if (url === '/') {
      response.setHeader('content-type', 'text/html').end(PAGE);
      return;
    }
    try {
      response.setHeader('content-type', 'text/javascript').end(readFileSync(new URL(`.${url}`, PACKAGE)));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', () => done(undefined)));
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--virtual-time-budget=60000', '--dump-dom'];
  const child = spawn('chromium', [...flags, `http://127.0.0.1:${address.port}/`], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let page = '';
  child.stdout.on('data', (chunk) => {
    page += chunk;
  });
  await new Promise((done) => child.on('close', done).on('error', done));
  server.close();
  return /<body>(\{.*?\})<\/body>/s.exec(page)?.[1] ?? `no answer: ${page.slice(0, 200)}`;
}

/** @type {[string, string][]} */
const answers = [];
for (const [name, command, ...args] of RUNTIMES) {
  const result = spawnSync(command, args, { encoding: 'utf8' });
  answers.push([name, result.status === 0 ? result.stdout.trim() : `failed: ${result.stderr}`]);
}
const hasChromium = spawnSync('chromium', ['--version']).status === 0;
if (hasChromium) answers.push(['Chromium', await inChromium()]);

const expected = answers[0]?.[1];
for (const [name, answer] of answers) {
  process.stdout.write(`${answer === expected ? 'same ' : 'OTHER'} ${name.padEnd(10)} ${answer}\n`);
  if (answer !== expected) process.exitCode = 1;
}
if (!hasChromium) process.stdout.write('      Chromium is not installed\n');

/**
 * Runs every bench of the packages and examples, one after another: `npm run bench [-- NAME]`.
 * A bench prints lines `name  ops/s  ratio (bound, ok|MISSED)`; it never fails a build, as these machines are shared.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const [only] = process.argv.slice(2);
const places = ['packages', 'examples'].flatMap((top) => readdirSync(top).map((name) => ({ top, name })));
for (const { top, name } of places) {
  const folder = join(top, name, 'bench');
  if ((only !== undefined && only !== name) || !existsSync(folder)) continue;
  for (const file of readdirSync(folder).filter((entry) => entry.endsWith('.bench.js'))) {
    console.log(`\n# ${name}: ${file.replace('.bench.js', '')}`);
    const { status } = spawnSync(process.execPath, ['--expose-gc', join(folder, file)], { stdio: 'inherit' });
    if (status !== 0) process.exitCode = 1;
  }
}

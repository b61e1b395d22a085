import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const run = promisify(execFile);
const packages = readdirSync('packages');

/** The first block tagged `js` below the heading `## Example`. */
function exampleOf(readme: string): string | undefined {
  return /^## Example\n[\s\S]*?^```js\n([\s\S]*?)^```$/m.exec(readme)?.[1];
}

describe('the example of every README runs', () => {
  test.each(packages)('%s', async (name) => {
    const example = exampleOf(readFileSync(join('packages', name, 'README.md'), 'utf8'));
    expect(example, 'a README needs a block tagged js below "## Example"').toBeDefined();
    const folder = join('packages', name, '.readme');
    mkdirSync(folder, { recursive: true });
    const file = join(folder, 'example.mjs');
    writeFileSync(file, example ?? '');
    try {
      await run(process.execPath, [file], { timeout: 60_000 });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('every README justifies each dependency', () => {
  test.each(packages)('%s', (name) => {
    const readme = readFileSync(join('packages', name, 'README.md'), 'utf8');
    const manifest = JSON.parse(readFileSync(join('packages', name, 'package.json'), 'utf8')) as {
      dependencies?: Record<string, string>;
    };
    const section = readme.split(/^## Dependencies$/m)[1] ?? '';
    const unexplained = Object.keys(manifest.dependencies ?? {}).filter(
      (dependency) => !section.includes(`\`${dependency}\``),
    );
    expect(unexplained).toEqual([]);
  });
});

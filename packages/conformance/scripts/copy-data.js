/**
 * Copies what travels in the tarball from `spec/` to `data/` before packing, and removes it after: the vectors without the captures
 * that they are made from, the schemas, the rules and the pages that state them. Writes nothing to standard output, which belongs to the packer.
 */
import { copyFileSync, cpSync, readdirSync, rmSync } from 'node:fs';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const spec = fileURLToPath(new URL('../../../spec/', import.meta.url));
const data = fileURLToPath(new URL('../data/', import.meta.url));

rmSync(data, { recursive: true, force: true });
if (!process.argv.includes('--remove')) {
  const filter = (path) => !path.endsWith(`${sep}captured`);
  for (const folder of ['vectors', 'conformance']) {
    cpSync(`${spec}${folder}`, `${data}${folder}`, { recursive: true, filter });
  }
  for (const page of readdirSync(spec).filter((name) => name.endsWith('.md'))) {
    copyFileSync(`${spec}${page}`, `${data}${page}`);
  }
}

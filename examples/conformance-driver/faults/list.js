/**
 * The seeded faults: `{id, rule, what, file, find, replace}` each, in the JSON files beside this one. `file` is a built file, from the root of
 * the repository; `find` occurs in it exactly once.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('./', import.meta.url));

/** The root of the repository, with a slash at its end. */
export const root = fileURLToPath(new URL('../../../', import.meta.url));

export function readFaults() {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((name) => JSON.parse(readFileSync(`${folder}${name}`, 'utf8')));
}

/** How often what a fault changes occurs in the built file; it must be once. */
export function placesOf({ file, find }) {
  return readFileSync(`${root}${file}`, 'utf8').split(find).length - 1;
}

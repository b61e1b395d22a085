// @ts-check
/** Prints the hashes of this runtime: `node main.js`, `bun main.js`, `deno run -A main.js`. */
import process from 'node:process';
import { hashes } from './hashes.js';

process.stdout.write(`${JSON.stringify(hashes())}\n`);

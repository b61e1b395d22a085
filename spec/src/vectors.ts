/** `npm run vectors`: writes every generated file below `spec/vectors/`, the same bytes each time. */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bencodeFiles } from './bencode.ts';
import { chainFiles } from './chain.ts';
import { dhtFiles } from './dht.ts';
import { eciesFiles } from './ecies.ts';
import type { SuiteWriter } from './format.ts';
import { keysFiles } from './keys.ts';
import { krpcFiles } from './krpc.ts';
import { peerWireFiles } from './peer-wire.ts';
import { peersterFiles } from './peerster.ts';
import { postsFiles } from './posts.ts';
import { swarmFiles } from './swarm.ts';
import { wireFiles } from './wire.ts';

const vectors = fileURLToPath(new URL('../vectors/', import.meta.url));
const captured = join(vectors, 'captured');

const suites: readonly SuiteWriter[] = [
  wireFiles,
  bencodeFiles,
  krpcFiles,
  peerWireFiles,
  keysFiles,
  eciesFiles,
  postsFiles,
  chainFiles,
  dhtFiles,
  swarmFiles,
  peersterFiles,
];

for (const entry of readdirSync(vectors)) {
  if (entry !== 'captured') rmSync(join(vectors, entry), { recursive: true });
}
const ids = new Set<string>();
let cases = 0;
for (const write of suites) {
  for (const { path, content } of write(captured)) {
    for (const test of content.tests) {
      if (ids.has(test.id)) throw new Error(`vector id ${test.id} is used twice`);
      for (const flag of test.flags) {
        if (!(flag in content.notes)) throw new Error(`vector ${test.id} has the flag ${flag} without a note`);
      }
      ids.add(test.id);
    }
    cases += content.tests.length;
    const file = join(vectors, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(content, undefined, 1)}\n`);
  }
}
console.log(`${cases} cases written`);

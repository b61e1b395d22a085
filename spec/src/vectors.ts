/**
 * `npm run vectors`: writes every generated file below `spec/`, the same bytes each time: the vectors, the schema of the
 * operations, the list of the rules and the table of what is covered. With `--check` it writes nothing and names what differs.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bencodeFiles } from './bencode.ts';
import { chainFiles } from './chain.ts';
import { chainEngineFiles } from './chain-extra.ts';
import { coveragePage, type FaultResult } from './coverage.ts';
import { dhtFiles } from './dht.ts';
import { dhtEngineFiles } from './dht-extra.ts';
import { eciesFiles } from './ecies.ts';
import type { SuiteWriter, VectorDocument } from './format.ts';
import { keysFiles } from './keys.ts';
import { signedFiles } from './keys-extra.ts';
import { krpcFiles } from './krpc.ts';
import { twisterOperations } from './operations.ts';
import { peersterOperations } from './operations-peerster.ts';
import { peerWireFiles } from './peer-wire.ts';
import { peersterFiles } from './peerster.ts';
import { postsFiles } from './posts.ts';
import { readRules } from './rules.ts';
import { operationsSchema } from './shapes.ts';
import { swarmFiles } from './swarm.ts';
import { swarmEngineFiles } from './swarm-extra.ts';
import { wireFiles } from './wire.ts';
import { wireAuditFiles } from './wire-audit.ts';
import { witnessFiles } from './witnesses.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const captured = join(root, 'vectors', 'captured');
const FAULTS = 'conformance/faults.json';

const suites: readonly SuiteWriter[] = [
  wireFiles,
  wireAuditFiles,
  bencodeFiles,
  krpcFiles,
  peerWireFiles,
  keysFiles,
  eciesFiles,
  postsFiles,
  chainFiles,
  chainEngineFiles,
  dhtFiles,
  dhtEngineFiles,
  swarmFiles,
  swarmEngineFiles,
  peersterFiles,
];

/** Every generated file by its path below `spec/`, and the documents among them. */
function generate(): { readonly files: Map<string, string>; readonly documents: VectorDocument[] } {
  const files = new Map<string, string>();
  const documents: VectorDocument[] = [];
  const ids = new Set<string>();
  for (const write of [...suites, (from: string) => signedFiles(from, documents), () => witnessFiles(documents)]) {
    for (const { path, content } of write(captured)) {
      for (const test of [...content.tests, ...(content.transcripts ?? [])]) {
        if (ids.has(test.id)) throw new Error(`vector id ${test.id} is used twice`);
        ids.add(test.id);
      }
      for (const test of content.tests) {
        for (const flag of test.flags) {
          if (!(flag in content.notes)) throw new Error(`vector ${test.id} has the flag ${flag} without a note`);
        }
      }
      documents.push(content);
      files.set(`vectors/${path}`, `${JSON.stringify(content, undefined, 1)}\n`);
    }
  }
  const rules = readRules(root);
  const known = existsSync(join(root, FAULTS)) ? readFileSync(join(root, FAULTS), 'utf8') : '{"faults":[]}';
  const { faults } = JSON.parse(known) as { faults: FaultResult[] };
  const operations = operationsSchema({ ...twisterOperations, ...peersterOperations });
  files.set('conformance/rules.json', `${JSON.stringify({ specVersion: 1, rules }, undefined, 2)}\n`);
  files.set('conformance/operations.schema.json', `${JSON.stringify(operations, undefined, 1)}\n`);
  files.set('coverage.md', coveragePage(rules, documents, faults));
  return { files, documents };
}

/** Vector files that are on the disk, below `vectors/`, without the captures that they are made from. */
function present(): string[] {
  const all = readdirSync(join(root, 'vectors'), { recursive: true, encoding: 'utf8' });
  return all
    .map((path) => `vectors/${path.replaceAll('\\', '/')}`)
    .filter((path) => !path.startsWith('vectors/captured') && statSync(join(root, path)).isFile());
}

const { files, documents } = generate();
const superfluous = present().filter((path) => !files.has(path));
if (process.argv.includes('--check')) {
  const different = [...files].filter(([path, content]) => {
    const file = join(root, path);
    return !existsSync(file) || readFileSync(file, 'utf8') !== content;
  });
  for (const [path] of different) console.log(`${path} is not what would be written`);
  for (const path of superfluous) console.log(`${path} would not be written`);
  process.exitCode = different.length + superfluous.length === 0 ? 0 : 1;
} else {
  for (const path of superfluous) rmSync(join(root, path));
  for (const [path, content] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  const cases = documents.reduce((sum, { tests, transcripts = [] }) => sum + tests.length + transcripts.length, 0);
  console.log(`${cases} cases written`);
}

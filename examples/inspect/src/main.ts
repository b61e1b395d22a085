#!/usr/bin/env node
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { type CurveBackend, createNobleBackend } from '@rookery/keys';
import { loadNativeBackend } from '@rookery/keys-native';
import { createWasmBackend } from '@rookery/keys-wasm';
import { SingleBar } from 'cli-progress';
import { Command, Option } from 'commander';
import { CaptureError, readCapture } from './capture.ts';
import { checkChain, checkRefusals } from './checks/blocks.ts';
import { checkValues } from './checks/dht.ts';
import { checkMessages } from './checks/messages.ts';
import { checkPieces, checkPosts } from './checks/posts.ts';
import { createReport, formatReport } from './report.ts';
import { readRules } from './rules.ts';
import { createWorld } from './world.ts';

const OWN_CAPTURE = fileURLToPath(new URL('../../../spec/vectors/captured/twister/', import.meta.url));
const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

interface Options {
  readonly json?: boolean;
  readonly backend: 'noble' | 'wasm' | 'native';
}

const program = new Command('inspect')
  .description('Checks a captured twister network: work, Merkle roots, names, posts, DHT values and direct messages.')
  .argument('[folder]', 'captured .json files; see the README for their shapes', OWN_CAPTURE)
  .option('--json', 'print the report as JSON')
  .addOption(new Option('--backend <name>', 'curve backend').choices(['noble', 'wasm', 'native']).default('noble'))
  .version(version)
  .allowExcessArguments(false)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .configureOutput({ outputError: (message, write) => write(message) });

async function loadBackend(name: Options['backend']): Promise<CurveBackend> {
  if (name === 'wasm') return createWasmBackend();
  if (name === 'native') return loadNativeBackend();
  return createNobleBackend();
}

async function run(folder: string, { backend, json = false }: Options): Promise<boolean> {
  const capture = readCapture(folder);
  const curve = await loadBackend(backend);
  const bar = new SingleBar({
    format: 'checked {value}  {duration_formatted}',
    noTTYOutput: false,
    stream: process.stderr,
  });
  bar.start(1, 0);
  const started = performance.now();
  const world = createWorld(capture, curve, () => bar.increment());
  for (const check of [checkChain, checkRefusals, checkPosts, checkPieces, checkValues, checkMessages]) check(world);
  const report = createReport(world, readRules(), (performance.now() - started) / 1000);
  bar.stop();
  process.stdout.write(`${json ? JSON.stringify(report, undefined, 2) : formatReport(report)}\n`);
  return report.ok;
}

program.parse();
const [folder = OWN_CAPTURE] = program.processedArgs as [string?];
run(folder, program.opts<Options>()).then(
  (ok) => {
    process.exitCode = ok ? 0 : 1;
  },
  (error: unknown) => {
    if (!(error instanceof CaptureError)) throw error;
    process.stderr.write(`inspect: ${error.message}\n`);
    process.exitCode = 1;
  },
);

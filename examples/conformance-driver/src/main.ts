#!/usr/bin/env node
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { Command, Option } from 'commander';
import { BACKENDS, type BackendName, loadBackend } from './backend.ts';
import { linesOf, writeLine } from './lines.ts';
import { engines, operations } from './operations.ts';
import { Session } from './session.ts';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

const program = new Command('conformance-driver')
  .description('Answers the conformance protocol on standard input and output with the packages of this repository.')
  .version(version)
  .addOption(new Option('--backend <name>', 'curve backend').choices(BACKENDS).default('noble'))
  .allowExcessArguments(false)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .configureOutput({ outputError: (message, write) => write(message) });

async function run(backendName: BackendName): Promise<void> {
  const backend = await loadBackend(backendName);
  const identity = {
    name: 'rookery',
    version,
    language: 'TypeScript',
    homepage: '',
    profiles: ['canonical', 'deployed'],
  };
  const session = new Session(identity, operations, engines, { backend });
  for await (const line of linesOf(process.stdin)) {
    const answer =
      line === undefined ? { seq: null, error: { message: 'the line is too long' } } : session.answer(line);
    if (answer === undefined) break;
    if (!process.stdout.write(`${writeLine(answer)}\n`)) await once(process.stdout, 'drain');
  }
  process.stdin.destroy();
}

process.stdout.on('error', () => process.exit(1));
program.parse();
run(program.opts<{ backend: BackendName }>().backend).catch((error: unknown) => {
  process.stderr.write(`conformance-driver: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

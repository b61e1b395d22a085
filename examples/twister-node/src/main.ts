#!/usr/bin/env node
import { type CommandLine, parseCommandLine } from './command-line.ts';
import { Failure, reasonOf } from './failure.ts';
import { type Logger, openLog } from './log.ts';
import { TwisterNode } from './node.ts';
import { type NodeOptions, PORT_OFFSET } from './options.ts';
import { openStore } from './store/open.ts';

/** A clean stop takes no longer. */
const STOP_MS = 4500;

process.on('uncaughtException', fail);
// Whoever reads the one line, or the log, may be gone by then.
process.stdout.on('error', () => {});
process.stderr.on('error', () => {});

try {
  const line: CommandLine = parseCommandLine(process.argv.slice(2));
  if ('text' in line) process.stdout.write(line.text);
  else await run(line.options);
} catch (error) {
  fail(error);
}

async function run(options: NodeOptions): Promise<void> {
  const log = openLog(options);
  let node: TwisterNode | undefined;
  let isStopping = false;
  const stop = (status: 0 | 1): void => {
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => process.exit(status), STOP_MS).unref();
    finish(node, log).then(() => process.exit(status), fail);
  };
  process.on('SIGINT', () => stop(0));
  process.on('SIGTERM', () => stop(0));
  const store = await openStore(options.dataDir, log, (error) => {
    // Nothing more may be confirmed.
    process.stderr.write(`twister-node: cannot write to ${options.dataDir}: ${reasonOf(error)}\n`);
    process.exit(1);
  });
  try {
    node = await TwisterNode.start({ options, store, log, onStop: () => stop(0) });
  } catch (error) {
    await store.close().catch(() => {});
    throw error;
  }
  if (isStopping) return;
  const { port, rpcPort } = node;
  const { dataDir: datadir, network } = options;
  const ready = {
    event: 'ready',
    network,
    p2p: port,
    dht: port + PORT_OFFSET,
    rpc: rpcPort,
    datadir,
    pid: process.pid,
  };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  log.info({ backend: node.backend.name, height: node.users.tip.height }, 'the node is ready');
}

async function finish(node: TwisterNode | undefined, log: Logger): Promise<void> {
  await node?.stop();
  log.info('the node has stopped');
}

function fail(error: unknown): void {
  const status = error instanceof Failure ? error.status : 1;
  process.stderr.write(`twister-node: ${reasonOf(error).replaceAll('\n', ' ')}\n`);
  process.exit(status);
}

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import type { Network } from '@rookery/wire';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { CONF_FILE, deployedArguments, parseConf } from './deployed-options.ts';
import { type Endpoint, parseEndpoint } from './endpoint.ts';
import { codeOf, Failure, reasonOf } from './failure.ts';
import {
  defaultDataDir,
  defaultOptions,
  HIGHEST_PORT,
  LOG_LEVELS,
  type LogLevel,
  type NodeOptions,
} from './options.ts';

const NETWORK_NAMES: readonly Network[] = ['main', 'testnet', 'regtest', 'dev'];
const MOST_THREADS = 64;
const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

interface Parsed {
  readonly network: Network;
  readonly datadir?: string;
  readonly port?: number;
  readonly bind?: string;
  readonly connect?: readonly string[];
  readonly addnode?: readonly string[];
  readonly dhtNode?: readonly Endpoint[];
  readonly seeds: boolean;
  readonly checkpoints: boolean;
  readonly externalIp?: string;
  readonly rpcPort?: number;
  readonly rpcBind?: string;
  readonly rpcUser?: string;
  readonly rpcPassword?: string;
  readonly htmlDir?: string;
  readonly mine?: true | number;
  readonly publicServer?: boolean;
  readonly jsonLog?: boolean;
  readonly logLevel?: LogLevel;
}

/** What a command line comes to: options, or a text that was asked for. */
export type CommandLine = { readonly options: NodeOptions } | { readonly text: string };

/**
 * Reads a command line, in our own form or in twisterd's, and `twister.conf` of the data directory that it names.
 * Throws {@link Failure} of status 2 for one that cannot be understood, and of status 1 for a file that cannot be read.
 */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const first = parse(deployedArguments(args));
  if ('text' in first) return first;
  const conf = readConf(first.parsed.datadir ?? defaultDataDir());
  if (conf.length === 0) return { options: optionsOf(first.parsed) };
  const both = parse([...conf, ...deployedArguments(args)]);
  return 'text' in both ? both : { options: optionsOf(both.parsed) };
}

function parse(args: readonly string[]): { readonly parsed: Parsed } | { readonly text: string } {
  let text = '';
  const program = createProgram((written) => {
    text += written;
  });
  try {
    program.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { text };
    throw new Failure(error.message.replace(/^error: /, '').replaceAll('\n', ' '), 2);
  }
  return { parsed: program.opts<Parsed>() };
}

function createProgram(write: (text: string) => void): Command {
  return new Command('twister-node')
    .description(
      'A twister node: the registration chain, the DHT, swarms of posts, and the JSON-RPC that twisterd speaks.',
    )
    .version(version)
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ writeOut: write, writeErr: () => {} })
    .addOption(new Option('--network <name>', 'which network').choices(NETWORK_NAMES).default('main'))
    .option('--datadir <dir>', `where everything is kept (default: ${defaultDataDir()})`, something)
    .option('--port <n>', 'chain network, TCP; DHT and swarms at n + 1000; 0: any', port(HIGHEST_PORT))
    .option('--bind <ip>', 'listen on this address only', plainAddress)
    .option('--connect <ip:port>', 'connect to these chain peers only (repeatable)', collect)
    .option('--addnode <ip:port>', 'connect to these as well (repeatable)', collect)
    .option('--dht-node <ip:port>', 'a contact to start the DHT with (repeatable)', endpoints)
    .option('--no-seeds', 'ask no DNS seeds')
    .option('--no-checkpoints', 'for private chains')
    .option('--external-ip <ip>', 'address to announce and to derive the node id from', plainAddress)
    .option('--rpc-port <n>', 'JSON-RPC; 0: any', port(0xffff))
    .option('--rpc-bind <ip>', 'where JSON-RPC listens (default: 127.0.0.1)', address)
    .option('--rpc-user <name>', 'user of JSON-RPC')
    .option(
      '--rpc-password <text>',
      'its password; without one a file .cookie in the data directory holds both',
      something,
    )
    .option('--html-dir <dir>', 'serve these files on the RPC port', something)
    .option('--mine [threads]', 'produce blocks', threads)
    .option('--public-server', 'only the methods that are meant for public gateways')
    .addOption(new Option('--no-public-server').hideHelp())
    .option('--json-log', 'log lines as JSON')
    .addOption(new Option('--log-level <level>', 'how much to log on standard error').choices(LOG_LEVELS));
}

function optionsOf(parsed: Parsed): NodeOptions {
  const { network } = parsed;
  const defaults = defaultOptions(network, resolve(parsed.datadir ?? defaultDataDir()));
  const connect = peers(parsed.connect ?? [], defaults.port);
  return {
    ...defaults,
    port: parsed.port ?? defaults.port,
    bind: parsed.bind,
    connect,
    addNodes: peers(parsed.addnode ?? [], defaults.port),
    dhtNodes: parsed.dhtNode ?? [],
    seeds: parsed.seeds && defaults.seeds && connect.length === 0,
    checkpoints: parsed.checkpoints,
    externalIp: parsed.externalIp,
    rpcPort: parsed.rpcPort ?? defaults.rpcPort,
    rpcBind: parsed.rpcBind ?? defaults.rpcBind,
    rpcUser: parsed.rpcUser,
    rpcPassword: parsed.rpcPassword,
    htmlDir: parsed.htmlDir === undefined ? undefined : resolve(parsed.htmlDir),
    mineThreads: parsed.mine === true ? 1 : (parsed.mine ?? 0),
    publicServer: parsed.publicServer ?? false,
    jsonLog: parsed.jsonLog ?? false,
    logLevel: parsed.logLevel ?? defaults.logLevel,
  };
}

function readConf(dataDir: string): string[] {
  try {
    return parseConf(readFileSync(join(dataDir, CONF_FILE), 'utf8'));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return [];
    throw new Failure(`cannot read ${join(dataDir, CONF_FILE)}: ${reasonOf(error)}`);
  }
}

function peers(texts: readonly string[], defaultPort: number): Endpoint[] {
  return texts.map((text) => {
    const endpoint = parseEndpoint(text, defaultPort);
    if (endpoint === undefined) throw new Failure(`'${text}' is not an address with a port`, 2);
    return endpoint;
  });
}

function collect(text: string, previous: readonly string[] = []): string[] {
  return [...previous, text];
}

function endpoints(text: string, previous: readonly Endpoint[] = []): Endpoint[] {
  const endpoint = parseEndpoint(text);
  if (endpoint === undefined) throw new InvalidArgumentError('It is not an address with a port.');
  return [...previous, endpoint];
}

function address(text: string): string {
  if (isIP(text) === 0) throw new InvalidArgumentError('It is not an IP address.');
  return text;
}

/** An address without a zone: what is announced, and what the node id is derived from. */
function plainAddress(text: string): string {
  if (text.includes('%')) throw new InvalidArgumentError('An address with a zone means nothing to others.');
  return address(text);
}

function something(text: string): string {
  if (text === '') throw new InvalidArgumentError('It is empty.');
  return text;
}

function port(highest: number): (text: string) => number {
  return (text) => {
    if (!/^[0-9]{1,5}$/.test(text) || Number(text) > highest)
      throw new InvalidArgumentError(`It is not a number of 0 to ${highest}.`);
    return Number(text);
  };
}

function threads(text: string): number {
  if (!/^[0-9]{1,2}$/.test(text) || Number(text) > MOST_THREADS)
    throw new InvalidArgumentError(`It is not a number of 0 to ${MOST_THREADS}.`);
  return Number(text);
}

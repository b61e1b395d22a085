import { homedir } from 'node:os';
import { join } from 'node:path';
import { NETWORKS } from '@rookery/chain';
import type { Network } from '@rookery/wire';
import type { Endpoint } from './endpoint.ts';

/** Everything a node can be told when it starts. */
export interface NodeOptions {
  readonly network: Network;
  readonly dataDir: string;
  /** Of the chain network; DHT and swarms are at this plus 1,000. 0: any that is free with the other. */
  readonly port: number;
  /** Undefined: all addresses. */
  readonly bind: string | undefined;
  /** Chain peers; where there are any, no others are looked for. */
  readonly connect: readonly Endpoint[];
  readonly addNodes: readonly Endpoint[];
  readonly dhtNodes: readonly Endpoint[];
  readonly seeds: boolean;
  readonly checkpoints: boolean;
  readonly externalIp: string | undefined;
  readonly rpcPort: number;
  readonly rpcBind: string;
  readonly rpcUser: string | undefined;
  /** Undefined: a cookie file is written. */
  readonly rpcPassword: string | undefined;
  readonly htmlDir: string | undefined;
  /** Threads that produce blocks; 0: none. */
  readonly mineThreads: number;
  readonly publicServer: boolean;
  readonly jsonLog: boolean;
  readonly logLevel: LogLevel;
}

export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** DHT and swarms listen this far above the chain network. */
export const PORT_OFFSET = 1000;
/** The highest port of the chain network that leaves room for the other. */
export const HIGHEST_PORT: number = 0xffff - PORT_OFFSET;
/** Where an RPC server listens unless it is told otherwise. */
export const LOOPBACK = '127.0.0.1';

/** Where this platform's programs keep their data. */
export function defaultDataDir(
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
): string {
  if (platform === 'win32') return join(env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'rookery-twister');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'rookery-twister');
  return join(env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'rookery-twister');
}

/** What nobody said. */
export function defaultOptions(network: Network, dataDir: string): NodeOptions {
  return {
    network,
    dataDir,
    port: NETWORKS[network].port,
    bind: undefined,
    connect: [],
    addNodes: [],
    dhtNodes: [],
    seeds: network === 'main',
    checkpoints: true,
    externalIp: undefined,
    rpcPort: NETWORKS[network].rpcPort,
    rpcBind: LOOPBACK,
    rpcUser: undefined,
    rpcPassword: undefined,
    htmlDir: undefined,
    mineThreads: 0,
    publicServer: false,
    jsonLog: false,
    logLevel: 'info',
  };
}

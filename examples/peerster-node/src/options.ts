import { Command, InvalidArgumentError, Option } from 'commander';

/** How the program was started. The names are those of the original, with two dashes; its single dash is read too. */
export interface NodeOptions {
  /** Address to listen on, `host:port`; port 0 takes any. */
  readonly gossipAddr: string;
  readonly dataDir: string;
  readonly peers: readonly string[];
  /** Port of the HTTP interface on 127.0.0.1; undefined: none. 0 takes any. */
  readonly uiPort: number | undefined;
  readonly powDifficulty: number;
  readonly profile: 'strict' | 'compat';
  /** No identity: the node relays only. */
  readonly relay: boolean;
  /** File whose first line is the passphrase of the key files. */
  readonly passphraseFile: string | undefined;
  /** Make a further identity whose name begins so. */
  readonly newIdentity: string | undefined;
  readonly chat: boolean;
}

const MAX_PORT = 65_535;
const MAX_TARGET = 64;
/** Options of the original, which Go writes with one dash. */
const ORIGINAL: Readonly<Record<string, string>> = {
  gossipAddr: 'gossip-addr',
  dataDir: 'data-dir',
  peers: 'peers',
  UIPort: 'ui-port',
  powDifficulty: 'pow-difficulty',
};

/** Reads the command line; commander exits with status 2 where it is wrong. */
export function parseOptions(args: readonly string[]): NodeOptions {
  const program = new Command('peerster-node')
    .description('A node of the peerster network: gossips, stores everything, and lets you write.')
    .requiredOption('--gossip-addr <host:port>', 'UDP address to listen on; ":port" is 127.0.0.1 here', gossipAddress)
    .requiredOption('--data-dir <dir>', 'where keys and messages are kept, created with mode 0700')
    .option('--peers <list>', 'comma-separated host:port of peers', commaList, [])
    .option('--ui-port <port>', 'HTTP on 127.0.0.1 with the web page; 0 takes any free port', integer(0, MAX_PORT))
    .option('--pow-difficulty <bits>', 'zero bits that messages must have', integer(0, MAX_TARGET), 18)
    .addOption(new Option('--profile <profile>', 'what to accept').choices(['strict', 'compat']).default('strict'))
    .option('--relay', 'have no identity, relay only', false)
    .option('--passphrase-file <file>', 'file whose first line encrypts the keys')
    .option('--new-identity [prefix]', 'make a further identity, with a name that begins with the prefix')
    .option('--chat', 'chat on this terminal', false)
    .allowExcessArguments(false)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
  program.parse(args.map(modernised), { from: 'user' });
  const { newIdentity, uiPort, passphraseFile, ...options } = program.opts();
  return {
    ...options,
    uiPort,
    passphraseFile,
    newIdentity: newIdentity === true ? '' : newIdentity,
  } as NodeOptions;
}

/** `-gossipAddr=x` of the original as `--gossip-addr=x`. */
function modernised(argument: string): string {
  const [, name = '', rest = ''] = /^-([A-Za-z]+)(=.*)?$/s.exec(argument) ?? [];
  const modern = Object.hasOwn(ORIGINAL, name) ? ORIGINAL[name] : undefined;
  return modern === undefined ? argument : `--${modern}${rest}`;
}

function gossipAddress(value: string): string {
  const address = value.startsWith(':') ? `127.0.0.1${value}` : value;
  if (!/^.+:\d{1,5}$/.test(address) || Number(address.slice(address.lastIndexOf(':') + 1)) > MAX_PORT) {
    throw new InvalidArgumentError('host:port is wanted.');
  }
  return address;
}

function commaList(value: string): string[] {
  return value.split(',').filter((entry) => entry !== '');
}

function integer(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < least || number > most) {
      throw new InvalidArgumentError(`An integer from ${least} to ${most} is wanted.`);
    }
    return number;
  };
}

import { Failure } from './failure.ts';

/** The file of options in the data directory, as twisterd calls it. */
export const CONF_FILE = 'twister.conf';

/** twisterd's names for our options: those that take a value, and switches. */
const VALUES: Readonly<Record<string, string>> = {
  datadir: '--datadir',
  port: '--port',
  bind: '--bind',
  connect: '--connect',
  addnode: '--addnode',
  externalip: '--external-ip',
  rpcport: '--rpc-port',
  rpcbind: '--rpc-bind',
  rpcuser: '--rpc-user',
  rpcpassword: '--rpc-password',
  htmldir: '--html-dir',
};
const SWITCHES: Readonly<Record<string, readonly [on: string, off: string]>> = {
  gen: ['--mine', '--mine=0'],
  public_server_mode: ['--public-server', '--no-public-server'],
};

/** Options of twisterd that would be dangerous to overlook: the node would show itself although told not to. */
const MISSING: readonly string[] = ['proxy', 'tor', 'dhtproxy'];

const DEPLOYED = /^-([a-z][a-z_]+)(?:=(.*))?$/s;
const LINE = /^\s*([a-z][a-z_]*)\s*=\s*(.*?)\s*$/;

/** Rewrites `-name=value` to our own form and leaves everything else alone. Throws {@link Failure} for an unknown name. */
export function deployedArguments(args: readonly string[]): string[] {
  return args.flatMap((arg) => {
    const [matched, name = '', value] = DEPLOYED.exec(arg) ?? [];
    if (matched === undefined) return [arg];
    const ours = translate(name, value);
    if (ours === undefined) throw new Failure(`unknown option '-${name}'`, 2);
    return ours;
  });
}

/**
 * Reads `name=value` lines; `#` starts a comment. Names that are not ours are passed over, as a file may have been written for twisterd.
 * The data directory cannot be named in it, as it was found there.
 */
export function parseConf(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const [matched, name = '', value] = LINE.exec(line.replace(/#.*/, '')) ?? [];
    return matched === undefined || name === 'datadir' ? [] : (translate(name, value) ?? []);
  });
}

function translate(name: string, value: string | undefined): string[] | undefined {
  if (MISSING.includes(name) && value !== '' && value !== '0')
    throw new Failure(`the option '-${name}' is not available yet`, 2);
  const option = VALUES[name];
  if (option !== undefined) {
    if (value === undefined || value === '') throw new Failure(`the option '-${name}' needs a value`, 2);
    return [`${option}=${value}`];
  }
  const toggle = SWITCHES[name];
  if (toggle === undefined) return MISSING.includes(name) ? [] : undefined;
  const [on, off] = toggle;
  // As twisterd reads it: nothing at all is 1, and what is no number is 0.
  const number = value === undefined || value === '' ? 1 : Number.parseInt(value, 10) || 0;
  return [number === 0 ? off : on];
}

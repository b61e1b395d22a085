import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Network } from '@rookery/wire';
import type { Role } from './actor.ts';

/** The line with which a node says that it listens. */
interface Ready {
  readonly p2p: number;
  readonly dht: number;
  readonly rpc: number;
}

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url));

/** A node of this program, at an address of this machine and at ports that are free. */
export function nodeRole(dataDir: string, network: Network, ip: string): Role {
  return {
    command(args) {
      const where = ['--datadir', dataDir, '--bind', ip, '--port', '0', '--rpc-port', '0'];
      return [process.execPath, MAIN, '--network', network, ...where, '--log-level', 'warn', ...args];
    },
    async listening(child) {
      for await (const line of child.lines()) {
        const { dht, p2p, rpc } = JSON.parse(line) as Ready;
        const credentials = readFileSync(join(dataDir, '.cookie'), 'utf8').trim();
        return { ip, dht, p2p, rpc: { port: rpc, credentials } };
      }
      throw new Error('it ended before it listened');
    },
  };
}

import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { LOOPBACK, PORT_OFFSET } from '../options.ts';
import type { Role } from './actor.ts';
import { CallError, callRpc } from './rpc-client.ts';

/** A port at which nobody is: whoever connects there only has no peers. */
export const NOWHERE = '127.0.0.1:9';
const POLL_MS = 100;
const PATIENCE_MS = 30_000;

/**
 * A deployed daemon on main parameters with a chain of its own. `port` is that of the chain network, RPC is one above, DHT and swarms are
 * 1,000 above. Without `-connect` it would turn to the addresses that are compiled into it, whatever else it is told.
 */
export function daemonRole(program: string, dataDir: string, port: number, options: readonly string[]): Role {
  const user = 'rookery';
  const password = randomBytes(16).toString('hex');
  return {
    command(args) {
      mkdirSync(dataDir, { recursive: true });
      const where = [`-datadir=${dataDir}`, `-port=${port}`, `-bind=${LOOPBACK}`, '-listen=1'];
      const rpc = ['-server=1', `-rpcport=${port + 1}`, `-rpcuser=${user}`, `-rpcpassword=${password}`];
      const alone = [`-connect=${NOWHERE}`, '-dns=0', '-dnsseed=0', '-discover=0', '-upnp=0', '-multiconnperip=1'];
      return [program, ...where, ...rpc, ...alone, '-checkpoints=0', ...options, ...args];
    },
    async listening(child) {
      const rpc = { port: port + 1, credentials: `${user}:${password}` };
      for (const end = performance.now() + PATIENCE_MS; performance.now() < end && !child.isGone; ) {
        try {
          await callRpc(rpc, 'getblockcount', []);
          return { ip: LOOPBACK, p2p: port, dht: port + PORT_OFFSET, rpc };
        } catch (error) {
          if (error instanceof CallError) throw error;
          await delay(POLL_MS);
        }
      }
      throw new Error('it does not answer');
    },
  };
}

/** A port that is free together with those that a daemon takes as well. */
export async function freeDaemonPort(): Promise<number> {
  for (;;) {
    const port = await portIfFree(0);
    if (port === undefined || port + PORT_OFFSET > 0xffff) continue;
    const others = [await portIfFree(port + 1), await portIfFree(port + PORT_OFFSET)];
    if (others.every((other) => other !== undefined)) return port;
  }
}

function portIfFree(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, LOOPBACK, () => {
      const { port: bound } = server.address() as { readonly port: number };
      server.close(() => resolve(bound));
    });
  });
}

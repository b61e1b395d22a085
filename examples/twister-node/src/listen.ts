import { createSocket, type Socket } from 'node:dgram';
import { createServer, type Server } from 'node:net';
import { codeOf, Failure, reasonOf } from './failure.ts';
import { HIGHEST_PORT, PORT_OFFSET } from './options.ts';

/** The sockets of a node that listen, not yet handled. */
export interface Listeners {
  /** Port of the chain network. */
  readonly port: number;
  readonly chain: Server;
  /** Both at `port` plus 1,000. */
  readonly swarm: Server;
  readonly dht: Socket;
}

const LOWEST_FREE = 20_000;
const ATTEMPTS = 100;

/**
 * Listens for the chain network at `port` and for swarms (TCP) and DHT (UDP) 1,000 above; 0 takes any port where that is free.
 * Throws {@link Failure} where a port is taken or the address is not this machine's.
 */
export async function listenAll(port: number, bind: string | undefined): Promise<Listeners> {
  for (let attempt = 1; ; attempt += 1) {
    const chosen = port === 0 ? randomPort() : port;
    const opened: { close(): unknown }[] = [];
    try {
      const chain = await listenTcp(chosen, bind);
      opened.push(chain);
      const swarm = await listenTcp(chosen + PORT_OFFSET, bind);
      opened.push(swarm);
      const dht = await listenUdp(chosen + PORT_OFFSET, bind);
      return { port: chosen, chain, swarm, dht };
    } catch (error) {
      for (const socket of opened) socket.close();
      if (port !== 0 || attempt === ATTEMPTS || codeOf(error) !== 'EADDRINUSE') throw listenFailure(error, bind);
    }
  }
}

/** Says in one sentence why a socket cannot listen. */
export function listenFailure(error: unknown, bind: string | undefined): Failure {
  const { port } = error as { port?: number };
  if (codeOf(error) === 'EADDRINUSE') return new Failure(`port ${port} is in use`);
  return new Failure(`cannot listen on ${bind ?? 'all addresses'}: ${reasonOf(error)}`);
}

function listenTcp(port: number, host: string | undefined): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer({ noDelay: true });
    server.once('error', reject);
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}

function listenUdp(port: number, address: string | undefined): Promise<Socket> {
  return new Promise((resolve, reject) => {
    // The DHT's compact contacts hold IPv4 addresses only.
    const socket = createSocket(address?.includes(':') ? 'udp6' : 'udp4');
    const fail = (error: Error) => {
      socket.close();
      reject(Object.assign(error, { port }));
    };
    socket.once('error', fail);
    socket.bind({ port, ...(address === undefined ? {} : { address }), exclusive: true }, () => {
      socket.off('error', fail);
      resolve(socket);
    });
  });
}

function randomPort(): number {
  return LOWEST_FREE + Math.floor(Math.random() * (HIGHEST_PORT - LOWEST_FREE));
}

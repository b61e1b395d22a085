import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MemoryLevel } from 'memory-level';
import { Host, type HostOptions } from '../src/host.ts';
import { createHttpServer } from '../src/http.ts';
import { LevelStore } from '../src/level-store.ts';

export function freshKey(): Uint8Array {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  });
  return new Uint8Array(privateKey);
}

export interface Running {
  readonly host: Host;
  readonly server: Server;
  readonly url: string;
  request(
    line: string,
    body?: string,
    headers?: Record<string, string>,
  ): Promise<{ status: number; text: string; type: string | null }>;
  close(): Promise<void>;
}

/** A node on loopback with a store in memory, without authentication unless a token is given. */
export async function startNode(options: Partial<HostOptions> = {}, token?: string): Promise<Running> {
  const store = options.store ?? (await LevelStore.open(new MemoryLevel<string, string>()));
  const host = await Host.open({
    gossipAddr: '127.0.0.1:0',
    powDifficulty: 4,
    profile: 'strict',
    keys: [freshKey()],
    overrides: { miningTarget: 4 },
    ...options,
    store,
  });
  const server = createHttpServer(host, { token });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    server,
    url,
    async request(line, body, headers = {}) {
      const [method = 'GET', path = '/'] = line.split(' ');
      const response = await fetch(`${url}${path}`, { method, headers, ...(body !== undefined && { body }) });
      return { status: response.status, text: await response.text(), type: response.headers.get('content-type') };
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await host.close();
    },
  };
}

export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 400; turn += 1) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('the condition never came to hold');
}

#!/usr/bin/env node
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { chat } from './chat.ts';
import { Host } from './host.ts';
import { createHttpServer, newToken } from './http.ts';
import { newKey, readKeys, writeKey } from './keys.ts';
import { LevelStore } from './level-store.ts';
import { type NodeOptions, parseOptions } from './options.ts';

const TOKEN_FILE = 'ui-token';

async function loadKeys(options: NodeOptions): Promise<Uint8Array[]> {
  const folder = join(options.dataDir, 'keys');
  const passphrase =
    options.passphraseFile === undefined
      ? undefined
      : ((await readFile(options.passphraseFile, 'utf8')).split(/\r?\n/, 1)[0] ?? '');
  const keys = await readKeys(folder, passphrase);
  const wanted = options.newIdentity ?? (keys.length === 0 && !options.relay ? '' : undefined);
  if (wanted === undefined) return options.relay ? [] : keys;
  const pkcs8 = await newKey(wanted, (tried, expected, remainingMs) => {
    const seconds = remainingMs === undefined ? '?' : Math.round(remainingMs / 1_000);
    process.stderr.write(`${tried} names tried, one in ${expected} begins with ${wanted}: about ${seconds} s more\n`);
  });
  await writeKey(folder, pkcs8, passphrase);
  return [...keys, pkcs8];
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  const database = new ClassicLevel<string, string>(join(options.dataDir, 'messages'));
  const store = await LevelStore.open(database);
  if (store.damaged > 0) process.stderr.write(`${store.damaged} damaged records were dropped\n`);
  const host = await Host.open({ ...options, keys: await loadKeys(options), store });
  for (const peer of options.peers) {
    if (!(await host.addPeer(peer))) process.stderr.write(`${peer} is no address of a peer\n`);
  }
  const ui = options.uiPort === undefined ? undefined : await serve(host, options.dataDir, options.uiPort);
  const stop = async (): Promise<void> => {
    ui?.server.closeAllConnections();
    ui?.server.close();
    await host.close();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stop().then(() => process.exit(0));
    });
  }
  if (options.chat) {
    if (ui !== undefined) process.stdout.write(`http://127.0.0.1:${ui.port}/#${ui.token}\n`);
    await chat(host, { input: process.stdin, output: process.stdout });
    await stop();
    return;
  }
  const ready = {
    event: 'ready',
    gossip: host.address,
    names: host.node.names(),
    ui: ui?.port ?? null,
    pid: process.pid,
  };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  if (ui !== undefined) process.stderr.write(`http://127.0.0.1:${ui.port}/#${ui.token}\n`);
}

/** Starts HTTP on loopback; the token of this run is in a file that only the owner reads. */
async function serve(host: Host, dataDir: string, wanted: number) {
  const token = newToken();
  await writeFile(join(dataDir, TOKEN_FILE), token, { mode: 0o600 });
  const server = createHttpServer(host, { token });
  server.listen(wanted, '127.0.0.1');
  await once(server, 'listening');
  return { server, token, port: (server.address() as AddressInfo).port };
}

main().catch((error: unknown) => {
  process.stderr.write(`peerster-node: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});

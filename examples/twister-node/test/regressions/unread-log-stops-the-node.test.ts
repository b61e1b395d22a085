import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { freshFolder } from '../node-harness.ts';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const CONNECTIONS = 600;

/** Makes the node write a line: a peer that speaks no twister is sent away. */
function makeNoise(port: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('x'.repeat(100)));
    socket.resume();
    socket.on('error', () => {});
    socket.on('close', () => resolve());
  });
}

test.each([[['--log-level', 'debug']], [['--log-level', 'debug', '--json-log']]])(
  'a node whose standard error nobody reads goes on, and stops when asked: %j',
  async (args) => {
    const common = ['--network', 'dev', '--datadir', join(freshFolder(), 'data'), '--bind', '127.0.0.1'];
    const child = spawn(process.execPath, [main, ...common, '--port', '0', '--rpc-port', '0', ...args]);
    try {
      child.stderr.pause();
      const [line] = await once(createInterface({ input: child.stdout }), 'line');
      const { p2p } = JSON.parse(line as string) as { p2p: number };
      for (let count = 0; count < CONNECTIONS; count += 1) await makeNoise(p2p);
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      expect(await exit).toEqual([0, null]);
    } finally {
      child.kill('SIGKILL');
    }
  },
);

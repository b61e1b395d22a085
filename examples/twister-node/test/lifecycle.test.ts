import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { freshFolder, TestNode } from './node-harness.ts';

const modeOf = (path: string) => statSync(path).mode & 0o777;

describe('a node that is started and stopped', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('says where it listens, and %s stops it with status 0', async (signal) => {
    const dataDir = join(freshFolder(), 'data');
    const node = await TestNode.start(dataDir);
    const { dht, p2p, rpc } = node.ready!;
    expect(JSON.parse(node.output)).toEqual({
      event: 'ready',
      network: 'dev',
      p2p,
      dht: p2p + 1000,
      rpc,
      datadir: dataDir,
      pid: expect.any(Number),
    });
    expect(dht).toBe(p2p + 1000);
    expect(modeOf(dataDir)).toBe(0o700);
    expect(modeOf(join(dataDir, '.cookie'))).toBe(0o600);
    expect(node.cookie()).toMatch(/^__cookie__:[0-9a-f]{64}\n$/);
    const cookie = node.cookie();

    expect(await node.end(signal)).toBe(0);
    expect(node.output.split('\n')).toHaveLength(1);
    expect(node.errors).toBe('');
    expect(statSync(join(dataDir, '.cookie'), { throwIfNoEntry: false })).toBeUndefined();

    const again = await TestNode.start(dataDir);
    expect(again.cookie()).not.toBe(cookie);
    expect(await again.call('stop')).toBe('Twister server stopping');
    expect(await again.exited()).toBe(0);
  });

  test('a new start after SIGKILL finds the directory free', async () => {
    const dataDir = freshFolder();
    const first = await TestNode.start(dataDir);
    await first.end('SIGKILL');
    const second = await TestNode.start(dataDir);
    expect(await second.call('getblockcount')).toBe(0);
  });
});

/** Starts a node that must fail; gives its status and what it said. */
async function failing(...args: string[]): Promise<{ status: number | null; lines: string[] }> {
  const node = new TestNode(freshFolder(), args);
  const status = await node.exited();
  return { status, lines: node.errors.trim().split('\n') };
}

describe('what cannot work is one sentence on standard error', () => {
  test('a directory that another process uses', async () => {
    const node = await TestNode.start();
    const { lines, status } = await failing('--datadir', node.dataDir);
    expect({ lines, status }).toEqual({
      lines: [`twister-node: another process uses the data directory ${node.dataDir}`],
      status: 1,
    });
    expect(await node.call('getblockcount')).toBe(0);
  });

  test('a directory that is a file, or below one', async () => {
    const file = join(freshFolder(), 'file');
    writeFileSync(file, '');
    for (const path of [file, join(file, 'below')]) {
      const { lines, status } = await failing('--datadir', path);
      expect({ count: lines.length, status }).toEqual({ count: 1, status: 1 });
      expect(lines[0]).toContain(path);
    }
  });

  test('a directory of another network', async () => {
    const dataDir = freshFolder();
    const node = await TestNode.start(dataDir);
    await node.end('SIGTERM');
    const { lines, status } = await failing('--datadir', dataDir, '--network', 'regtest');
    expect({ lines, status }).toEqual({
      lines: [`twister-node: the data directory ${dataDir} belongs to the network dev`],
      status: 1,
    });
  });

  test('a cookie that cannot be written', async () => {
    const dataDir = freshFolder();
    mkdirSync(join(dataDir, '.cookie', 'occupied'), { recursive: true });
    const { lines, status } = await failing('--datadir', dataDir);
    expect({ count: lines.length, status }).toEqual({ count: 1, status: 1 });
  });

  test.each([
    ['chain network', 0, '--port'],
    ['swarms and DHT', 1000, '--port'],
    ['JSON-RPC', 0, '--rpc-port'],
  ])('a port in use: %s', async (_, offset, option) => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const { lines, status } = await failing(option, String(port - offset));
    server.close();
    expect({ lines, status }).toEqual({ lines: [`twister-node: port ${port} is in use`], status: 1 });
  });

  test.each([[['--hovercraft']], [['--network', 'mars']], [['--port', 'x']], [['more']]])('%j', async (args) => {
    const { lines, status } = await failing(...args);
    expect({ count: lines.length, status }).toEqual({ count: 1, status: 2 });
  });
});

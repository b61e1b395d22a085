import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parseCommandLine } from '../src/command-line.ts';
import { formatEndpoint, parseEndpoint } from '../src/endpoint.ts';
import { Failure } from '../src/failure.ts';
import type { NodeOptions } from '../src/options.ts';

const scratch = mkdtempSync(join(tmpdir(), 'rookery-options-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function options(...args: string[]): NodeOptions {
  const line = parseCommandLine(args);
  if ('text' in line) throw new Error('a text was printed');
  return line.options;
}

describe('our own form', () => {
  test('the ports of each network are the defaults', () => {
    const ports = (network: string) => {
      const { port, rpcPort } = options('--network', network, '--datadir', scratch);
      return [port, rpcPort];
    };
    expect(ports('main')).toEqual([28333, 28332]);
    expect(ports('testnet')).toEqual([18333, 18332]);
    expect(ports('regtest')).toEqual([18444, 18332]);
    expect(ports('dev')).toEqual([38333, 38332]);
  });

  test('lists are repeated, --connect rules seeds out, threads may be left out', () => {
    const given = options('--datadir', scratch, '--connect', '1.2.3.4:5', '--connect', '[::1]:6', '--mine');
    expect(given).toMatchObject({
      connect: [
        { ip: '1.2.3.4', port: 5 },
        { ip: '::1', port: 6 },
      ],
      seeds: false,
      mineThreads: 1,
    });
    expect(options('--datadir', scratch, '--mine', '3').mineThreads).toBe(3);
    expect(options('--datadir', scratch)).toMatchObject({ seeds: true, mineThreads: 0, checkpoints: true });
    expect(options('--datadir', scratch, '--no-seeds', '--no-checkpoints')).toMatchObject({
      seeds: false,
      checkpoints: false,
    });
  });
});

describe("twisterd's form", () => {
  test('is understood', () => {
    const args = [
      '-port=5',
      '-rpcport=6',
      '-rpcuser=u',
      '-rpcpassword=p=q',
      '-connect=1.2.3.4',
      '-gen',
      '-bind=1.1.1.1',
    ];
    expect(options(`-datadir=${scratch}`, ...args, '-addnode=9.9.9.9:7', '-public_server_mode=1')).toMatchObject({
      dataDir: scratch,
      port: 5,
      rpcPort: 6,
      rpcUser: 'u',
      rpcPassword: 'p=q',
      connect: [{ ip: '1.2.3.4', port: 28333 }],
      addNodes: [{ ip: '9.9.9.9', port: 7 }],
      mineThreads: 1,
      bind: '1.1.1.1',
      publicServer: true,
    });
    expect(options(`-datadir=${scratch}`, '-gen=0').mineThreads).toBe(0);
  });

  test('is read from twister.conf too, where the command line stands above it', () => {
    const folder = mkdtempSync(join(scratch, 'conf-'));
    writeFileSync(
      join(folder, 'twister.conf'),
      '# mine\nrpcuser=u # me\n rpcpassword = p\nport=7\nserver=1\naddnode=1.1.1.1\n',
    );
    expect(options('--datadir', folder, '--port', '8', '--addnode', '2.2.2.2')).toMatchObject({
      rpcUser: 'u',
      rpcPassword: 'p',
      port: 8,
      addNodes: [{ ip: '1.1.1.1' }, { ip: '2.2.2.2' }],
    });
  });
});

describe('what cannot be understood', () => {
  test.each([
    [['--hovercraft']],
    [['-hovercraft=1']],
    [['--network', 'mars']],
    [['--port', '64536']],
    [['--port', '-1']],
    [['--port']],
    [['--rpc-port', '1e3']],
    [['--connect', 'example.org:1']],
    [['--dht-node', '1.2.3.4']],
    [['--addnode', '1.2.3.4:65536']],
    [['--bind', 'here']],
    [['--bind', 'fe80::1%lo']],
    [['--external-ip', 'x']],
    [['--external-ip', 'fe80::1%lo']],
    [['--rpc-bind', 'x']],
    [['--rpc-port', '65536']],
    [['--datadir', '']],
    [['--html-dir', '']],
    [['--rpc-password', '']],
    [['--mine', '65']],
    [['--log-level', 'loud']],
    [['-port=']],
    [['-proxy=127.0.0.1:9050']],
    [['extra']],
  ])('%j is one sentence and status 2', (args) => {
    try {
      parseCommandLine([`-datadir=${scratch}`, ...args]);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(Failure);
      expect((error as Failure).status).toBe(2);
      expect((error as Failure).message).not.toContain('\n');
    }
  });

  test('--help and --version are texts', () => {
    expect(parseCommandLine(['--help'])).toMatchObject({ text: expect.stringContaining('--rpc-port') });
    expect(parseCommandLine(['--version'])).toMatchObject({ text: expect.stringMatching(/^\d/) });
  });
});

test('endpoints come back as they were', () => {
  for (const text of ['1.2.3.4:5', '[::1]:65535']) expect(formatEndpoint(parseEndpoint(text)!)).toBe(text);
  for (const text of ['1.2.3.4', '1.2.3.4:0', '1.2.3:4', '1.2.3.4:65536', ':5', '::1:5', '[1.2.3.4]'])
    expect(parseEndpoint(text)).toBeUndefined();
});

import { createSocket } from 'node:dgram';
import { connect, type Socket } from 'node:net';
import { genesisBlock, NETWORKS } from '@rookery/chain';
import { encodeMessage, encodeVersion, MAGIC } from '@rookery/wire';
import { beforeAll, describe, expect, test } from 'vitest';
import { TestNode } from './node-harness.ts';

let node: TestNode;
beforeAll(async () => {
  node = await TestNode.start();
});

/** Bytes without any meaning, the same in every run. */
function noise(length: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 16;
  });
}

function dial(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket));
    socket.on('error', reject);
    socket.on('error', () => {});
  });
}

/** Writes to a connection; waits until the other side has ended it. */
async function closedAfter(socket: Socket, ...parts: Uint8Array[]): Promise<void> {
  socket.resume();
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  for (const part of parts) if (!socket.destroyed) socket.write(part);
  await closed;
}

const version = encodeVersion({
  version: 70_003,
  services: 1n,
  time: BigInt(Math.floor(Date.now() / 1000)),
  addrYou: { services: 1n, ip: new Uint8Array(16), port: 0 },
  addrMe: { services: 0n, ip: new Uint8Array(16), port: 0 },
  nonce: noise(8, 1),
  subver: new Uint8Array(),
  startHeight: 0,
  relay: true,
});
const greeting = encodeMessage('dev', 'version', version);

async function isWell(): Promise<void> {
  expect(await node.call('getblockcount')).toBe(0);
  expect(node.errors).not.toMatch(/^\s+at /m);
}

describe('strangers send anything, and the node goes on', () => {
  test.each([1, 2, 3])('noise on the port of the chain network (%i)', async (seed) => {
    const socket = await dial(node.ready!.p2p);
    socket.resume();
    socket.write(noise(200_000, seed));
    await isWell();
    socket.destroy();
  });

  test('a frame that claims to be huge ends the connection', async () => {
    const frame = Uint8Array.from([
      ...MAGIC.dev,
      ...Buffer.from('block\0\0\0\0\0\0\0', 'latin1'),
      0xff,
      0xff,
      0xff,
      0x7f,
      0,
      0,
      0,
      0,
    ]);
    await closedAfter(await dial(node.ready!.p2p), greeting, frame);
    await isWell();
  });

  test('scores add up to a ban: 1001 addresses, five times', async () => {
    const addr = Uint8Array.from([0xfd, 0xe9, 0x03, ...new Uint8Array(1001 * 30)]);
    const message = encodeMessage('dev', 'addr', addr);
    await closedAfter(await dial(node.ready!.p2p), greeting, message, message, message, message, message);
    await isWell();
  });

  test('a block without work is scored', async () => {
    const { header, transactions } = genesisBlock('dev');
    expect(transactions).toHaveLength(1);
    const genesis = new Uint8Array(Buffer.from(NETWORKS.dev.genesisHex, 'hex'));
    const forged = genesis.slice();
    forged.set([0x01, 0x00, 0x00, 0x03], 76);
    const message = encodeMessage('dev', 'block', forged);
    await closedAfter(await dial(node.ready!.p2p), greeting, message, message, message);
    expect(header.height).toBe(0);
    await isWell();
  });

  test.each([0, 1, 19, 20, 28, 47, 48, 68, 5000])('%i bytes of noise on the port of the swarms', async (length) => {
    const socket = await dial(node.ready!.dht);
    socket.resume();
    if (length > 0) socket.write(noise(length, length));
    if (length > 0) await new Promise((resolve) => socket.once('close', resolve));
    socket.destroy();
    await isWell();
  });

  test('a handshake for a swarm that nobody here is in', async () => {
    const protocol = Buffer.from('\x13twister protocollll', 'latin1');
    await closedAfter(await dial(node.ready!.dht), Uint8Array.from([...protocol, ...new Uint8Array(48)]));
    await isWell();
  });

  test('datagrams of all kinds', async () => {
    const socket = createSocket('udp4');
    const parts = [
      new Uint8Array(),
      noise(21, 4),
      noise(1400, 5),
      new Uint8Array(Buffer.from(`d1:t2:aa1:x${'l'.repeat(500)}${'e'.repeat(500)}1:z1:qe`, 'latin1')),
      new Uint8Array(Buffer.from('d1:q7:putData1:t2:aa1:xd2:id20:aaaaaaaaaaaaaaaaaaaa1:plee1:z1:qe', 'latin1')),
      new Uint8Array(Buffer.from('d1:q4:ping1:t2:aa1:xd2:id3:abce1:z1:qe', 'latin1')),
    ];
    for (const part of parts)
      await new Promise<void>((resolve) => socket.send(part, node.ready!.dht, '127.0.0.1', () => resolve()));
    socket.close();
    await isWell();
    expect(await node.call('dhtget', 'x', 'hashtag', 'm')).toEqual([]);
  });

  test('HTTP that is none, and bodies that never end', async () => {
    for (const text of ['\x16\x03\x01\x02', 'GET\r\n\r\n', 'POST / HTTP/1.1\r\ncontent-length: 99999999999\r\n\r\n{']) {
      const socket = await dial(node.ready!.rpc);
      socket.resume();
      socket.write(text);
      await new Promise((resolve) => setTimeout(resolve, 20));
      socket.destroy();
    }
    const response = await node.post(Buffer.alloc(17 * 1024 * 1024, 0x20)).catch(() => undefined);
    expect(response?.status ?? 413).toBe(413);
    await isWell();
  });
});

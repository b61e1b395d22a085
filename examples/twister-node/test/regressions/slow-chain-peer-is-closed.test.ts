import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { genesisBlock } from '@rookery/chain';
import { encodeInventory, encodeMessage, encodeVersion, headerId } from '@rookery/wire';
import { expect, test } from 'vitest';
import { TestNode } from '../node-harness.ts';

const version = encodeVersion({
  version: 70_003,
  services: 1n,
  time: BigInt(Math.floor(Date.now() / 1000)),
  addrYou: { services: 1n, ip: new Uint8Array(16), port: 0 },
  addrMe: { services: 0n, ip: new Uint8Array(16), port: 0 },
  nonce: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
  subver: new Uint8Array(),
  startHeight: 0,
  relay: true,
});
/** As many as are taken from one peer at a time. */
const REQUESTS = 2000;
const ROUNDS = 65;

test('a chain peer that reads slowly waits for its answers, and gets them all', async () => {
  const node = await TestNode.start();
  const socket = connect(node.ready!.p2p, '127.0.0.1').on('error', () => {});
  const hash = headerId(genesisBlock('dev').header);
  const wanted = encodeInventory(new Array(REQUESTS).fill({ type: 2, hash }));
  let blocks = 0;
  let isClosed = false;
  let rest = Buffer.alloc(0);
  socket.on('close', () => {
    isClosed = true;
  });
  socket.write(encodeMessage('dev', 'version', version));
  socket.write(encodeMessage('dev', 'verack', new Uint8Array()));
  for (let round = 0; round < ROUNDS; round += 1) socket.write(encodeMessage('dev', 'getdata', wanted));
  // Longer than all answers take by their own limit, a megabyte in a tenth of a second.
  await delay(6000);
  socket.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 24 && rest.length >= 24 + rest.readUInt32LE(16)) {
      if (rest.toString('latin1', 4, 9) === 'block') blocks += 1;
      rest = rest.subarray(24 + rest.readUInt32LE(16));
    }
  });
  while (!isClosed && blocks < REQUESTS * ROUNDS) await delay(20);
  expect({ blocks, isClosed }).toEqual({ blocks: REQUESTS * ROUNDS, isClosed: false });
  socket.destroy();
});

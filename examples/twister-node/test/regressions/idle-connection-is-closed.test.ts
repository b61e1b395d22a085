import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { TestNode } from '../node-harness.ts';

test('a connection to the RPC port may rest between two calls, and needs no Host header', async () => {
  const node = await TestNode.start();
  const authorization = `Basic ${Buffer.from(node.cookie().trim()).toString('base64')}`;
  const body = '{"method":"getblockcount","id":1}';
  const request = `POST / HTTP/1.1\r\nauthorization: ${authorization}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  const socket = connect(node.ready!.rpc, '127.0.0.1').on('error', () => {});
  let answers = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    answers += text;
  });
  const call = async (count: number) => {
    socket.write(request);
    while (!socket.destroyed && answers.split('"result":0').length <= count) await delay(20);
    expect(answers.split('HTTP/1.1 200 OK')).toHaveLength(count + 1);
  };
  await call(1);
  // Longer than the HTTP server of Node waits unless it is told otherwise.
  await delay(7000);
  await call(2);
  socket.destroy();
});

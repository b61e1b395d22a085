import { hexToBytes } from '@noble/hashes/utils.js';
import { createNobleBackend, directoryOf } from '@rookery/keys';
import { checkPost } from '@rookery/posts';
import { describe, expect, test } from 'vitest';
import { checkReceived } from '../src/index.ts';
import { type CapturedCase, payloadOf, readCaptured } from './captured.ts';

const outstanding = (piece: number): boolean => piece === 7;

test('an answer belongs to a request, and fits a piece (SWARM-9)', () => {
  expect(checkReceived({ piece: 7, begin: 0, bytes: 156 }, outstanding)).toEqual({ ok: true });
  expect(checkReceived({ piece: 7, begin: 0, bytes: 16_384 }, outstanding)).toEqual({ ok: true });
  expect(checkReceived({ piece: 7, begin: 0, bytes: 16_385 }, outstanding)).toMatchObject({ code: 'oversized-piece' });
  expect(checkReceived({ piece: 8, begin: 0, bytes: 156 }, outstanding)).toMatchObject({ code: 'unexpected-piece' });
  expect(checkReceived({ piece: 7, begin: -1, bytes: 156 }, outstanding)).toMatchObject({ code: 'unexpected-piece' });
  expect(checkReceived({ piece: 7, begin: 16_385, bytes: 1 }, outstanding)).toMatchObject({ code: 'unexpected-piece' });
});

describe('pieces that a scripted peer sent to a deployed daemon (SWARM-2)', () => {
  const { users } = readCaptured<{ users: { name: string; pubHex: string }[] }>('new-users.json');
  const keys = users.map(({ name, pubHex }) => ({ name, keys: [{ height: 39, publicKey: hexToBytes(pubHex) }] }));
  const backend = createNobleBackend();
  const cases = ['swarm-forge.json', 'swarm-extra.json'].flatMap((file) => {
    const { tip, cases: found } = readCaptured<{ tip: number; cases: CapturedCase[] }>(file);
    return found.filter(({ sent }) => sent !== undefined).map((one) => [one.name, tip, one] as const);
  });

  test.each(cases)('%s', (_, tip, { log = [], sent = '', closedByNode }) => {
    const sentBy = (dir: string, msg: string): string[] =>
      log.filter((message) => message.dir === dir && message.msg === msg).map(payloadOf);
    const asked = sentBy('n2c', 'request').map((request) => Number.parseInt(request.slice(0, 8), 16));
    const [answer] = sentBy('c2n', 'piece');
    const [piece, begin] = [0, 8].map((at) => Number.parseInt(answer!.slice(at, at + 8), 16));
    const data = hexToBytes(sent);
    const received = checkReceived({ piece: piece!, begin: begin!, bytes: data.length }, (index) =>
      asked.includes(index),
    );
    expect(received.ok).toBe(true);
    const context = {
      user: 'erin',
      k: piece!,
      tip,
      users: directoryOf(keys, tip),
      profile: 'deployed',
      backend,
    } as const;
    const judged = checkPost(data, context);
    if (data.length === 0) return expect(closedByNode).toBe(false);
    expect(judged.ok).toBe(closedByNode === false);
    expect(judged.ok).toBe(sentBy('n2c', 'have').includes(answer!.slice(0, 8)));
  });
});

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Chain, ChainPeers, type PeerEffect } from '@rookery/chain';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshFolder, TestNode, until } from './node-harness.ts';

const captured = fileURLToPath(new URL('../../../spec/vectors/captured/twister/', import.meta.url));
const read = (name: string) => JSON.parse(readFileSync(`${captured}${name}`, 'utf8'));
const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const calls: { method: string; params: unknown[]; result: unknown }[] = readFileSync(`${captured}rpc-log.jsonl`, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

interface CapturedBlock {
  readonly raw: string;
  readonly hash: string;
  readonly height: number;
  readonly getblock: Record<string, unknown>;
}
const blocks: CapturedBlock[] = read('chain-main.json').blocks;
const posts: { user: string; k: number; raw: string }[] = read('posts.json').posts;

/** A peer that has the captured chain and serves it over a socket. */
function servePeer(): Server {
  const chain = new Chain({ network: 'main', checkpoints: false });
  for (const { raw } of blocks) chain.addBlock(bytes(raw), Date.now());
  const peers = new ChainPeers({ chain, random: (length) => new Uint8Array(randomBytes(length)) });
  const server = createServer((socket) => {
    const peer = `${socket.remoteAddress}:${socket.remotePort}`;
    const apply = (effects: readonly PeerEffect[]) => {
      for (const effect of effects) if (effect.type === 'send' && effect.peer === peer) socket.write(effect.bytes);
    };
    apply(peers.connect(peer, { outgoing: false, address: peer }, Date.now()));
    socket.on('data', (data) => apply(peers.receive(peer, new Uint8Array(data), Date.now())));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => void peers.disconnect(peer, Date.now()));
  });
  return server.listen(0, '127.0.0.1');
}

let server: Server;
let node: TestNode;
const dataDir = freshFolder();
let args: string[];

beforeAll(async () => {
  server = servePeer();
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  args = ['--no-checkpoints', '--no-seeds', '--connect', `127.0.0.1:${port}`];
  node = await TestNode.start(dataDir, args, 'main');
  await until(async () => (await node.call('getblockcount')) === blocks.length - 1 + (blocks[0]!.height === 0 ? 0 : 1));
});
afterAll(() => {
  server.close();
});

describe('the chain of a deployed daemon, synced over a socket', () => {
  test('every block is shown as the daemon showed it', async () => {
    const tip = await node.call('getblockcount');
    for (const { getblock, hash, height, raw } of blocks) {
      expect(await node.call('getblockhash', height)).toBe(hash);
      // The daemon said it when its chain had another length.
      const { nextblockhash, ...expected } = { ...getblock, confirmations: tip - height + 1 } as Record<
        string,
        unknown
      >;
      expect(await node.call('getblock', hash)).toEqual(
        height === tip ? expected : { ...expected, nextblockhash: nextblockhash ?? expect.any(String) },
      );
      expect(await node.call('getblock', hash, false)).toBe(raw);
    }
  });

  test('users have the keys and numbers that they had there', async () => {
    const { users } = read('keys.json');
    for (const name of ['alice', 'bob', 'carol', 'dave'])
      expect(await node.call('dumppubkey', name)).toBe(users[name].registrations.at(-1).pubKey);
    expect(await node.call('listusernamespartial', '', 10)).toEqual(expect.arrayContaining(['alice', 'bob', 'carol']));
    expect(await node.call('usernametouid', 'alice')).toBe(16);
    expect(await node.call('uidtousername', 16)).toBe('alice');
  });

  test('promoted messages are those that it listed, as far as its chain went', async () => {
    const logged = calls.find(({ method }) => method === 'getspamposts')!.result as { userpost: { height: number } }[];
    const all = await node.call('getspamposts', 100, 23);
    for (const post of logged.filter(({ userpost }) => userpost.height !== 23)) expect(all).toContainEqual(post);
  });
});

describe('captured posts', () => {
  test('are taken, and shown as the daemon showed them', async () => {
    await node.call('follow', 'bob', ['alice', 'bob', 'carol', 'dave']);
    for (const { k, raw, user } of posts) expect(await node.call('newpostraw', user, k, raw)).toBeNull();
    expect(await node.call('getlasthave', 'bob')).toEqual({ alice: 13, bob: 9, carol: 1, dave: 1 });
    const shown = await node.call('getposts', 100, [{ username: 'alice' }, { username: 'bob' }], 15);
    const inLog = calls.filter(
      ({ method, params, result }) =>
        ['newpostmsg', 'newrtmsg', 'newfavmsg', 'newdirectmsg'].includes(method) &&
        result !== null &&
        posts.some(({ k, user }) => user === params[0] && k === params[1]) &&
        !(params[1] === 0 && params[2] === 'reuse k=0?') &&
        !['dave', 'carol'].includes(String(params[0])),
    );
    expect(inLog.length).toBeGreaterThan(8);
    for (const { result } of inLog) expect(shown).toContainEqual(result);
    expect(await node.call('getposts', 5, [{ username: 'dave' }])).toEqual(
      calls.find(({ method, params }) => method === 'getposts' && JSON.stringify(params).includes('dave'))!.result,
    );
  });

  test('messages in them open with the captured key, and with no other', async () => {
    const { users } = read('keys.json');
    await node.call('importprivkey', users.bob.keys[0].wif, 'bob');
    const opened = async () => (await node.call('getdirectmsgs', 'bob', 10, [{ username: 'alice' }])).alice ?? [];
    await node.call('rescandirectmsgs', 'bob');
    await until(async () => (await opened()).length >= 2);
    const logged = calls.find(({ method, params }) => method === 'getdirectmsgs' && params[0] === 'bob')!.result as {
      alice: { text: string; from: string; fromMe: boolean; k: number; time: number }[];
    };
    const fromAlice = logged.alice.filter(({ fromMe }) => !fromMe);
    expect((await opened()).map(({ id: _, ...message }: { id: number }) => message)).toEqual(
      fromAlice.map((message) => {
        const { id: _, ...rest } = message as typeof message & { id: number };
        return rest;
      }),
    );
  });

  test('all of it is there after kill -9 and without the peer', async () => {
    const before = {
      block: await node.call('getbestblockhash'),
      posts: await node.call('getposts', 100, [{ username: 'alice' }, { username: 'bob' }], 15),
      messages: await node.call('getdirectmsgs', 'bob', 10, [{ username: 'alice' }]),
      mentions: await node.call('getmentions', 'bob', 10),
    };
    await node.end('SIGKILL');
    node = await TestNode.start(dataDir, ['--no-checkpoints', '--no-seeds', '--connect', '127.0.0.1:9'], 'main');
    expect({
      block: await node.call('getbestblockhash'),
      posts: await node.call('getposts', 100, [{ username: 'alice' }, { username: 'bob' }], 15),
      messages: await node.call('getdirectmsgs', 'bob', 10, [{ username: 'alice' }]),
      mentions: await node.call('getmentions', 'bob', 10),
    }).toEqual(before);
  });
});

test('transactions are decoded, signatures checked, favourites shown as the daemon did', async () => {
  const { users } = read('keys.json');
  const [registration] = users.alice.registrations;
  const shown = await node.call('decoderawtransaction', registration.raw);
  expect(shown).toMatchObject({
    username: 'alice',
    txid: users.alice.userhash,
    pubKey: [registration.pubKey],
    message: '',
  });
  const raw = await node.call('getrawtransaction', 'alice', 1);
  expect(raw).toMatchObject({
    ...shown,
    hex: registration.raw,
    height: registration.height,
    blockhash: registration.block,
  });
  expect((await node.answer('sendrawtransaction', registration.raw)).error?.code).toBe(-5);
  expect((await node.answer('sendrawtransaction', '00')).error).toEqual({ code: -22, message: 'TX decode failed' });

  const signed = calls.find(({ method }) => method === 'signmessage')!;
  expect(await node.call('verifymessage', signed.params[0], signed.result, signed.params[1])).toBe(true);
  expect(await node.call('verifymessage', signed.params[0], signed.result, 'hullo')).toBe(false);
  expect(await node.call('verifymessage', 'bob', signed.result, signed.params[1])).toBe(false);

  // Favourite 2 of the two in the log; 40 is a number above the ceiling.
  const logged = calls.find(({ method }) => method === 'getfavs')!.result;
  expect(await node.call('getfavs', 'bob', 10)).toEqual(logged);
  expect((await node.answer('newshorturl', 'bob', 400, 'http://example.com/')).error).toEqual({
    code: -32602,
    message: "too much posts from user 'bob' rejecting post",
  });
  const url = calls.find(({ method, result }) => method === 'newshorturl' && result !== null)!;
  expect(await node.call('newshorturl', 'bob', 10, 'http://example.com/long/url')).toEqual([
    String((url.result as string[])[0]).replace('AAAAkA', 'AAAAoA'),
  ]);
  const custom = await node.call('newpostcustom', 'bob', 11, { url: 'u', num: 42, n: 'mallory', msg: 'x', real: 1.5 });
  expect(custom.userpost).toMatchObject({ n: 'bob', k: 11, lastk: 10, msg: '', msg2: '', num: 42, url: 'u' });
  expect(Object.keys(custom.userpost)).not.toContain('real');
});

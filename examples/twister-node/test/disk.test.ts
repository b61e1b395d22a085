import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { describe, expect, test } from 'vitest';
import { freshFolder, TestNode, until } from './node-harness.ts';

/** Flips a bit of a record of a node that does not run. */
async function damage(dataDir: string, prefix: string, which: (keys: string[]) => string): Promise<string> {
  const level = new ClassicLevel<string, Uint8Array>(join(dataDir, 'store'), { valueEncoding: 'view' });
  const keys = await level.keys({ gte: prefix, lt: `${prefix}\uffff` }).all();
  const key = which(keys);
  const record = Uint8Array.from((await level.get(key))!);
  record[record.length - 1]! ^= 1;
  await level.put(key, record);
  await level.close();
  return key;
}

describe('a damaged record is put aside and fetched again', () => {
  test('a block in the middle of the chain, a post', async () => {
    const source = await TestNode.start();
    await source.register('alice');
    for (let k = 0; k < 5; k += 1) await source.call('newpostmsg', 'alice', k, `post ${k}`);
    await until(async () => (await source.call('getblockcount')) >= 4);
    await source.call('setgenerate', false);
    const best = await source.call('getbestblockhash');

    const dataDir = freshFolder();
    const copy = await TestNode.start(dataDir, source.joining);
    await until(async () => (await copy.call('getbestblockhash')) === best);
    await copy.call('follow', 'reader', ['alice']);
    await until(async () => (await copy.call('getnumpieces', 'reader')).alice === 5);
    const second = await copy.call('getblockhash', 2);
    expect(await copy.end('SIGTERM')).toBe(0);

    const block = await damage(
      dataDir,
      'block/',
      (keys) => keys.find((key) => key.includes(Buffer.from(second, 'hex').reverse().toString('hex')))!,
    );
    const post = await damage(dataDir, 'piece/', (keys) => keys[2]!);
    // Alone it has what stands before the damage.
    const alone = await TestNode.start(dataDir, ['--connect', '127.0.0.1:9']);
    expect(await alone.call('getblockcount')).toBe(1);
    expect(alone.errors).toContain(block);
    expect(await alone.end('SIGTERM')).toBe(0);

    const again = await TestNode.start(dataDir, source.joining);
    await until(async () => (await again.call('getbestblockhash')) === best);
    await until(async () => (await again.call('getnumpieces', 'reader')).alice === 5);
    expect(alone.errors + again.errors).toContain(post);
    await again.end('SIGTERM');
    const clean = await TestNode.start(dataDir, ['--connect', '127.0.0.1:9']);
    expect(await clean.call('getbestblockhash')).toBe(best);
    expect(clean.errors).toBe('');
  });
});

test('a registration that was sent and not mined is offered again after kill -9', async () => {
  const dataDir = freshFolder();
  const node = await TestNode.start(dataDir);
  await node.call('createwalletuser', 'alice');
  const id = await node.call('sendnewusertransaction', 'alice');
  await node.end('SIGKILL');
  const again = await TestNode.start(dataDir);
  expect(await again.call('getrawmempool')).toEqual([id]);
  // A peer that comes later hears of it, and mines it.
  const miner = await TestNode.start(freshFolder(), [...again.joining, '--mine']);
  await until(async () => (await again.call('dumppubkey', 'alice')) !== '');
  expect(await again.call('getrawmempool')).toEqual([]);
  await until(async () => (await miner.call('dumppubkey', 'alice')) !== '');
});

test('a key replacement that was begun goes on after kill -9, and the registered key signs until it is mined', async () => {
  const dataDir = freshFolder();
  const node = await TestNode.start(dataDir);
  await node.register('alice');
  await node.call('setgenerate', false);
  const before = await node.call('dumppubkey', 'alice');
  const wif = await node.call('createwalletuser', 'alice', true);
  await node.end('SIGKILL');
  const again = await TestNode.start(dataDir);
  expect(await again.call('dumpprivkey', 'alice')).toBe(wif);
  await again.call('newpostmsg', 'alice', 0, 'with the registered key');
  await again.call('sendnewusertransaction', 'alice');
  await again.call('setgenerate', true, 1);
  await until(async () => (await again.call('dumppubkey', 'alice')) !== before);
  await again.call('newpostmsg', 'alice', 1, 'with the new key');
  expect((await again.call('getlasthave', 'x', ['alice'])).alice).toBe(1);
  expect((await again.call('listwalletusers')).sort()).toEqual(['alice', 'alice/replaced']);
});

test('files of a web interface are served behind the password, and nothing beside them', async () => {
  const folder = freshFolder();
  mkdirSync(join(folder, 'html', 'js'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  writeFileSync(join(folder, 'html', 'home.html'), '<p>home</p>');
  writeFileSync(join(folder, 'html', 'js', 'a b.js'), 'let ä;');
  const node = await TestNode.start(freshFolder(), [
    '--html-dir',
    join(folder, 'html'),
    '--rpc-user',
    'u',
    '--rpc-password',
    'p',
  ]);
  const get = (path: string, authorization = `Basic ${Buffer.from('u:p').toString('base64')}`) =>
    fetch(`http://127.0.0.1:${node.ready!.rpc}${path}`, { headers: { authorization } });
  expect((await get('/home.html', 'Basic eDp5')).status).toBe(401);
  const home = await get('/');
  expect([home.status, home.headers.get('content-type'), await home.text()]).toEqual([
    200,
    'text/html; charset=utf-8',
    '<p>home</p>',
  ]);
  const script = await get('/js/a%20b.js?v=1');
  expect([script.status, script.headers.get('content-type'), await script.text()]).toEqual([
    200,
    'text/javascript; charset=utf-8',
    'let ä;',
  ]);
  for (const path of ['/..%2fsecret.txt', '/%2e%2e/secret.txt', '/js', '/none.html', '/%00', '/%'])
    expect((await get(path)).status).toBe(404);
});

test('--json-log writes one JSON object a line on standard error', async () => {
  const node = await TestNode.start(freshFolder(), ['--json-log', '--log-level', 'info']);
  await node.end('SIGTERM');
  const lines = node.errors
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ msg }) => msg)).toEqual(['the node is ready', 'the node has stopped']);
});

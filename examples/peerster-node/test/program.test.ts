import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { createRsaProvider, deriveName } from '@rookery/peerster';
import { afterEach, expect, test } from 'vitest';
import { chat } from '../src/chat.ts';
import { newKey, readKeys, writeKey } from '../src/keys.ts';
import { parseOptions } from '../src/options.ts';
import { eventually, startNode } from './running.ts';

const folders: string[] = [];
async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'peerster-node-'));
  folders.push(made);
  return made;
}
afterEach(async () => {
  for (const each of folders.splice(0)) await rm(each, { recursive: true });
});

test('the options of the original are read with one dash and with two', () => {
  const modern = parseOptions([
    '--gossip-addr',
    '127.0.0.1:5000',
    '--data-dir',
    'd',
    '--peers',
    'a:1,b:2',
    '--ui-port',
    '8080',
    '--pow-difficulty',
    '20',
  ]);
  const original = parseOptions([
    '-gossipAddr=127.0.0.1:5000',
    '-dataDir=d',
    '-peers=a:1,b:2',
    '-UIPort=8080',
    '-powDifficulty=20',
  ]);
  expect(original).toEqual(modern);
  expect(modern).toMatchObject({
    gossipAddr: '127.0.0.1:5000',
    peers: ['a:1', 'b:2'],
    uiPort: 8_080,
    powDifficulty: 20,
    profile: 'strict',
    relay: false,
  });
  expect(parseOptions(['-gossipAddr=:5000', '-dataDir=d'])).toMatchObject({
    gossipAddr: '127.0.0.1:5000',
    uiPort: undefined,
    powDifficulty: 18,
  });
});

test('key files are readable by their owner only, and encrypted where there is a passphrase', async () => {
  const keys = join(await folder(), 'keys');
  expect(await readKeys(keys, undefined)).toEqual([]);
  const made = await newKey('', () => {});
  await writeKey(keys, made, undefined);
  await writeKey(keys, made, 'correct horse');
  expect(await readdir(keys)).toEqual(['0000.key', '0001.key']);
  for (const name of await readdir(keys)) expect((await stat(join(keys, name))).mode & 0o777).toBe(0o600);
  expect(await readKeys(keys, 'correct horse')).toEqual([made, made]);
  await expect(readKeys(keys, undefined)).rejects.toThrow('encrypted');
  await expect(readKeys(keys, 'wrong')).rejects.toThrow('passphrase');
  expect((await readFile(join(keys, '0001.key'))).includes(Buffer.from(made.subarray(0, 20)))).toBe(false);
  await writeFile(join(keys, 'notes.txt'), 'no key');
  expect((await readKeys(keys, 'correct horse')).length).toBe(2);
});

test('a further identity has the name that was asked for', async () => {
  const key = await newKey('a2', () => {});
  expect(deriveName(createRsaProvider().privateKey(key).publicKey.bytes).startsWith('a2')).toBe(true);
});

test('a chat shows what comes and sends what is typed, without control characters of others', async () => {
  const [left, right] = await Promise.all([startNode(), startNode()]);
  await left.host.addPeer(right.host.address);
  await eventually(
    () => left.host.store.messages.origins().length === 2 && right.host.store.messages.origins().length === 2,
  );
  const input = new PassThrough();
  const output = new PassThrough();
  let shown = '';
  output.on('data', (chunk: Buffer) => {
    shown += chunk.toString('utf8');
  });
  const done = chat(left.host, { input, output });
  const [me, you] = [left.host.node.names()[0]!, right.host.node.names()[0]!];
  await eventually(() => shown.includes('/help explains'));
  input.write('hello everybody\n');
  input.write(`/to ${you} for you alone\n`);
  await eventually(() => right.host.store.messages.nextId(me) === 3);
  await right.host.publish('red \u001b[31m alert \u0007');
  await eventually(() => shown.includes('alert'));
  expect(shown).toContain(`${me}: hello everybody`);
  expect(shown).toContain(`${me} → ${you} (private): for you alone`);
  expect(shown).toContain(`${you}: red ·[31m alert ·`);
  input.write(`/to ${'a'.repeat(16)} nobody\n`);
  await eventually(() => shown.includes('has announced no key here'));
  input.write('/names\n/peers\n/me\n/help\n/add nonsense\n');
  input.write(`/with ${you}\n`);
  await eventually(() => shown.includes('is no address of a peer') && shown.includes('add a peer, or remove one'));
  input.write('/quit\n');
  await done;
  expect(shown).toContain(`${right.host.address} (manual)`);
  await Promise.all([left.close(), right.close()]);
});

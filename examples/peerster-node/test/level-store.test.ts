import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRsaProvider, encodePacket, PeersterNode, seededRandom } from '@rookery/peerster';
import { ClassicLevel } from 'classic-level';
import { MemoryLevel } from 'memory-level';
import { expect, test } from 'vitest';
import { LevelStore, type MessageDatabase } from '../src/level-store.ts';
import { freshKey, startNode } from './running.ts';

const NOW = 1_700_000_000_000;
const key = freshKey();

/** Lets a node write `texts` public messages into a database. */
async function written(database: MessageDatabase, texts: number) {
  const store = await LevelStore.open(database);
  const rsa = createRsaProvider();
  const node = new PeersterNode({
    now: NOW,
    random: seededRandom(new Uint8Array(32)),
    rsa,
    store: store.messages,
    target: 0,
    miningTarget: 0,
    identities: [rsa.privateKey(key)],
    limits: { messagesPerOrigin: 5 },
  });
  const [name] = node.names();
  for (let index = 0; index < texts; index += 1) node.publish(name!, new TextEncoder().encode(`text ${index}`));
  for (const effect of node.work(1_000, NOW)) {
    if (effect.type === 'stored') store.stored(effect.message);
    if (effect.type === 'pruned') store.pruned(effect);
  }
  await store.flush();
  return { store, name: name! };
}

test('what was written is read back, in the order of arrival', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'peerster-store-'));
  try {
    const { store, name } = await written(new ClassicLevel<string, string>(folder), 4);
    const before = store.messages.publicRoom();
    await store.close();
    const again = await LevelStore.open(new ClassicLevel<string, string>(folder));
    expect(again.damaged).toBe(0);
    expect(again.messages.publicRoom()).toEqual(before);
    expect(again.messages.nextId(name)).toBe(5);
    expect(before.every(({ rumor }) => rumor.content.constructor === Uint8Array)).toBe(true);
    await again.close();
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('pruned messages stay pruned and keep their hashes', async () => {
  const database = new MemoryLevel<string, string>();
  const { store, name } = await written(database, 9);
  const hashes = Array.from({ length: 10 }, (_, id) => store.messages.hashOf(name, id));
  const again = await LevelStore.open(database);
  expect(Array.from({ length: 10 }, (_, id) => again.messages.hashOf(name, id))).toEqual(hashes);
  expect(Array.from({ length: 10 }, (_, id) => again.messages.get(name, id) !== undefined)).toEqual([
    true,
    ...Array.from({ length: 4 }, () => false),
    ...Array.from({ length: 5 }, () => true),
  ]);
});

test('a damaged record costs itself and what follows it, and is fetched again', async () => {
  const database = new MemoryLevel<string, string>();
  const { store, name } = await written(database, 5);
  const lost = encodePacket({ rumor: store.messages.get(name, 3)!.rumor });
  await database.put(`${name}/00000003`, '{"ID":3');
  await database.put('nonsense', 'nonsense');
  const again = await LevelStore.open(database);
  expect(again.damaged).toBe(4);
  expect(again.messages.nextId(name)).toBe(3);
  const node = new PeersterNode({
    now: NOW,
    random: seededRandom(new Uint8Array(32)),
    store: again.messages,
    target: 0,
  });
  expect(node.receive(lost, '10.0.0.1:1', NOW).some(({ type }) => type === 'stored')).toBe(true);
  const altered = await database.get(`${name}/00000002`);
  await database.put(`${name}/00000002`, altered!.replace('"Content":"', '"Content":"AAAA'));
  expect((await LevelStore.open(database)).messages.nextId(name)).toBe(2);
});

test('a node that restarts on its disk announces nothing again and goes on counting', async () => {
  const database = new MemoryLevel<string, string>();
  const first = await startNode({ keys: [key], store: await LevelStore.open(database) });
  expect((await first.host.publish('before')).rumor.id).toBe(1);
  await first.close();
  const second = await startNode({ keys: [key], store: await LevelStore.open(database) });
  expect(second.host.node.mining()).toBeUndefined();
  expect((await second.host.publish('after')).rumor.id).toBe(2);
  await second.close();
});

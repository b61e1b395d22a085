import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { openMemoryStore } from '../src/store/open.ts';
import { Neighbours } from '../src/swarm/neighbours.ts';
import { freshFolder, TestNode, until } from './node-harness.ts';

describe('the users whose swarms are joined for the sake of the DHT', () => {
  const newStore = () => openMemoryStore(pino({ level: 'silent' }));

  test('are 25 at most, and the first goes for another', async () => {
    const neighbours = await Neighbours.load(await newStore());
    for (let at = 0; at < 25; at += 1) expect(neighbours.add(`user${at}`)).toBeUndefined();
    expect(neighbours.add('user0')).toBeUndefined();
    expect(neighbours.add('user25')).toBe('user0');
    expect(neighbours.add('user0')).toBe('user1');
    expect(neighbours.all().size).toBe(25);
  });

  test('are known after a restart, in their order', async () => {
    const store = await newStore();
    const before = await Neighbours.load(store);
    for (let at = 0; at < 30; at += 1) before.add(`user${(7 * at) % 30}`);
    await store.flush();
    const after = await Neighbours.load(store);
    expect([...after.all()]).toEqual([...before.all()]);
    expect(after.add('another')).toBe([...before.all()][0]);
  });
});

test('a node takes part in the swarm of a user whom nobody there follows, and shows it to others', async () => {
  const alice = await TestNode.start();
  const folder = freshFolder();
  let other = await TestNode.start(folder, alice.joining);
  await alice.register('alice');
  await alice.call('newpostmsg', 'alice', 0, 'who is near');
  const pieces = async () => {
    const posts: { userpost: { n: string } }[] = await other.call('getposts', 10, [{ username: 'alice' }]);
    return posts.filter(({ userpost }) => userpost.n === 'alice').length;
  };
  await until(async () => (await pieces()) === 1);
  const tracker = async (node: TestNode) => (await node.call('dhtget', 'alice', 'tracker', 'm'))[0]?.p.v.followers;
  await until(async () => (await tracker(alice)) >= 1 && (await tracker(other)) >= 1);

  await other.end('SIGKILL');
  other = await TestNode.start(folder, alice.joining);
  expect(await pieces()).toBe(1);
  await alice.call('newpostmsg', 'alice', 1, 'still near');
  await until(async () => (await pieces()) === 2);
});

import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { freshFolder, TestNode } from './node-harness.ts';

const ROUNDS = process.env.ROOKERY_LONG === '1' ? 20 : 3;
const USERS = ['ann', 'ben', 'cat', 'dan', 'eve', 'fay'];
const LONGEST_MS = 1200;
const START = ['--mine'];

interface Confirmed {
  readonly user: string;
  readonly k: number;
  readonly text: string;
}

/** Posts, and writes messages, until the node is gone; notes what was confirmed. */
async function postUntilKilled(node: TestNode, round: number, confirmed: Confirmed[], sent: string[]): Promise<void> {
  const last: Record<string, number> = await node.call('getlasthave', 'ann', USERS);
  const write = async (user: string): Promise<void> => {
    for (let count = 0; ; count += 1) {
      const k = last[user]! + 1;
      const text = `${user} ${k} in round ${round} #kill`;
      const isMessage = count % 4 === 3;
      const answer = isMessage
        ? await node.answer('newdirectmsg', user, k, 'ann', text)
        : await node.answer('newpostmsg', user, k, text);
      if (answer.error !== null) {
        // So many posts need more blocks.
        await delay(50);
        continue;
      }
      last[user] = k;
      if (isMessage) sent.push(`${user} ${text}`);
      else confirmed.push({ user, k, text });
    }
  };
  await Promise.allSettled(USERS.map(write));
}

test(`nothing that was confirmed is lost in ${ROUNDS} rounds of kill -9`, { timeout: 30_000 * ROUNDS }, async () => {
  const dataDir = freshFolder();
  const confirmed: Confirmed[] = [];
  const sent: string[] = [];
  const followed: string[] = [];
  let node = await TestNode.start(dataDir, START);
  for (const user of USERS) await node.register(user);
  const keys = await Promise.all(USERS.map((user) => node.call('dumpprivkey', user)));

  for (let round = 0; round < ROUNDS; round += 1) {
    const local = `reader${round}`;
    await node.call('follow', local, USERS);
    followed.push(local);
    const height: number = await node.call('getblockcount');
    const killer = delay(LONGEST_MS * Math.random()).then(() => node.end('SIGKILL'));
    await Promise.all([postUntilKilled(node, round, confirmed, sent), killer]);

    node = await TestNode.start(dataDir, START);
    expect(await node.call('getblockcount')).toBeGreaterThanOrEqual(height);
    expect(await Promise.all(USERS.map((user) => node.call('dumpprivkey', user)))).toEqual(keys);
    for (const name of followed) expect(await node.call('getfollowing', name)).toEqual(USERS);
    for (const user of USERS) {
      const posts = await node.call('getposts', 10_000, [{ username: user }]);
      const texts = new Map(
        posts.map(({ userpost }: { userpost: Confirmed & { msg: string } }) => [userpost.k, userpost.msg]),
      );
      for (const post of confirmed.filter((other) => other.user === user)) expect(texts.get(post.k)).toBe(post.text);
      const messages = await node.call('getdirectmsgs', user, 10_000, [{ username: 'ann' }]);
      const told: string[] = (messages.ann ?? []).map(({ text }: { text: string }) => `${user} ${text}`);
      expect(told).toEqual(expect.arrayContaining(sent.filter((message) => message.startsWith(`${user} `))));
    }
  }
  expect(confirmed.length).toBeGreaterThan(ROUNDS);
  expect(node.errors).toBe('');
});

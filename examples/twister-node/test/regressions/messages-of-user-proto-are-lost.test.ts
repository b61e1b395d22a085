import { test } from 'vitest';
import { TestNode, until } from '../node-harness.ts';

test('direct messages of a user named __proto__ are shown', async () => {
  const node = await TestNode.start();
  await node.register('__proto__');
  await node.register('alice');
  await node.call('newdirectmsg', '__proto__', 0, 'alice', 'hello');
  const shown = async () => {
    const response = await node.post(
      '{"method":"getdirectmsgs","params":["alice",10,[{"username":"__proto__"}]],"id":1}',
    );
    return response.text();
  };
  await until(async () => (await shown()).includes('hello'));
});

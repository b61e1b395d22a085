import { decodeCompactNodes } from '@rookery/wire';
import { expect, test } from 'vitest';
import { ask, NOW_MS, nodeOf, PEER, PEER_ID, query, replyTo, sendsOf } from '../engine.ts';

test('a request that the upload limit holds back is no timeout of the node that it was for', () => {
  const node = nodeOf({ limits: { uploadBytesPerSecond: 200 } });
  const [ping] = sendsOf(node.addContact(PEER, NOW_MS));
  const [find] = sendsOf(node.receive(replyTo(ping!.bytes), PEER, NOW_MS));
  node.receive(replyTo(find!.bytes, { nodes: '' }), PEER, NOW_MS);
  const due = node.nextDeadline()!;
  while (sendsOf(node.receive(query('ping'), PEER, due)).length > 0);
  const effects = node.tick(due);
  expect(effects.map(({ type }) => type)).toEqual(['ignored']);
  expect(node.counts).toMatchObject({ requests: 0, searches: 0 });
  for (const after of [1000, 3000, 8000]) node.tick(due + after);
  const nodes = ask(node, 'findNode', { target: PEER_ID }, PEER, due + 8000).getBytes('nodes')!;
  expect(decodeCompactNodes(nodes).map(({ id }) => id)).toEqual([PEER_ID]);
});

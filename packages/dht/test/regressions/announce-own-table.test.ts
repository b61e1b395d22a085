import { directoryOf } from '@rookery/keys';
import { expect, test } from 'vitest';
import { DhtNode } from '../../src/index.ts';

/** In a network of two, the one that announced itself here is known to nobody else: only the own table names it. */
test('announcing finds those first that have announced themselves to the own node', () => {
  const node = new DhtNode({
    address: { ip: '0.0.0.0', port: 1 },
    users: directoryOf([]),
    random: (length) => new Uint8Array(length),
  });
  const peer = { ip: '127.0.0.1', port: 29333 };
  node.trackPeers('alice', [peer], 1, 0);
  const { effects, handle } = node.announce('alice', 5, 0);
  expect(effects).toContainEqual(expect.objectContaining({ type: 'peers', handle, peers: [peer], followers: 1 }));
  expect(effects.at(-1)).toMatchObject({ type: 'done', handle, found: true });
});

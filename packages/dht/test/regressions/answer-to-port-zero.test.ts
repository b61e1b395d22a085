import { hexToBytes } from '@noble/hashes/utils.js';
import { dhtTarget, encodeUtf8 } from '@rookery/wire';
import { expect, test } from 'vitest';
import { ask, NOW_MS, nodeOf, PEER, sendsOf, tokenFor } from '../engine.ts';

const ID = 'aa'.repeat(20);
/** `d1:q4:ping1:t2:aa1:v4:LT␁␀1:xd2:id20:…e1:z1:qe` */
const PING = hexToBytes(
  `64313a71343a70696e67313a74323a6161313a76343a4c540100313a7864323a696432303a${ID}65313a7a313a7165`,
);

/** A UDP packet can state any source port; sockets throw when told to send to port 0. */
test('nothing is sent to port 0, whatever came from there', () => {
  const node = nodeOf();
  const from = { ip: '127.0.0.1', port: 0 };
  expect(node.receive(PING, from, NOW_MS)).toEqual([{ type: 'ignored', from, code: 'bad-address' }]);
  expect(sendsOf(node.tick(NOW_MS + 1000))).toEqual([]);
});

test('a peer that announced port 0 is kept from the application, from the own table too', () => {
  const node = nodeOf();
  const infoHash = dhtTarget(encodeUtf8('alice'), 'tracker', 'm');
  for (const port of [0, 7]) {
    ask(node, 'announcePeer', { infoHash, port, token: tokenFor(node, { n: 'alice', r: 'tracker', t: 'm' }) });
  }
  const { effects } = node.get(encodeUtf8('alice'), 'tracker', 'm', NOW_MS);
  expect(effects.flatMap((effect) => (effect.type === 'peers' ? effect.peers : []))).toEqual([
    { ip: PEER.ip, port: 7 },
  ]);
});

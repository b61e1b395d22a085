import { bytesToHex } from '@noble/hashes/utils.js';
import { decodeInventory, encodeInventory, type Message } from '@rookery/wire';
import { expect, test } from 'vitest';
import { Chain } from '../../src/index.ts';
import { blockOn, genesis, NOW, noWork } from '../dev-chain.ts';
import { Bench } from '../peer-kit.ts';

const hashesOf = (command: string, messages: readonly Message[]) =>
  messages
    .filter((message) => message.command === command)
    .flatMap(({ payload }) => decodeInventory(payload).value.map(({ hash }) => bytesToHex(hash)));

/**
 * A peer tells of a block but once on a connection, in the answer to `getblocks` too. A block that was refused when it came, here
 * for its time, was lost to the node with that peer, and so was everything that the peer told of later.
 */
test('what a waiting block lacks is asked for by itself when the peer tells no more of it', () => {
  const early = blockOn(genesis, { header: { time: NOW / 1000 + 7201 } });
  const later = blockOn(early, { header: { time: NOW / 1000 + 7202 } });
  const node = new Bench(new Chain({ network: 'dev', powHash: noWork }), NOW);
  const inventory = (hash: Uint8Array) => encodeInventory([{ type: 2, hash }]);
  node.welcome('peer');
  node.say('peer', 'inv', inventory(early.id));
  node.say('peer', 'block', early.bytes);
  expect(node.told.at(-1)).toMatchObject({ type: 'rejected', code: 'time-too-new', penalty: 0 });
  node.passTo('peer', NOW + 600_000);
  expect(hashesOf('getdata', node.say('peer', 'inv', inventory(later.id)))).toEqual([bytesToHex(later.id)]);
  expect(node.say('peer', 'block', later.bytes).map(({ command }) => command)).toEqual(['getblocks']);
  expect(node.passTo('peer', NOW + 719_999)).toEqual([]);
  expect(hashesOf('getdata', node.passTo('peer', NOW + 720_000))).toEqual([bytesToHex(early.id)]);
  node.say('peer', 'block', early.bytes);
  expect(node.chain.tip.height).toBe(2);
});

test('several are asked for one after the other, and the wait is for the first alone', () => {
  const early = [blockOn(genesis, { header: { time: NOW / 1000 + 7201 } })];
  while (early.length < 5) early.push(blockOn(early.at(-1)!, { header: { time: NOW / 1000 + 7202 + early.length } }));
  const later = early.pop()!;
  const node = new Bench(new Chain({ network: 'dev', powHash: noWork }), NOW);
  node.welcome('peer');
  for (const { bytes } of early) node.say('peer', 'block', bytes);
  node.passTo('peer', NOW + 600_000);
  node.say('peer', 'block', later.bytes);
  let asked = hashesOf('getdata', node.passTo('peer', NOW + 720_000));
  for (const { id, bytes } of early.reverse()) {
    expect(asked).toEqual([bytesToHex(id)]);
    asked = hashesOf('getdata', node.say('peer', 'block', bytes));
  }
  expect(node.chain.tip.height).toBe(5);
});

test('a peer that does tell of it is asked at once', () => {
  const [lost, orphan] = [blockOn(genesis), blockOn(blockOn(genesis))];
  const node = new Bench(new Chain({ network: 'dev', powHash: noWork }), NOW);
  node.welcome('peer');
  node.say('peer', 'block', orphan.bytes);
  const told = node.say('peer', 'inv', encodeInventory([{ type: 2, hash: lost.id }]));
  expect(hashesOf('getdata', told)).toEqual([bytesToHex(lost.id)]);
  node.say('peer', 'block', lost.bytes);
  expect(node.passTo('peer', NOW + 1_000_000)).toEqual([]);
});

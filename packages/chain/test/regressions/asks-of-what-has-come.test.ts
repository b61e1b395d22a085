import { bytesToHex } from '@noble/hashes/utils.js';
import { decodeInventory, encodeInventory } from '@rookery/wire';
import { expect, test } from 'vitest';
import { Chain } from '../../src/index.ts';
import { branchOn, genesis, NOW, noWork } from '../dev-chain.ts';
import { Bench } from '../peer-kit.ts';

/**
 * While one peer brings the chain, another one tells of the same blocks; what it is to be asked for later kept its place after the
 * blocks had come, until there was none left for a new block, which a peer tells of but once.
 */
test('a new block is asked for, however many were told of that have come from another peer', () => {
  const blocks = branchOn(genesis, 4);
  const inventory = (...at: number[]) => encodeInventory(at.map((index) => ({ type: 2, hash: blocks[index]!.id })));
  const node = new Bench(new Chain({ network: 'dev', powHash: noWork }), NOW, { limits: { asks: 3 } });
  node.welcome('first', { startHeight: 3 });
  node.welcome('second', { startHeight: 3 });
  node.say('first', 'inv', inventory(0, 1, 2));
  node.say('second', 'inv', inventory(0, 1, 2));
  for (const { bytes } of blocks.slice(0, 3)) node.say('first', 'block', bytes);
  expect(node.chain.tip.height).toBe(3);
  const asked = node.say('second', 'inv', inventory(3)).filter(({ command }) => command === 'getdata');
  expect(asked.flatMap(({ payload }) => decodeInventory(payload).value.map(({ hash }) => bytesToHex(hash)))).toEqual([
    bytesToHex(blocks[3]!.id),
  ]);
});

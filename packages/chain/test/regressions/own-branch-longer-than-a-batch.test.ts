import { bytesToHex } from '@noble/hashes/utils.js';
import { decodeInventory, decodeLocator, encodeInventory, encodeLocator, encodeMessage } from '@rookery/wire';
import { expect, test } from 'vitest';
import { Chain, type PeerLimits } from '../../src/index.ts';
import { branchOn, type DevBlock, genesis, NOW, noWork } from '../dev-chain.ts';
import { Bench } from '../peer-kit.ts';

/** Batches of two, where deployed nodes have five hundred. */
const limits: Partial<PeerLimits> = { blocksTold: 2 };
const own = branchOn(genesis, 5, 'own');
const better = branchOn(genesis, 9, 'better');

function nodeWith(blocks: readonly DevBlock[]): Bench {
  const chain = new Chain({ network: 'dev', powHash: noWork });
  for (const { bytes } of blocks) chain.addBlock(bytes, NOW, { trusted: true });
  return new Bench(chain, NOW, { limits, random: (length) => new Uint8Array(length).fill(blocks.length) });
}

/**
 * A node whose own branch is longer than a batch of the better one got the first batch, which did not change its tip; it then asked
 * from its tip again, and the peer, which tells of nothing twice, had nothing to say.
 */
test('the next batch is asked for from where the last one ended', () => {
  const node = nodeWith(own);
  const inventory = (...blocks: DevBlock[]) => encodeInventory(blocks.map(({ id }) => ({ type: 2, hash: id })));
  const [b1, b2] = better as [DevBlock, DevBlock];
  const tip = better.at(-1)!;
  node.welcome('peer', { startHeight: 9 });
  node.say('peer', 'inv', inventory(b1, b2));
  node.say('peer', 'block', b1.bytes);
  node.say('peer', 'block', b2.bytes);
  expect(node.chain.tip.height).toBe(5);
  node.say('peer', 'inv', inventory(tip));
  const [onwards] = node.say('peer', 'block', tip.bytes);
  expect(onwards?.command).toBe('getblocks');
  const { locator, stop } = decodeLocator(onwards!.payload).value;
  expect([locator[0], stop].map((hash) => bytesToHex(hash!))).toEqual([bytesToHex(b2.id), bytesToHex(tip.id)]);
});

test('a peer that asks from its own tip again is told where the batch ended, so that it can ask on from there', () => {
  const node = nodeWith(better);
  node.welcome('peer');
  const request = encodeLocator({ version: 70003, locator: [own.at(-1)!.id, genesis.id], stop: new Uint8Array(32) });
  const told = () =>
    node
      .say('peer', 'getblocks', request)
      .flatMap(({ payload }) => decodeInventory(payload).value.map(({ hash }) => bytesToHex(hash)));
  expect(told()).toEqual(better.slice(0, 2).map(({ id }) => bytesToHex(id)));
  expect(told()).toEqual([bytesToHex(better[1]!.id)]);
});

test('two nodes come to the same chain', () => {
  const behind = nodeWith(own);
  const ahead = nodeWith(better);
  const sides = [
    { node: behind, peer: 'ahead', pending: behind.connect('ahead', true) },
    { node: ahead, peer: 'behind', pending: ahead.connect('behind') },
  ] as const;
  for (let round = 0; round < 100; round += 1) {
    for (const [at, { node, peer }] of sides.entries()) {
      const from = sides[1 - at]!;
      for (const { command, payload } of from.pending.splice(0))
        sides[at]!.pending.push(...node.receive(peer, encodeMessage('dev', command, payload)));
    }
  }
  expect(bytesToHex(behind.chain.tip.id)).toBe(bytesToHex(better.at(-1)!.id));
});

import { encodeInventory } from '@rookery/wire';
import { expect, test, vi } from 'vitest';
import { Chain } from '../../src/index.ts';
import { branchOn, genesis, NOW, noWork } from '../dev-chain.ts';
import { Bench } from '../peer-kit.ts';

/** Each time that a list named a waiting block, everything below that block was walked through, up to 256 blocks for 36 bytes. */
test('a waiting block is looked into once a list, however often the list names it', () => {
  const node = new Bench(new Chain({ network: 'dev', powHash: noWork }), NOW);
  node.welcome('peer');
  const orphans = branchOn(genesis, 20).slice(1);
  for (const { bytes } of orphans) node.say('peer', 'block', bytes);
  const looked = vi.spyOn(node.chain, 'orphanRoot');
  const items = Array.from({ length: 1000 }, () => ({ type: 2, hash: orphans.at(-1)!.id }));
  node.say('peer', 'inv', encodeInventory(items));
  expect(looked.mock.calls.length).toBeLessThanOrEqual(2);
});

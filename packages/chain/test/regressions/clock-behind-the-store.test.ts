import { expect, test } from 'vitest';
import { Chain } from '../../src/index.ts';
import { branchOn, genesis, noWork } from '../dev-chain.ts';

/**
 * A node took in a block by its peers' clocks, or its own was set back: when it came back, with no peer yet, its store was refused
 * from that block on.
 */
test('blocks of the store are not measured by the clock again', () => {
  const blocks = branchOn(genesis, 3);
  const chain = new Chain({ network: 'dev', powHash: noWork });
  const now = (genesis.header.time - 10_000) * 1000;
  for (const { bytes } of blocks) chain.addBlock(bytes, now, { trusted: true });
  expect(chain.tip.height).toBe(3);
});

import { encodeTransaction } from '@rookery/wire';
import { expect, test } from 'vitest';
import { Chain } from '../../src/index.ts';
import { NOW, noWork, registration } from '../dev-chain.ts';
import { Bench, versionOf } from '../peer-kit.ts';

/** The rate of loose transactions was counted by the peers' clocks; when their median fell back by an hour, nothing was forgotten for that hour. */
test('the rate of transactions is counted by the own clock', () => {
  const limits = { poolRateBytes: 40 };
  const node = new Bench(new Chain({ network: 'dev', powHash: noWork, limits }), NOW);
  const offsets = [4000, 4000, 4000, 4000, 0, 0, 0, 0];
  const meet = (at: number) => {
    node.connect(`peer ${at}`);
    node.say(`peer ${at}`, 'version', versionOf({ time: BigInt(NOW / 1000 + offsets[at]!) }));
  };
  for (const at of [0, 1, 2, 3]) meet(at);
  expect(node.peers.adjustedTime(node.now)).toBe(NOW / 1000 + 4000);
  node.say('peer 0', 'tx', encodeTransaction(registration('ann', 1)));
  for (const at of [4, 5, 6, 7]) meet(at);
  expect(node.peers.adjustedTime(node.now)).toBe(NOW / 1000);
  node.passTo('peer 0', NOW + 1_200_000);
  node.say('peer 0', 'tx', encodeTransaction(registration('ben', 2)));
  expect(node.chain.pool().length).toBe(2);
});

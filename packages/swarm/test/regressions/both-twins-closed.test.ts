import { describe, expect, test } from 'vitest';
import { SWARM_LIMITS, type Swarm } from '../../src/index.ts';
import { NOW, USER, WORLD } from '../author.ts';
import { handshakeOf, idOf, newSwarm, others } from '../harness.ts';

const GREATER = idOf(9);
const SMALLER = idOf(1);

/** An engine with one open connection to a peer, `first`, when a second one in the other direction gets through. */
function withTwins(first: 'in' | 'out', own: Uint8Array, theirs: Uint8Array): Swarm {
  const swarm = newSwarm({ ...WORLD, peerId: own });
  for (const name of first === 'in' ? ['in', 'out'] : ['out', 'in']) {
    swarm.connect(name, { outgoing: name === 'out' }, NOW);
    expect(others(swarm.receive(name, handshakeOf(USER, theirs), NOW))).toEqual([]);
  }
  return swarm;
}

describe('two connections to one deployed node, one opened from each side', () => {
  // Which one it closes: with the smaller peer id the second; with the greater the one that it did not open; by addresses it may be either.
  test.each([
    ['in', GREATER, SMALLER, 'out'],
    ['out', GREATER, SMALLER, 'in'],
    ['in', SMALLER, GREATER, 'out'],
    ['out', SMALLER, GREATER, 'out'],
    ['in', SMALLER, GREATER, 'in'],
    ['out', GREATER, SMALLER, 'out'],
  ] as const)('%s comes first, it closes one of them: the other stays', (first, own, theirs, closed) => {
    const swarm = withTwins(first, own, theirs);
    expect(others(swarm.disconnect(closed, NOW + 100))).toEqual([]);
    expect(others(swarm.tick(NOW + SWARM_LIMITS.twinMs))).toEqual([]);
    expect(others(swarm.tick(NOW + 3 * SWARM_LIMITS.twinMs))).toEqual([]);
    expect(swarm.nextDeadline()).toBeGreaterThan(NOW + 3 * SWARM_LIMITS.twinMs);
  });

  test.each([
    [GREATER, SMALLER, 'in'],
    [SMALLER, GREATER, 'out'],
  ])('if it closes none, the one goes that the smaller peer id opened', (own, theirs, closed) => {
    for (const first of ['in', 'out'] as const) {
      const swarm = withTwins(first, own, theirs);
      expect(swarm.nextDeadline()).toBe(NOW + SWARM_LIMITS.twinMs);
      expect(others(swarm.tick(NOW + SWARM_LIMITS.twinMs - 1))).toEqual([]);
      expect(others(swarm.tick(NOW + SWARM_LIMITS.twinMs))).toEqual([
        { type: 'close', peer: closed, code: 'duplicate-peer' },
      ]);
      expect(swarm.nextDeadline()).toBeGreaterThan(NOW + SWARM_LIMITS.twinMs);
    }
  });

  test('there are never more than two', () => {
    const swarm = withTwins('in', GREATER, SMALLER);
    for (const outgoing of [true, false]) {
      swarm.connect('third', { outgoing }, NOW);
      expect(others(swarm.receive('third', handshakeOf(USER, SMALLER), NOW))).toEqual([
        { type: 'close', peer: 'third', code: 'duplicate-peer' },
      ]);
    }
  });
});

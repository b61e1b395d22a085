import type { PeerMessage } from '@rookery/wire';
import { expect, test } from 'vitest';
import { SWARM_LIMITS } from '../../src/index.ts';
import { NOW, post, USER, WORLD } from '../author.ts';
import { frames, handshakeOf, messagesTo, newSwarm } from '../harness.ts';

/**
 * The only peer of a swarm has pieces that it never answers for, as deployed nodes do whose stored post has become invalid (SWARM-8).
 * Which of the others arrive within so many requests that ran out of time?
 */
function fetched(
  dead: readonly number[],
  first: readonly number[],
  later: readonly number[],
  rounds: number,
): number[] {
  const swarm = newSwarm(WORLD);
  let now = NOW;
  const peer = 'peer';
  const answer = (messages: readonly PeerMessage[]): void => {
    for (const message of messages) {
      if (message.name !== 'request' || dead.includes(message.piece)) continue;
      const { piece } = message;
      answer(
        messagesTo(
          swarm.receive(peer, frames({ id: 7, name: 'piece', piece, begin: 0, data: post(piece) }), now),
          peer,
        ),
      );
    }
  };
  const say = (...messages: readonly PeerMessage[]): void => {
    answer(messagesTo(swarm.receive(peer, frames(...messages), now), peer));
  };
  const have = (piece: number): PeerMessage => ({ id: 4, name: 'have', piece });
  swarm.connect(peer, { outgoing: true }, now);
  swarm.receive(peer, handshakeOf(USER), now);
  say({ id: 1, name: 'unchoke' }, ...first.map(have));
  for (let round = 0; round < rounds; round += 1) {
    now += SWARM_LIMITS.requestMs;
    say({ id: null, name: 'keepalive' });
    answer(messagesTo(swarm.tick(now), peer));
    if (round === 1) say(...later.map(have));
  }
  return swarm.have();
}

test('a post that never comes does not keep back those that are announced later', () => {
  expect(fetched([3], [0, 1, 2, 3, 4], [5, 6], 4)).toEqual([0, 1, 2, 4, 5, 6]);
});

test('nor do several', () => {
  expect(fetched([0, 1, 2], [0, 1, 2], [9], 4)).toEqual([9]);
  expect(fetched([0, 1, 3], [0, 1, 2, 3], [9], 4)).toEqual([2, 9]);
});

test('what was not answered long ago comes before what was not answered just now', () => {
  const swarm = newSwarm(WORLD);
  swarm.connect('peer', { outgoing: true }, NOW);
  swarm.receive('peer', handshakeOf(USER), NOW);
  swarm.receive('peer', frames({ id: 4, name: 'have', piece: 1 }, { id: 4, name: 'have', piece: 2 }), NOW);
  swarm.receive('peer', frames({ id: 1, name: 'unchoke' }), NOW);
  const asked: number[] = [];
  for (let round = 1; round <= 5; round += 1) {
    const now = NOW + round * SWARM_LIMITS.requestMs;
    swarm.receive('peer', frames({ id: null, name: 'keepalive' }), now);
    asked.push(...messagesTo(swarm.tick(now), 'peer').flatMap((m) => (m.name === 'request' ? [m.piece] : [])));
  }
  expect(asked).toEqual([1, 2, 1, 2, 1]);
});

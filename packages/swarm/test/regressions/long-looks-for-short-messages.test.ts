import type { PeerMessage } from '@rookery/wire';
import { expect, test, vi } from 'vitest';
import { PieceSet } from '../../src/piece-set.ts';
import { NOW, post, REGISTERED, USER, WORLD } from '../author.ts';
import { frames, handshakeOf, idOf, newSwarm } from '../harness.ts';

const TIP = 100_001;
const CEILING = 2 * (TIP - REGISTERED) + 20;
const MESSAGES = 500;
const have = (piece: number): PeerMessage => ({ id: 4, name: 'have', piece });

/** How many numbers were looked at in search of pieces, while a peer repeated these messages. Another peer is asked for all that is missing. */
function lookedAt(missing: number, repeated: readonly PeerMessage[]): number {
  const pieces = {
    numbers: () => Array.from({ length: CEILING }, (_, k) => k).filter((k) => k !== missing),
    get: () => post(0),
    put: () => {},
  };
  const swarm = newSwarm({ ...WORLD, tip: TIP, pieces });
  for (const [at, name] of ['other', 'peer'].entries()) {
    swarm.connect(name, { outgoing: false }, NOW);
    swarm.receive(name, handshakeOf(USER, idOf(5 + at)), NOW);
  }
  swarm.receive('other', frames({ id: 1, name: 'unchoke' }, have(missing)), NOW);
  swarm.receive('peer', frames({ id: 1, name: 'unchoke' }, { id: 14, name: 'have_all' }), NOW);
  const next = PieceSet.prototype.next;
  let numbers = 0;
  const spy = vi.spyOn(PieceSet.prototype, 'next').mockImplementation(function (this: PieceSet, from, without) {
    const found = next.call(this, from, without);
    numbers += (found < 0 ? this.greatest(CEILING) + 1 : found + 1) - Math.min(from, this.greatest(CEILING) + 1);
    return found;
  });
  swarm.receive('peer', frames(...Array.from({ length: MESSAGES }, () => repeated).flat()), NOW);
  spy.mockRestore();
  return numbers;
}

test.each<[string, PeerMessage[]]>([
  ['have of a stored piece', [have(0)]],
  ['have_all', [{ id: 14, name: 'have_all' }]],
  [
    'have_none and have_all',
    [
      { id: 15, name: 'have_none' },
      { id: 14, name: 'have_all' },
    ],
  ],
  [
    'choke and unchoke',
    [
      { id: 0, name: 'choke' },
      { id: 1, name: 'unchoke' },
    ],
  ],
  ['answers that nobody asked for', [{ id: 7, name: 'piece', piece: 1, begin: 0, data: new Uint8Array(0) }]],
])('%s again and again: a few bytes make nobody look at all pieces', (_, repeated) => {
  for (const missing of [0, CEILING]) expect(lookedAt(missing, repeated)).toBeLessThan(2 * CEILING);
});

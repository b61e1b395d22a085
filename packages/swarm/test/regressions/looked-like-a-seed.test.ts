import { expect, test } from 'vitest';
import { memoryPieces, SWARM_LIMITS } from '../../src/index.ts';
import { NOW, post, REGISTERED, USER, WORLD } from '../author.ts';
import { handshakeOf, messagesTo, newSwarm } from '../harness.ts';

/** What a peer without pieces makes of the first messages: its count of pieces, and those that it was told of. */
function heard(pieces: readonly number[], tip: number): { readonly sizes: number[]; readonly told: Set<number>[] } {
  const swarm = newSwarm({ ...WORLD, tip, pieces: memoryPieces(pieces.map((k) => [k, post(k)])) });
  swarm.connect('peer', { outgoing: true }, NOW);
  const told = new Set<number>();
  const states: Set<number>[] = [];
  const sizes: number[] = [];
  let size = 1;
  for (const message of messagesTo(swarm.receive('peer', handshakeOf(USER), NOW), 'peer')) {
    if (message.name === 'bitfield') {
      size = Math.max(size, 8 * message.bitfield.length);
      message.bitfield.forEach((byte, at) => {
        for (let bit = 0; bit < 8; bit += 1) if ((byte & (0x80 >> bit)) !== 0) told.add(8 * at + bit);
      });
    } else if (message.name === 'have') {
      size = Math.max(size, message.piece + SWARM_LIMITS.extraPieces);
      told.add(message.piece);
    } else continue;
    sizes.push(size);
    states.push(new Set(told));
  }
  return { sizes, told: states };
}

test.each([
  ['one below the ceiling', 3, 23],
  ['at the ceiling', 3, 24],
])('all posts up to %s: a deployed node took the full bitfield for that of a seed', (_, blocks, highest) => {
  // Registered at height 1, so the ceiling at height 3 is 24; pieces 0 to 23 fill three bytes.
  expect(2 * (blocks - REGISTERED) + 20).toBe(24);
  const pieces = Array.from({ length: highest + 1 }, (_, k) => k);
  const { sizes, told } = heard(pieces, blocks);
  told.forEach((known, at) => {
    expect(known.size).toBeLessThan(sizes[at]!);
  });
  expect([...told.at(-1)!]).toEqual(pieces);
});

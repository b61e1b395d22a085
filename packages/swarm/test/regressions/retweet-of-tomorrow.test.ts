import { directoryOf, type Registration, type UserDirectory } from '@rookery/keys';
import { createFavourite, createPost, createRetweet, originalOf, signPost } from '@rookery/posts';
import { decodePost, type PeerMessage } from '@rookery/wire';
import { describe, expect, test } from 'vitest';
import type { Swarm, SwarmEffect } from '../../src/index.ts';
import { NOW, PUBLIC_KEY, REGISTERED, TIP, USER, WORLD } from '../author.ts';
import { backend, frames, handshakeOf, messagesTo, newSwarm, others } from '../harness.ts';

const SECRET = new Uint8Array(32).fill(7);
const OLD = new Uint8Array(32).fill(21);
const NEW = new Uint8Array(32).fill(22);
const keyOf = (secret: Uint8Array): Uint8Array => backend.derivePublicKey(secret, true);
const HAVE: PeerMessage = { id: 4, name: 'have', piece: 5 };

/** The users as a chain of this height knows them: bob's registrations above it are not in it. */
function usersAt(tip: number, bob: readonly Registration[]): UserDirectory {
  const keys = bob.filter(({ height }) => height <= tip);
  return directoryOf([
    { name: USER, keys: [{ height: REGISTERED, publicKey: PUBLIC_KEY }] },
    ...(keys.length > 0 ? [{ name: 'bob', keys }] : []),
  ]);
}

/** Post 5 of the user, who has the chain up to `height` + 1, around post `k` of bob. */
function around(
  kind: 'rt' | 'fav',
  secret: Uint8Array,
  height: number,
  bobs: { k: number; height: number },
): Uint8Array {
  const time = 1_699_000_000;
  const original = originalOf(
    decodePost(signPost(createPost({ user: 'bob', time, ...bobs }, 'first'), secret, { backend })),
  );
  const header = { user: USER, k: 5, height, time };
  return signPost(kind === 'rt' ? createRetweet(header, original) : createFavourite(header, original), SECRET, {
    backend,
  });
}

/** An engine at a tip, with a peer that has post 5; `move` brings the next block. */
function follower(bob: readonly Registration[]): { swarm: Swarm; move: (tip: number) => readonly SwarmEffect[] } {
  let users = usersAt(TIP, bob);
  const swarm = newSwarm({
    ...WORLD,
    users: {
      registeredAt: (name) => users.registeredAt(name),
      firstRegisteredAt: (name) => users.firstRegisteredAt(name),
      keyAt: (name, height) => users.keyAt(name, height),
    },
  });
  swarm.connect('peer', { outgoing: true }, NOW);
  swarm.receive('peer', handshakeOf(USER), NOW);
  swarm.receive('peer', frames({ id: 1, name: 'unchoke' }, HAVE), NOW);
  const move = (tip: number): readonly SwarmEffect[] => {
    users = usersAt(tip, bob);
    return swarm.setTip(tip, NOW);
  };
  return { swarm, move };
}

const send = (swarm: Swarm, data: Uint8Array): readonly SwarmEffect[] =>
  swarm.receive('peer', frames({ id: 7, name: 'piece', piece: 5, begin: 0, data }), NOW);
const asked = (effects: readonly SwarmEffect[]): number[] =>
  messagesTo(effects, 'peer').flatMap((message) => (message.name === 'request' ? [message.piece] : []));

const known = { height: REGISTERED, publicKey: keyOf(OLD) };
const replaced = { height: TIP + 1, publicKey: keyOf(NEW) };

describe.each(['rt', 'fav'] as const)('%s of a post of which the own chain does not know enough yet', (kind) => {
  test.each([
    ['a user of the next block', [replaced], NEW, { k: 0, height: TIP + 1 }, 'bad-embedded-post'],
    ['a height above the next block', [known], OLD, { k: 0, height: TIP + 2 }, 'bad-embedded-post'],
    ['the last number of the next block', [known], OLD, { k: 2 * TIP + 20, height: TIP }, 'bad-embedded-post'],
    ['a key of the next block', [known, replaced], NEW, { k: 0, height: TIP + 1 }, ''],
  ] as const)('%s: asked for again after the block', (_, bob, secret, bobs, code) => {
    const { swarm, move } = follower(bob);
    const bytes = around(kind, secret, TIP + 1, bobs);
    const name = kind === 'rt' ? 'bad-retweet-signature' : 'bad-favourite-signature';
    expect(others(send(swarm, bytes))).toEqual([{ type: 'refused', peer: 'peer', k: 5, code: code || name }]);
    expect(asked(move(TIP + 1))).toEqual([5]);
    expect(others(send(swarm, bytes))).toMatchObject([{ type: 'piece', k: 5 }]);
  });

  test('one that no block can make good is not asked for again', () => {
    const { swarm, move } = follower([known]);
    // The sender knew no more of the chain than this node does.
    const bytes = around(kind, NEW, TIP - 1, { k: 0, height: TIP - 1 });
    expect(others(send(swarm, bytes))).toMatchObject([{ type: 'refused', k: 5 }]);
    expect(asked(move(TIP + 1))).toEqual([]);
    expect(asked(move(TIP + 2))).toEqual([]);
  });
});
